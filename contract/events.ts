// The facts that commits record and the events that merchants receive: one list, because an event is a committed fact.

import type { ActorKind, Mode } from './kernel/roles.ts';

/** Event type -> kind of the aggregate that it belongs to (whose `sequence` it carries). */
export const events = {
  'tenant.created': 'tenant',
  'tenant.updated': 'tenant',
  'operator.created': 'operator',
  'operator.revoked': 'operator',
  'certificate.issued': 'certificate',
  'key.created': 'key',
  'key.rotated': 'key',
  'key.revoked': 'key',
  'webhook_endpoint.created': 'webhook_endpoint',
  'webhook_endpoint.updated': 'webhook_endpoint',
  'webhook_endpoint.deleted': 'webhook_endpoint',
  'webhook_endpoint.secret_rotated': 'webhook_endpoint',
  'webhook_endpoint.tested': 'webhook_endpoint',
  'webhook_endpoint.replayed': 'webhook_endpoint',
  'webhook_endpoint.failing': 'webhook_endpoint',
  'webhook_endpoint.disabled': 'webhook_endpoint',
  'delivery.retried': 'delivery',
  'delivery.skipped': 'delivery',
  'delivery.failed': 'delivery',
  'connection.created': 'connection',
  'connection.deleted': 'connection',
  'customer.created': 'customer',
  'customer.updated': 'customer',
  'customer.deleted': 'customer',
  'payment_method.saved': 'customer',
  'payment_method.removed': 'customer',
  'payment.created': 'payment',
  'payment.requires_action': 'payment',
  'payment.requires_approval': 'payment',
  'payment.pending': 'payment',
  'payment.authorized': 'payment',
  'payment.captured': 'payment',
  'payment.failed': 'payment',
  'payment.released': 'payment',
  'payment.disputed': 'payment',
  'payment.dispute_closed': 'payment',
  'capture.created': 'payment',
  'capture.succeeded': 'payment',
  'capture.failed': 'payment',
  'refund.created': 'payment',
  'refund.succeeded': 'payment',
  'refund.failed': 'payment',
  'void.created': 'payment',
  'void.succeeded': 'payment',
  'void.failed': 'payment',
} as const;

export type EventType = keyof typeof events;
export type AggregateType = (typeof events)[EventType];

/** Aggregates of the platform itself: their facts are audited and go to the bus, and are no merchant's event. */
export const platformAggregates = ['operator', 'certificate'] as const satisfies readonly AggregateType[];

export const isPlatforms = (aggregate: string): aggregate is (typeof platformAggregates)[number] =>
  platformAggregates.some((each) => each === aggregate);

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
