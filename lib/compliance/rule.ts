// What a rule of our own pack is: one sentence about a kind of resource, the promises that it keeps, and what breaks it.
// A rule reads templates as they will be deployed, never constructs, so that no escape hatch can hide anything from it.

import type { ZoneDeployment } from '../derive/names.ts';
import type { Json, Resource, ZoneTemplates } from '../evidence/reading.ts';

export interface Surroundings extends ZoneTemplates {
  readonly place: ZoneDeployment;
  readonly locked: boolean;
}

export interface Rule {
  readonly id: `Strongroom-${string}`;
  readonly types: readonly string[];
  /** Ids of the promises that it keeps. */
  readonly keeps: readonly string[];
  readonly states: string;
  /** What is wrong with the resource, each in a few words; nothing, when the rule is kept. */
  readonly breaks: (resource: Resource, zone: Surroundings) => readonly string[];
}

/** `wrong` when `kept` is anything but true: what is absent was never kept. */
export const unless = (kept: unknown, wrong: string): readonly string[] => (kept === true ? [] : [wrong]);

export const listed = (value: Json): Json[] => (value === undefined || value === null ? [] : [value].flat());

export const ofType = (zone: ZoneTemplates, type: string): Resource[] =>
  zone.resources.filter((resource) => resource.type === type);

/** What a text such as `api/money-role.Arn` refers to. */
export const referredTo = (zone: ZoneTemplates, text: Json): Resource | undefined =>
  typeof text === 'string'
    ? zone.resources
        .filter(({ name }) => text === name || text.startsWith(`${name}.`))
        // Names may hold dots themselves.
        .sort((a, b) => b.name.length - a.name.length)[0]
    : undefined;

/** How templates refer to one of the zone's keys (lib/stacks/keys.ts). */
export const keyArn = (key: string): string => `keys/key-${key}.Arn`;

export type { Json, Resource };
