// docs/generated/alarms.md: every alarm with its condition and its impact on users. An alarm's name is that of its runbook.

import { functions } from '../contract/capabilities.ts';
import { zoneNames } from '../contract/kernel/zones.ts';
import type { Alarm } from '../lib/derive/alarm.ts';
import { alarmsOf } from '../lib/derive/alarms.ts';
import { homeOf } from '../lib/derive/names.ts';
import { profiles } from '../lib/derive/profile.ts';
import { referenceConfig } from '../lib/reference_config.ts';
import { code, heading, table } from './markdown.ts';

/** All zones of production have the same alarms, on resources of their own names: the page shows those of one. */
const alarmsOfOneZone = (): Alarm[] => {
  const [stage = '', stageConfig] = Object.entries(referenceConfig.stages)[0] ?? [];
  const zone = zoneNames.find((name) => stageConfig?.zones[name] !== undefined);
  if (stageConfig === undefined || zone === undefined) throw new Error('the configuration has no stage');
  // Event source mappings get their ids in the templates; a function without a mapping would have no alarm.
  const streaming = Object.entries(functions).filter(([, { trigger }]) => trigger.kind === 'streams');
  const mappings = Object.fromEntries(streaming.map(([name]) => [name, ['mapping']]));
  return alarmsOf({ deployment: homeOf(stage, stageConfig, zone), mappings });
};

const { alarms } = profiles.sandbox;
const isInSandbox = (name: string): boolean => alarms === 'all' || alarms.includes(name);

export const alarmsPage = (): string =>
  [
    heading('Alarms', 'lib/derive/alarms.ts'),
    'Each alarm has a runbook of the same name: `docs/runbooks/<name>.md`.\n',
    table(
      ['alarm', 'condition', 'impact on users', 'in a sandbox'],
      alarmsOfOneZone().map(({ name, when, impact }) => [code(name), when, impact, isInSandbox(name) ? 'yes' : 'no']),
    ),
    '',
  ].join('\n');
