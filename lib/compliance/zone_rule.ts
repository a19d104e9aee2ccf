// What a rule about a whole zone is: it reads all templates of one of the zone's regions together, because what it forbids may stand
// anywhere, or be missing.

import type { PromiseId } from './promises.ts';
import type { RuleContext } from './rule.ts';

export interface Fault {
  /** Path of the construct in the app, or of its stack. */
  readonly path: string;
  readonly templateFile: string;
  readonly logicalId?: string;
  readonly wrong: string;
}

export interface ZoneRule {
  readonly id: `Strongroom-${string}`;
  readonly promises: readonly PromiseId[];
  readonly statement: string;
  readonly check: (zone: RuleContext) => readonly Fault[];
}
