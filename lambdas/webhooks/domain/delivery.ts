// Deliveries: their stored form, and the pure decisions about when one is attempted, what becomes of it after an attempt, and
// which one waits for which. A retry is a field of a row and nothing else.

import * as v from 'valibot';
import type { Mode } from '../../../contract/kernel/roles.ts';
import type { EventType } from '../../../contract/kernel/vocabulary.ts';
import { DeliveryAttempt, Delivery as PublicDelivery } from '../../../contract/webhooks/delivery.ts';
import { webhookLimits as limits } from '../../../contract/webhooks/limits.ts';
import type { Change } from '../../kernel/domain/decision.ts';
import { SealedText } from '../../kernel/domain/sealed_text.ts';
import { timestamp } from '../../kernel/platform/clock.ts';

/** What a receiver answered may name people, so it lies sealed. */
const Attempt = v.object({
  ...DeliveryAttempt.entries,
  response: v.nullable(SealedText),
});

export const Delivery = v.object({
  ...PublicDelivery.entries,
  attempts: v.array(Attempt),
  tenant: v.string(),
  /** The delivery that waits for this one to end. */
  successor: v.nullable(v.string()),
  /** Whoever attempts it holds it until then (ms since the epoch); null: nobody does. */
  lease_until_ms: v.nullable(v.number()),
  /** How often it was retried by hand. */
  manual_retries: v.number(),
  /** Seconds since the epoch, for the table's time to live. */
  expires_at_s: v.number(),
});
export type Delivery = v.InferOutput<typeof Delivery>;

export interface Addressed {
  readonly id: string;
  readonly tenant: string;
  readonly mode: Mode;
  readonly endpoint: string;
  readonly replay: string | null;
}

interface Delivered {
  readonly id: string;
  readonly type: EventType;
  readonly aggregate_id: string;
  readonly sequence: number;
}

/** Due at once. */
export const newDelivery = (to: Addressed, event: Delivered, nowMs: number): Delivery => ({
  id: to.id,
  object: 'delivery',
  tenant: to.tenant,
  mode: to.mode,
  webhook_endpoint: to.endpoint,
  event: event.id,
  event_type: event.type,
  aggregate_id: event.aggregate_id,
  event_sequence: event.sequence,
  status: 'pending',
  attempts: [],
  due_at: timestamp(nowMs),
  blocked_by: null,
  replay: to.replay,
  created_at: timestamp(nowMs),
  successor: null,
  lease_until_ms: null,
  manual_retries: 0,
  expires_at_s: Math.floor(nowMs / 1000) + limits.deliveryRetentionDays * 86_400,
});

/** Nothing more is attempted by itself, and nothing waits for it. */
export const isOver = ({ status }: Pick<Delivery, 'status'>): boolean =>
  ['succeeded', 'failed', 'skipped', 'canceled'].includes(status);

const atRest = { due_at: null, blocked_by: null, lease_until_ms: null } as const;

export const postpone = (delivery: Delivery, untilMs: number): Delivery => ({
  ...delivery,
  ...atRest,
  status: 'pending',
  due_at: timestamp(untilMs),
});

/** Blocks `delivery` behind `before`, in front of whatever waited there. */
export function block(delivery: Delivery, before: Delivery): { delivery: Delivery; before: Delivery } {
  // Whoever waits behind ours already goes on doing so.
  const others = before.successor !== null && before.successor !== delivery.id;
  const waiting = others ? before.successor : delivery.successor;
  return {
    delivery: { ...delivery, ...atRest, status: 'blocked', blocked_by: before.id, successor: waiting },
    before: { ...before, successor: delivery.id },
  };
}

export const park = (delivery: Delivery): Delivery => ({ ...delivery, ...atRest, status: 'parked' });
export const cancel = (delivery: Delivery): Delivery => ({ ...delivery, ...atRest, status: 'canceled' });

/** Whether an attempt of it is on its way. */
export const isHeld = ({ lease_until_ms }: Delivery, nowMs: number): boolean =>
  lease_until_ms !== null && lease_until_ms > nowMs;

/** Null: somebody else attempts it. After a crash it is due again when the lease ends. */
export function claim(delivery: Delivery, nowMs: number): Delivery | null {
  if (isHeld(delivery, nowMs)) return null;
  const lease_until_ms = nowMs + limits.leaseMs;
  return { ...delivery, ...atRest, status: 'pending', lease_until_ms, due_at: timestamp(lease_until_ms) };
}

/** The outcome of an attempt, and how long the receiver asks us to wait. */
export interface Result extends Omit<v.InferOutput<typeof DeliveryAttempt>, 'number'> {
  readonly retryAfterMs: number | null;
}

/** As it is recorded. */
export type SealedResult = Omit<Result, 'response'> & Pick<v.InferOutput<typeof Attempt>, 'response'>;

/**
 * The delivery after an attempt. `jitter` is from 0 to 1. The schedule counts from the first attempt; a receiver may ask
 * for more time, never for less.
 */
export function afterAttempt(
  delivery: Delivery,
  result: SealedResult,
  nowMs: number,
  jitter: number,
): Change<Delivery> {
  const { retryAfterMs, ...attempt } = result;
  const attempts = [...delivery.attempts, { ...attempt, number: delivery.attempts.length + 1 }];
  const next = { ...delivery, ...atRest, attempts };
  if (result.outcome === 'succeeded') return { fact: null, next: { ...next, status: 'succeeded' } };
  const offsetMs = limits.retryOffsetsMs[attempts.length - 1];
  if (offsetMs === undefined) return { fact: 'delivery.failed', next: { ...next, status: 'failed' } };
  const firstMs = Date.parse(attempts[0]?.at ?? attempt.at);
  const scheduledMs = firstMs + offsetMs * (1 + limits.retryJitterShare * jitter);
  const askedMs = nowMs + Math.min(retryAfterMs ?? 0, limits.retryAfterMaxMs);
  // Attempts that somebody asked for may lie behind the schedule: the next one is never at once.
  const dueMs = Math.max(scheduledMs, askedMs, nowMs + (limits.retryOffsetsMs[0] ?? 0));
  return { fact: null, next: postpone(next, Math.ceil(dueMs)) };
}

/** Due at once, whatever became of it. Null: an attempt is on its way, and another beside it would be recorded nowhere. */
export function retry(
  delivery: Delivery,
  nowMs: number,
): Change<Delivery> | { readonly refused: 'delivery_blocked' | 'too_many_retries' } | null {
  const { manual_retries, status } = delivery;
  if (status === 'blocked') return { refused: 'delivery_blocked' };
  if (isHeld(delivery, nowMs)) return null;
  if (manual_retries >= limits.manualRetries) return { refused: 'too_many_retries' };
  return { fact: 'delivery.retried', next: { ...postpone(delivery, nowMs), manual_retries: manual_retries + 1 } };
}

/** Null: it has ended already. */
export const skip = (delivery: Delivery): Change<Delivery> | null =>
  isOver(delivery) ? null : { fact: 'delivery.skipped', next: { ...delivery, ...atRest, status: 'skipped' } };
