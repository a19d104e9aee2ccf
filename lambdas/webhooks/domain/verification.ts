// Whether an endpoint's address wants what is sent to it: the pure decisions about its challenges. They are few, each is counted
// before it is sent, and only the address that answered one is verified.

import * as v from 'valibot';
import { webhookLimits as limits } from '../../../contract/webhooks/limits.ts';
import type { Change } from '../../kernel/domain/decision.ts';
import { beginVerification, type WebhookEndpoint } from './webhook_endpoint.ts';

/** Null: it is verified already. */
export function requestVerification(
  endpoint: WebhookEndpoint,
  nowMs: number,
): Change<WebhookEndpoint> | { readonly refused: 'endpoint_not_enabled' } | { readonly retryAfterMs: number } | null {
  if (endpoint.status === 'enabled') return null;
  if (endpoint.status !== 'pending_verification') return { refused: 'endpoint_not_enabled' };
  const waitMs = endpoint.verification.begun_at_ms + limits.verificationPauseMs - nowMs;
  if (waitMs > 0) return { retryAfterMs: waitMs };
  return {
    fact: 'webhook_endpoint.verification_requested',
    next: { ...endpoint, verification: beginVerification(nowMs), verification_failure: null },
  };
}

/** Counted before it is sent, so that no repeated message sends one more. Null: none is to be sent yet, or any more. */
export function claimChallenge(endpoint: WebhookEndpoint, nowMs: number, earlyMs: number): WebhookEndpoint | null {
  const { begun_at_ms, challenges_left, due_at_ms } = endpoint.verification;
  if (endpoint.status !== 'pending_verification' || challenges_left === 0 || nowMs + earlyMs < due_at_ms) return null;
  const sent = 1 + limits.challengeOffsetsMs.length - challenges_left;
  const [shortestMs] = limits.challengeOffsetsMs;
  const dueMs = Math.max(begun_at_ms + (limits.challengeOffsetsMs[sent] ?? 0), nowMs + shortestMs);
  return {
    ...endpoint,
    verification: { begun_at_ms, challenges_left: challenges_left - 1, due_at_ms: dueMs },
  };
}

/** What the answer at `url` changes; `failure` null: it gave the challenge back. Null: nothing, the endpoint has moved on. */
export function afterChallenge(
  endpoint: WebhookEndpoint,
  url: string,
  failure: string | null,
): Change<WebhookEndpoint> | null {
  if (endpoint.status !== 'pending_verification' || endpoint.url !== url) return null;
  if (failure !== null) {
    return endpoint.verification_failure === failure
      ? null
      : { fact: null, next: { ...endpoint, verification_failure: failure } };
  }
  return {
    fact: 'webhook_endpoint.verified',
    next: { ...endpoint, status: 'enabled', verified_url: url, verification_failure: null },
  };
}

/** Whether an answer gives the challenge back: alone, or as the field of a JSON object. */
export function echoes(answer: string, challenge: string): boolean {
  const text = answer.trim();
  if (text === challenge) return true;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), v.object({ challenge: v.literal(challenge) })), text);
  return parsed.success;
}
