// docs/generated/alarms.md: what pages somebody, with what users notice then. An alarm's name is that of its runbook.

import { functions } from '../contract/capabilities.ts';
import { zoneNames } from '../contract/kernel/zones.ts';
import type { Alarm } from '../lib/derive/alarm.ts';
import { alarmsOf } from '../lib/derive/alarms.ts';
import { homeOf } from '../lib/derive/names.ts';
import config from '../strongroom.config.ts';
import { code, heading, table } from './markdown.ts';

/** The alarms of every zone of every stage are the same but for the names of what they watch: one is shown. */
const anyAlarms = (): Alarm[] => {
  const [stage = '', stageConfig] = Object.entries(config.stages)[0] ?? [];
  const zone = zoneNames.find((name) => stageConfig?.zones[name] !== undefined);
  if (stageConfig === undefined || zone === undefined) throw new Error('strongroom.config.ts has no stage');
  // Mappings have ids in the templates only; a function without any would have no alarm.
  const streaming = Object.entries(functions).filter(([, { trigger }]) => trigger.kind === 'streams');
  const mappings = Object.fromEntries(streaming.map(([name]) => [name, ['mapping']]));
  return alarmsOf({ deployment: homeOf(stage, stageConfig, zone), mappings });
};

export const alarmsPage = (): string =>
  [
    heading('Alarms', 'lib/derive/alarms.ts'),
    'Each has a runbook of the same name, `docs/runbooks/<name>.md`.\n',
    table(
      ['alarm', 'goes off with', 'what users notice'],
      anyAlarms().map(({ name, when, impact }) => [code(name), when, impact]),
    ),
    '',
  ].join('\n');
