// What a zone exposes and allows, taken from its templates, one fact per line, sorted: a reviewer reads the difference.
// It holds no account, no hash and no order that a change elsewhere could move.

import { privilegeFacts } from './surface_functions.ts';
import { guardFacts } from './surface_guards.ts';
import { routeFacts } from './surface_routes.ts';
import { settingFacts } from './surface_settings.ts';
import type { ZoneTemplates } from './template.ts';

const head = (id: string): string[] => [
  `# What ${id} exposes and allows: one fact per line, extracted from the synthesized templates by generate/surface.ts.`,
  '# Scopes alone come from the operations of the contract: the gateway has none, the pipeline checks them.',
];

export const surfaceOf = (zone: ZoneTemplates): string => {
  const facts = [...routeFacts(zone), ...privilegeFacts(zone), ...guardFacts(zone), ...settingFacts(zone)];
  return `${[...head(zone.id), ...[...new Set(facts)].sort()].join('\n')}\n`;
};
