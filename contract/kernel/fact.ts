// The fact that a commit records. Everything that must follow from a change (audit entry, event, webhook) is derived from it.

import type { ActorKind, Mode } from './roles.ts';
import type { AggregateType, EventType } from './vocabulary.ts';

export const eventSchemaVersion = 1;

/** Who did it: `on_behalf_of` names the principal of a delegated act. */
export interface Actor {
  readonly kind: ActorKind;
  readonly id: string;
}

/**
 * Carried by exactly one item of each commit. The relay derives the audit entry, the event and the webhooks from it;
 * nothing else may. `sequence` is gap-free per aggregate and rises with facts only.
 */
export interface Fact {
  /** Time-ordered and derived from (aggregate_id, sequence, at): a repeated relay collides instead of doubling. */
  readonly id: string;
  readonly type: EventType;
  readonly aggregate_type: AggregateType;
  readonly aggregate_id: string;
  readonly sequence: number;
  /** Id of the aggregate's fact before this one; null for its first. */
  readonly previous: string | null;
  readonly tenant: string;
  readonly mode: Mode;
  readonly actor: Actor;
  readonly on_behalf_of: Actor | null;
  readonly request_id: string;
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string;
  /** The caller's source address, sealed; null for acts of the system. */
  readonly address: Uint8Array | null;
}
