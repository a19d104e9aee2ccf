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

const factsOf = (zone: ZoneTemplates): string[] =>
  [...new Set([...routeFacts(zone), ...privilegeFacts(zone), ...guardFacts(zone), ...settingFacts(zone)])].sort();

export const surfaceOf = (zone: ZoneTemplates): string => `${[...head(zone.id), ...factsOf(zone)].join('\n')}\n`;

/**
 * What both regions of a zone have, said alike of both, so that what differs besides remains: their names, the streams of replicas,
 * and the secrets that one of them has as copies.
 */
export const regionless = (text: string, { region, otherRegion }: ZoneTemplates): string =>
  text
    .replaceAll(region, '<region>')
    .replaceAll(otherRegion?.region ?? region, '<other region>')
    .replaceAll('<other region>|<region>', '<region>|<other region>')
    .replaceAll(/data\/stream-(\w+)\.StreamArn/g, 'data/$1.StreamArn')
    .replaceAll(
      /arn:aws:secretsmanager:<region>:<account>:secret:<part 6 of <other region>\/(secrets\/secret-\w+)>/g,
      '$1',
    );

/** What the zone's second region exposes and allows otherwise than its home: the same rows make both. */
export const secondSurfaceOf = (home: ZoneTemplates, second: ZoneTemplates): string => {
  const [there, here] = [home, second].map((zone) => factsOf(zone).map((fact) => regionless(fact, zone))) as [
    string[],
    string[],
  ];
  return `${[
    '',
    `# What ${second.id} has otherwise, each region named as its own: + is there alone, - is in ${home.id} alone.`,
    ...there.filter((fact) => !here.includes(fact)).map((fact) => `- ${fact}`),
    ...here.filter((fact) => !there.includes(fact)).map((fact) => `+ ${fact}`),
  ].join('\n')}\n`;
};
