// What an owner's endpoints are subscribed to: one small row that names them all. It says how many there are, so their limit is
// exact, and it is all that the relay reads of them; an endpoint that was deleted is not in it.

import * as v from 'valibot';
import { modes } from '../../../contract/kernel/roles.ts';
import { webhookLimits as limits } from '../../../contract/webhooks/limits.ts';
import { Refusal } from '../../kernel/domain/refusal.ts';
import type { TenantScope } from '../../kernel/domain/tenant_scope.ts';

const Subscription = v.object({ id: v.string(), events: v.array(v.string()), created_at: v.string() });
export type Subscription = v.InferOutput<typeof Subscription>;

export const Subscriptions = v.object({
  id: v.literal('subscriptions'),
  tenant: v.string(),
  mode: v.picklist(modes),
  /** The oldest first. */
  endpoints: v.pipe(v.array(Subscription), v.maxLength(limits.endpoints)),
  /** How many rounds of challenges may be begun, as of a time (ms since the epoch): a token bucket. */
  verifications: v.object({ left: v.number(), at_ms: v.number() }),
});
export type Subscriptions = v.InferOutput<typeof Subscriptions>;

export const noSubscriptions = ({ tenant, mode }: TenantScope): Subscriptions => ({
  id: 'subscriptions',
  tenant,
  mode,
  endpoints: [],
  verifications: { left: limits.verifications, at_ms: 0 },
});

export const subscribed = (
  all: Subscriptions,
  { id, events, created_at }: Subscription,
): Subscriptions | { readonly refused: 'too_many_endpoints' } =>
  all.endpoints.length >= limits.endpoints
    ? { refused: 'too_many_endpoints' }
    : { ...all, endpoints: [...all.endpoints, { id, events, created_at }] };

/** After a change of an endpoint; one that was deleted leaves. */
export const resubscribed = (
  all: Subscriptions,
  { id, events, status }: Pick<Subscription, 'id' | 'events'> & { readonly status: string },
): Subscriptions => ({
  ...all,
  endpoints: all.endpoints.flatMap((each) =>
    each.id !== id ? [each] : status === 'deleted' ? [] : [{ ...each, events }],
  ),
});

export const tooManyVerifications = (retryAfterMs: number): Refusal =>
  new Refusal('too_many_verifications', { retryAfterSeconds: Math.ceil(retryAfterMs / 1000) });

/** One round of challenges begins. Refuses where the tenant has begun too many. */
export function verificationSpent(all: Subscriptions, nowMs: number): Subscriptions {
  const { left, at_ms } = all.verifications;
  const refills = Math.max(0, Math.floor((nowMs - at_ms) / limits.verificationRefillMs));
  const full = left + refills >= limits.verifications;
  const now = full
    ? { left: limits.verifications, at_ms: nowMs }
    : { left: left + refills, at_ms: at_ms + refills * limits.verificationRefillMs };
  if (now.left === 0) throw tooManyVerifications(now.at_ms + limits.verificationRefillMs - nowMs);
  return { ...all, verifications: { ...now, left: now.left - 1 } };
}
