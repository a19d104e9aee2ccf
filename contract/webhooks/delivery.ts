// Deliveries: one event on its way to one endpoint, with every attempt.

import * as v from 'valibot';
import { Id, Mode, RequestedTime, Timestamp } from '../kernel/fields.ts';
import { type EventType, events } from '../kernel/vocabulary.ts';

export const deliveryStatuses = [
  /** Attempted when `due_at` comes. */
  'pending',
  /** An earlier delivery of the same object comes first. */
  'blocked',
  /** The endpoint is disabled, or has not answered for a while; goes on when it is enabled, or answers. */
  'parked',
  'succeeded',
  /** Every attempt failed. */
  'failed',
  /** Somebody decided that it is not sent. */
  'skipped',
  /** The endpoint was deleted. */
  'canceled',
] as const;

/** `status` and `response` are null where no answer came; `reason` says why an attempt is not a success. */
export const DeliveryAttempt = v.object({
  number: v.number(),
  at: Timestamp,
  outcome: v.picklist(['succeeded', 'rejected', 'unanswered', 'refused']),
  status: v.nullable(v.number()),
  latency_ms: v.number(),
  response: v.nullable(v.string()),
  reason: v.nullable(v.string()),
});

export const Delivery = v.object({
  id: Id('delivery'),
  object: v.literal('delivery'),
  mode: Mode,
  webhook_endpoint: Id('webhook_endpoint'),
  event: Id('event'),
  event_type: v.picklist(Object.keys(events) as EventType[]),
  aggregate_id: v.string(),
  /** The event's own `sequence`: deliveries about one object go out in this order. */
  event_sequence: v.number(),
  status: v.picklist(deliveryStatuses),
  attempts: v.array(DeliveryAttempt),
  due_at: v.nullable(Timestamp),
  blocked_by: v.nullable(Id('delivery')),
  replay: v.nullable(Id('replay')),
  created_at: Timestamp,
});

export const replayStatuses = ['running', 'completed'] as const;

export const RetryDelivery = v.strictObject({});
export const SkipDelivery = v.strictObject({});

/**
 * Events that occurred in the window are delivered again, the oldest first. `from` is inclusive, `to` is not; absent: until
 * now.
 */
export const ReplayEvents = v.strictObject({ from: RequestedTime, to: v.optional(RequestedTime) });

export const Replay = v.object({
  id: Id('replay'),
  object: v.literal('replay'),
  mode: Mode,
  webhook_endpoint: Id('webhook_endpoint'),
  from: Timestamp,
  to: Timestamp,
  status: v.picklist(replayStatuses),
  /** How many events were put on their way so far. */
  events: v.number(),
  /** Where a further replay goes on: this one ended at the bound of a replay. */
  continues_from: v.nullable(Timestamp),
  created_at: Timestamp,
});
