// The zone that a person named by options: of a stage in AWS, checked against strongroom.config.ts, or of the local cloud.

import { type ZoneName, zones } from '../contract/kernel/zones.ts';
import { homeOf, type ZoneDeployment } from '../lib/derive/names.ts';
import config from '../strongroom.config.ts';
import { Usage } from './command_line.ts';

const isZone = (name: string): name is ZoneName => Object.hasOwn(zones, name);

export function zoneDeploymentOf(stage: string, zone: string): ZoneDeployment {
  const stageConfig = Object.hasOwn(config.stages, stage) ? config.stages[stage] : undefined;
  if (stageConfig === undefined) throw new Usage(`strongroom.config.ts has no stage ${stage}.`);
  if (!isZone(zone) || stageConfig.zones[zone] === undefined) {
    throw new Usage(`Stage ${stage} has no zone ${zone}, but ${Object.keys(stageConfig.zones).join(', ')}.`);
  }
  return homeOf(stage, stageConfig, zone);
}

/** The options that say where a zone runs. */
export interface ZoneArguments {
  readonly stage?: string | undefined;
  readonly zone?: string | undefined;
  /** The local cloud's state folder. */
  readonly state?: string | undefined;
}

export type ZoneTarget =
  | { readonly runs: 'in AWS'; readonly deployment: ZoneDeployment }
  | { readonly runs: 'in the local cloud'; readonly zone: ZoneName };

/** `command`: whose --help explains the options. */
export function zoneTargetOf({ stage, zone, state }: ZoneArguments, command: string): ZoneTarget {
  if (stage === undefined) {
    const local = zone ?? 'us';
    if (!isZone(local)) throw new Usage(`There is no zone ${local}, but ${Object.keys(zones).join(', ')}.`);
    return { runs: 'in the local cloud', zone: local };
  }
  if (state !== undefined) throw new Usage('--stage names a zone in AWS, --state a local cloud: give one of them.');
  if (zone === undefined) throw new Usage(`--zone is missing. See ${command} --help.`);
  return { runs: 'in AWS', deployment: zoneDeploymentOf(stage, zone) };
}
