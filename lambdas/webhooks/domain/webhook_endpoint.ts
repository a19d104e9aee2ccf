// Webhook endpoints: their stored form, and the pure decisions about which events they get, which secrets sign, and when one
// is disabled.

import { isDeepStrictEqual } from 'node:util';
import * as v from 'valibot';
import type { DeliveryAttempt } from '../../../contract/webhooks/delivery.ts';
import {
  type CreateWebhookEndpoint,
  WebhookEndpoint as PublicEndpoint,
  WebhookSecret as PublicSecret,
  WebhookTest as PublicTest,
  type UpdateWebhookEndpoint,
} from '../../../contract/webhooks/endpoint.ts';
import { webhookLimits as limits } from '../../../contract/webhooks/limits.ts';
import type { Change } from '../../kernel/domain/decision.ts';
import { IdempotencyRecord } from '../../kernel/domain/idempotency.ts';
import type { NewObject } from '../../kernel/domain/new_object.ts';
import type { Sealed } from '../../kernel/domain/sealed_text.ts';
import { SealedText } from '../../kernel/domain/sealed_text.ts';

const SigningSecret = v.object({
  /** The object that made it: the endpoint itself, or a rotation. */
  id: v.string(),
  sealed: SealedText,
  /** Until when it signs (ms since the epoch); null: until a rotation ends it. */
  ends_at_ms: v.nullable(v.number()),
});

/** A round of challenges. */
const Verification = v.object({
  begun_at_ms: v.number(),
  challenges_left: v.number(),
  /** When the next challenge may be sent (ms since the epoch). */
  due_at_ms: v.number(),
});

export const WebhookEndpoint = v.object({
  ...v.omit(PublicEndpoint, ['description', 'metadata']).entries,
  ...IdempotencyRecord.entries,
  tenant: v.string(),
  /** Description and metadata. */
  sealed_fields: SealedText,
  /** Newest first. */
  secrets: v.array(SigningSecret),
  /** The replay that runs; null: none does. */
  running_replay: v.nullable(v.string()),
  /** The address that answered a challenge; null: none did. */
  verified_url: v.nullable(v.string()),
  verification: Verification,
  /** Of a deleted one: seconds since the epoch, for the table's time to live. */
  expires_at_s: v.optional(v.number()),
});
export type WebhookEndpoint = v.InferOutput<typeof WebhookEndpoint>;

/** A rotation: the record of the request that made a secret, which itself lies with the endpoint. */
export const WebhookSecret = v.object({ ...PublicSecret.entries, ...IdempotencyRecord.entries, tenant: v.string() });
export type WebhookSecret = v.InferOutput<typeof WebhookSecret>;

export const WebhookTest = v.object({ ...PublicTest.entries, ...IdempotencyRecord.entries, tenant: v.string() });
export type WebhookTest = v.InferOutput<typeof WebhookTest>;

/** What every object that a request makes under an endpoint begins with. */
export const baseFields = ({ id, tenant, mode, bodyDigest, createdAt }: NewObject) => ({
  id,
  tenant,
  mode,
  created_at: createdAt,
  body_digest: bodyDigest,
  reply: null,
});

/** Nothing was sent yet. */
export const beginVerification = (nowMs: number): WebhookEndpoint['verification'] => ({
  begun_at_ms: nowMs,
  challenges_left: 1 + limits.challengeOffsetsMs.length,
  due_at_ms: nowMs,
});

export const createEndpoint = (
  origin: NewObject,
  body: Omit<v.InferOutput<typeof CreateWebhookEndpoint>, 'description' | 'metadata'>,
  sealedFields: Sealed<string>,
  sealed: Sealed<string>,
  nowMs: number,
): Change<WebhookEndpoint> => ({
  fact: 'webhook_endpoint.created',
  next: {
    ...baseFields(origin),
    object: 'webhook_endpoint',
    url: body.url,
    events: body.events,
    api_version: body.api_version,
    ordering: body.ordering,
    status: 'pending_verification',
    verification_failure: null,
    verified_url: null,
    verification: beginVerification(nowMs),
    disabled_reason: null,
    rejecting_percent: null,
    sealed_fields: sealedFields,
    secrets: [{ id: origin.id, sealed, ends_at_ms: null }],
    running_replay: null,
  },
});

/**
 * Null: it was so already. `sealedFields`: the endpoint's own where they do not change. Enabling clears what was counted
 * against it; an address that has not answered a challenge is verified first.
 */
export function updateEndpoint(
  endpoint: WebhookEndpoint,
  body: Omit<v.InferOutput<typeof UpdateWebhookEndpoint>, 'description' | 'metadata'>,
  sealedFields: Sealed<string>,
  nowMs: number,
): Change<WebhookEndpoint> | null {
  const url = body.url ?? endpoint.url;
  const isDisabled = (body.status ?? endpoint.status) === 'disabled';
  const status: WebhookEndpoint['status'] = isDisabled
    ? 'disabled'
    : endpoint.verified_url === url
      ? 'enabled'
      : 'pending_verification';
  const begins = status === 'pending_verification' && (endpoint.status !== status || endpoint.url !== url);
  const fields = {
    url,
    events: body.events ?? endpoint.events,
    api_version: body.api_version ?? endpoint.api_version,
    ordering: body.ordering ?? endpoint.ordering,
    sealed_fields: sealedFields,
    status,
  };
  const changed = status !== endpoint.status;
  const state = {
    disabled_reason: changed ? (status === 'disabled' ? ('requested' as const) : null) : endpoint.disabled_reason,
    rejecting_percent: changed ? null : endpoint.rejecting_percent,
  };
  const verification = begins ? { verification: beginVerification(nowMs), verification_failure: null } : {};
  const next: WebhookEndpoint = { ...endpoint, ...fields, ...state, ...verification };
  return isDeepStrictEqual(next, endpoint) ? null : { fact: 'webhook_endpoint.updated', next };
}

/** Null: it is deleted already. What is left is for deliveries that name it and for repeats of requests, and expires. */
export const deleteEndpoint = (endpoint: WebhookEndpoint, nowMs: number): Change<WebhookEndpoint> | null =>
  endpoint.status === 'deleted'
    ? null
    : {
        fact: 'webhook_endpoint.deleted',
        next: {
          ...endpoint,
          status: 'deleted',
          secrets: [],
          expires_at_s: Math.floor(nowMs / 1000) + limits.deletedEndpointRetentionDays * 86_400,
        },
      };

/** Secrets that sign now, newest first. */
export const activeSecrets = (endpoint: WebhookEndpoint, nowMs: number): WebhookEndpoint['secrets'] =>
  endpoint.secrets.filter(({ ends_at_ms }) => ends_at_ms === null || nowMs < ends_at_ms);

/** The new secret signs at once; those before it go on for the overlap. */
export function rotateSecret(
  endpoint: WebhookEndpoint,
  made: { readonly id: string; readonly sealed: Sealed<string> },
  nowMs: number,
): Change<WebhookEndpoint> | { readonly refused: 'too_many_secrets' } {
  const active = activeSecrets(endpoint, nowMs);
  if (active.length >= limits.secrets) return { refused: 'too_many_secrets' };
  const overlapEnd = nowMs + limits.secretOverlapMs;
  const ending = active.map((secret) => ({ ...secret, ends_at_ms: secret.ends_at_ms ?? overlapEnd }));
  return {
    fact: 'webhook_endpoint.secret_rotated',
    next: { ...endpoint, secrets: [{ ...made, ends_at_ms: null }, ...ending] },
  };
}

export interface EventEnvelope {
  readonly type: string;
  readonly occurred_at: string;
  readonly aggregate_id: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * Whether the endpoint is to get an event. Of what happens to itself it gets only the test that was asked for: a message to
 * a failing endpoint about its failing would be one more that fails.
 */
export function isSubscribedTo(
  endpoint: Pick<WebhookEndpoint, 'id' | 'events' | 'created_at'>,
  event: EventEnvelope,
): boolean {
  const about = event.aggregate_id === endpoint.id || event.data.webhook_endpoint === endpoint.id;
  if (about) return event.type === 'webhook_endpoint.tested';
  // Of a message about a message nobody hears how it fared: failing endpoints would feed each other without end.
  const { event_type } = event.data;
  if (typeof event_type === 'string' && event_type.startsWith('delivery.')) return false;
  if (event.type === 'webhook_endpoint.tested' || event.occurred_at < endpoint.created_at) return false;
  const family = `${event.type.slice(0, event.type.indexOf('.'))}.*`;
  return ['*', family, event.type].some((filter) => endpoint.events.includes(filter));
}

type Attempt = v.InferOutput<typeof DeliveryAttempt>;

/** Whether an answer counts against its endpoint: 4xx, except those that ask to try later. */
export const rejects = ({ status }: Attempt): boolean =>
  status !== null && status >= 400 && status < 500 && ![408, 425, 429].includes(status);

/** The endpoint after an answer; null: as before. `rejections`: how many in a row, this one included. */
export function endpointAfterAttempt(
  endpoint: WebhookEndpoint,
  attempt: Attempt,
  rejections: number,
): Change<WebhookEndpoint> | null {
  if (endpoint.status !== 'enabled') return null;
  const disabled = (disabled_reason: 'gone' | 'rejecting'): Change<WebhookEndpoint> => ({
    fact: 'webhook_endpoint.disabled',
    next: { ...endpoint, status: 'disabled', disabled_reason },
  });
  if (attempt.status === 410) return disabled('gone');
  if (attempt.outcome === 'succeeded') {
    return endpoint.rejecting_percent === null ? null : { fact: null, next: { ...endpoint, rejecting_percent: null } };
  }
  if (!rejects(attempt)) return null;
  const percent = Math.floor((rejections * 100) / limits.rejectionsToDisable);
  if (percent >= 100) return disabled('rejecting');
  const reached = limits.rejectionAlertPercents.findLast((alert) => alert <= percent);
  if (reached === undefined || reached <= (endpoint.rejecting_percent ?? 0)) return null;
  return { fact: 'webhook_endpoint.failing', next: { ...endpoint, rejecting_percent: reached } };
}
