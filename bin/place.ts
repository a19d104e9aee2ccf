// A zone of a stage as somebody typed it, held against strongroom.config.ts.

import { type ZoneName, zones } from '../contract/zones.ts';
import { homeOf, type Place } from '../lib/derive/names.ts';
import config from '../strongroom.config.ts';
import { Usage } from './command_line.ts';

const isZone = (name: string): name is ZoneName => Object.hasOwn(zones, name);

export function placeOf(stage: string, zone: string): Place {
  const stageConfig = Object.hasOwn(config.stages, stage) ? config.stages[stage] : undefined;
  if (stageConfig === undefined) throw new Usage(`strongroom.config.ts has no stage ${stage}.`);
  if (!isZone(zone) || stageConfig.zones[zone] === undefined) {
    throw new Usage(`Stage ${stage} has no zone ${zone}, but ${Object.keys(stageConfig.zones).join(', ')}.`);
  }
  return homeOf(stage, stageConfig, zone);
}
