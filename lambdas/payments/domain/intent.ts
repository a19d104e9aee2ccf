// An intent is what an object wants from a processor: which attempt it is, who works on it, when to recheck it.
// The rules here are why a crash, a repeat or a race cannot charge twice (docs/decisions/0003).

import * as v from 'valibot';
import { moneyLimits as limits } from '../../../contract/payments/limits.ts';

export const Intent = v.object({
  /** Rises only after a known "not charged": the provider's key is `<object id>.<attempt>`. */
  attempt: v.number(),
  /** When this attempt's key may first have reached the provider (ms since the epoch). */
  attempt_started_at_ms: v.number(),
  /** Its holder may work on it until then (ms since the epoch). Null: nobody holds it. */
  lease_until_ms: v.nullable(v.number()),
  /** When the reconciler must recheck it (ms since the epoch). Null: never, it is settled. */
  due_at_ms: v.nullable(v.number()),
  /** How often its outcome stayed open; spaces out the next rechecks. */
  recheck_count: v.number(),
  /** Whether somebody may have sent this attempt before whoever holds it now. */
  resumed: v.boolean(),
});

export type Intent = v.InferOutput<typeof Intent>;

export const openIntent = (nowMs: number): Intent => ({
  attempt: 1,
  attempt_started_at_ms: nowMs,
  lease_until_ms: nowMs + limits.leaseMs,
  due_at_ms: nowMs + limits.leaseMs,
  recheck_count: 0,
  resumed: false,
});

/** Null where someone else holds the lease. */
export function takeLease(intent: Intent, nowMs: number): Intent | null {
  // Stryker disable next-line ConditionalExpression: JavaScript has null > nowMs false as well; the types ask for it.
  if (intent.lease_until_ms !== null && intent.lease_until_ms > nowMs) return null;
  return { ...intent, lease_until_ms: nowMs + limits.leaseMs, due_at_ms: nowMs + limits.leaseMs, resumed: true };
}

/** The outcome is not known: releases the lease, and has the reconciler look again, each time later. */
export function leaveOpen(intent: Intent, nowMs: number): Intent {
  const pauseMs = Math.min(limits.recheckMaxMs, limits.recheckMinMs * 2 ** Math.min(intent.recheck_count, 20));
  return { ...intent, lease_until_ms: null, due_at_ms: nowMs + pauseMs, recheck_count: intent.recheck_count + 1 };
}

/** The provider is known not to have acted and never to act under this attempt's key: the next key is safe. */
export const nextAttempt = (intent: Intent, nowMs: number): Intent => ({
  ...intent,
  attempt: intent.attempt + 1,
  attempt_started_at_ms: nowMs,
  resumed: false,
});

/** Long after every answer, look-up and webhook should have come: nobody looks any more, and people must decide. */
export const isOverdue = (intent: Intent, nowMs: number): boolean =>
  nowMs - intent.attempt_started_at_ms > limits.unresolvedAfterMs;

export const closeIntent = (intent: Intent): Intent => ({ ...intent, lease_until_ms: null, due_at_ms: null });

export const providerKey = (objectId: string, intent: Intent): string => `${objectId}.${intent.attempt}`;

/** Sending again under the same key is safe only while the provider surely remembers the key. */
export const mayResend = (intent: Intent, keyLifetimeMs: number, nowMs: number): boolean =>
  nowMs - intent.attempt_started_at_ms <= keyLifetimeMs * limits.resendShareOfKeyLifetime;

/** Whether an order that the provider does not know can only be one that it never executed. */
export const notFoundIsConclusive = (intent: Intent, keyLifetimeMs: number, nowMs: number): boolean =>
  !mayResend(intent, keyLifetimeMs, nowMs - limits.notFoundConclusiveAfterMs);
