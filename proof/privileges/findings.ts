// What the check says of a role: each of its grants with what used it, and what is wrong.

import type { Asked } from './decide.ts';
import type { Statement } from './place.ts';

export type FindingKind =
  /** Asked for, and not allowed. */
  | 'denied'
  /** Granted, and not needed by anything that was asked for. */
  | 'unused'
  /** Granted on everything of a service for AWS's own use, and the function's code is not kept from it. */
  | 'open'
  /** A wildcard that is nowhere explained. */
  | 'wildcard'
  /** The places differ in more than names. */
  | 'differs'
  /** The two that decide disagree. */
  | 'disputed'
  | 'stray';

export interface Finding {
  readonly kind: FindingKind;
  readonly role: string;
  readonly text: string;
}

export interface GrantReport {
  readonly action: string;
  /** Names of the place taken out, as in everything below. */
  readonly resource: string;
  readonly condition: Statement['Condition'];
  readonly usedBy: readonly Asked['by'][];
  /** Who said that what used it is allowed. */
  readonly decidedBy: readonly string[];
  /** Why the resource holds a wildcard. */
  readonly wildcard?: string;
}

export interface RoleReport {
  readonly role: string;
  readonly grants: readonly GrantReport[];
  /** Actions that its code was seen to be refused, though AWS may do them in its role's name. */
  readonly refuses: readonly string[];
  /** Different accesses that were asked for, and how many of them are not allowed. */
  readonly asked: number;
  readonly denied: number;
}
