// What a rule of our own pack is: one sentence about a kind of resource, the promises that it keeps, and a check. A rule
// reads templates as they will be deployed, never constructs, so that no escape hatch can hide anything from it.

import type { ZoneDeployment } from '../derive/names.ts';
import { holds } from '../derive/profile.ts';
import { ofOtherRegion } from '../evidence/plain.ts';
import { type Json, listed, ofType, type Resource, type ZoneTemplates } from '../evidence/template.ts';
import type { PromiseId } from './promises.ts';

export interface RuleContext extends ZoneTemplates {
  readonly deployment: ZoneDeployment;
  readonly locked: boolean;
  /** Whom alarms reach. */
  readonly mailbox: string;
}

export interface Rule {
  readonly id: `Strongroom-${string}`;
  readonly types: readonly string[];
  /** Ids of the promises that it keeps. */
  readonly promises: readonly PromiseId[];
  readonly statement: string;
  /** What is wrong with the resource, each in a few words; nothing when it keeps the rule. */
  readonly check: (resource: Resource, zone: RuleContext) => readonly string[];
}

/** Whether the profile of the zone's stage holds the promise: where it gives it up, a rule asks for what remains. */
export const isPromised = ({ deployment }: RuleContext, promise: PromiseId): boolean =>
  holds(deployment.stageConfig.profile, promise);

/** The fault, when `holds` is anything but true: an absent value proves nothing. */
export const unless = (holds: unknown, fault: string): readonly string[] => (holds === true ? [] : [fault]);

/** What a text such as `api/money-role.Arn` refers to. */
export const referredTo = (zone: ZoneTemplates, text: Json): Resource | undefined =>
  typeof text === 'string'
    ? zone.resources
        .filter(({ name }) => text === name || text.startsWith(`${name}.`))
        // Names may hold dots themselves.
        .sort((a, b) => b.name.length - a.name.length)[0]
    : undefined;

/** How templates refer to one of the zone's keys (lib/stacks/keys.ts), as their own region has it. */
export const keyArn = (key: string): string => `keys/key-${key}.Arn`;

/** The same key as the given region of the zone has it. */
export const keyArnIn = (region: string, key: string, zone: ZoneTemplates): string =>
  region === zone.region ? keyArn(key) : ofOtherRegion(region, keyArn(key));

export { type Json, listed, ofType, type Resource };
