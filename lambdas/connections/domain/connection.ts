// Connections to payment processors: their stored form, and the pure decisions about making and deleting one. The
// credentials lie in it sealed, and are destroyed with its row, a while after it was deleted (docs/decisions/0018).

import * as v from 'valibot';
import {
  type CreateAdyenConnection,
  type CreateStripeConnection,
  type CreateTestConnection,
  Connection as PublicConnection,
} from '../../../contract/connections/connection.ts';
import { connectionLimits as limits } from '../../../contract/connections/limits.ts';
import type { Mode } from '../../../contract/kernel/roles.ts';
import type { Change } from '../../kernel/domain/decision.ts';
import { IdempotencyRecord } from '../../kernel/domain/idempotency.ts';
import type { NewObject } from '../../kernel/domain/new_object.ts';
import type { Sealed } from '../../kernel/domain/sealed_text.ts';
import { SealedText } from '../../kernel/domain/sealed_text.ts';
import { owns, type TenantScope } from '../../kernel/domain/tenant_scope.ts';
import { timestamp } from '../../kernel/platform/clock.ts';

/** The credentials that may be replaced, by what happens to the old one. */
const replaceable = ['api_key', 'webhook_secret', 'hmac_key', 'publishable_key', 'client_key'] as const;
type Replaceable = (typeof replaceable)[number];

const Replacement = v.object({
  /** Where it is sealed: another in each. */
  id: v.string(),
  at_ms: v.number(),
  fields: v.array(v.picklist(replaceable)),
  /** A JSON object of the fields. */
  sealed: SealedText,
  /** Keyed: a repeat of a request replaces nothing. */
  digest: v.string(),
});
export type Replacement = v.InferOutput<typeof Replacement>;

/** What is sealed in one. */
export const ReplacedCredentials = v.partial(
  v.object({
    api_key: v.string(),
    webhook_secret: v.string(),
    hmac_key: v.string(),
    publishable_key: v.string(),
    client_key: v.string(),
  }),
);
export type ReplacedCredentials = v.InferOutput<typeof ReplacedCredentials>;

export const Connection = v.object({
  ...v.omit(PublicConnection, ['metadata']).entries,
  ...IdempotencyRecord.entries,
  tenant: v.string(),
  /** Metadata. */
  sealed_fields: SealedText,
  /** `Credentials` as JSON; null once it is deleted and no payment can need them. */
  credentials: v.nullable(SealedText),
  /** What replaced credentials since, the newest last. */
  replacements: v.array(Replacement),
  /** Of a deleted one: seconds since the epoch, for the table's time to live. */
  expires_at_s: v.optional(v.number()),
});
export type Connection = v.InferOutput<typeof Connection>;

/** What is sealed: what the caller sent, and nothing else. */
export const Credentials = v.variant('provider', [
  v.object({
    provider: v.literal('stripe'),
    api_key: v.string(),
    webhook_secret: v.string(),
    publishable_key: v.optional(v.string()),
  }),
  v.object({
    provider: v.literal('adyen'),
    api_key: v.string(),
    merchant_account: v.string(),
    hmac_key: v.string(),
    multiple_partial_captures: v.literal('enabled'),
    live_prefix: v.nullable(v.string()),
    client_key: v.optional(v.string()),
  }),
  v.object({ provider: v.literal('test'), webhook_secret: v.string() }),
]);
export type Credentials = v.InferOutput<typeof Credentials>;

type Sent = v.InferOutput<typeof CreateStripeConnection | typeof CreateAdyenConnection | typeof CreateTestConnection>;

/** `minted`: the secret of a test connection whose maker sent none. */
export function credentialsOf(sent: Sent, minted: string): Credentials {
  switch (sent.provider) {
    case 'stripe':
      return {
        provider: sent.provider,
        api_key: sent.api_key,
        webhook_secret: sent.webhook_secret,
        ...(sent.publishable_key !== undefined && { publishable_key: sent.publishable_key }),
      };
    case 'adyen': {
      const { provider, api_key, merchant_account, hmac_key, multiple_partial_captures, live_prefix = null } = sent;
      const { client_key } = sent;
      const account = { provider, api_key, merchant_account, hmac_key, multiple_partial_captures, live_prefix };
      return { ...account, ...(client_key !== undefined && { client_key }) };
    }
    case 'test':
      return { provider: sent.provider, webhook_secret: sent.webhook_secret ?? minted };
  }
}

/** Whether a key of Stripe's, secret or restricted, says that it is of `mode`. */
const isStripeKeyOf = (apiKey: string, mode: Mode): boolean => new RegExp(`^[sr]k_${mode}_`).test(apiKey);

/** The field that belongs to another mode than `mode`; null: none does. Adyen's keys don't show theirs. */
export function fieldOfOtherMode(credentials: Credentials, mode: Mode): string | null {
  switch (credentials.provider) {
    case 'stripe':
      if (!isStripeKeyOf(credentials.api_key, mode)) return 'api_key';
      return isOfMode(credentials.publishable_key, `pk_${mode}_`) ? null : 'publishable_key';
    case 'adyen':
      if (!isOfMode(credentials.client_key, `${mode}_`)) return 'client_key';
      return (mode === 'live') === (credentials.live_prefix !== null) ? null : 'live_prefix';
    case 'test':
      return mode === 'test' ? null : 'provider';
  }
}

const isOfMode = (key: string | undefined, begins: string): boolean => key === undefined || key.startsWith(begins);

/** Whether a new key belongs to another mode than the connection. */
export const isOfOtherMode = ({ provider, mode }: Pick<Connection, 'provider' | 'mode'>, sent: ReplacedCredentials) =>
  (provider === 'stripe' && sent.api_key !== undefined && !isStripeKeyOf(sent.api_key, mode)) ||
  !isOfMode(sent.publishable_key, `pk_${mode}_`) ||
  !isOfMode(sent.client_key, `${mode}_`);

interface Origin extends NewObject {
  readonly ingressUrl: string;
}

export const createConnection = (
  origin: Origin,
  { provider }: Pick<Sent, 'provider'>,
  sealedFields: Sealed<string>,
  credentials: Sealed<string>,
): Change<Connection> => ({
  fact: 'connection.created',
  next: {
    id: origin.id,
    object: 'connection',
    tenant: origin.tenant,
    mode: origin.mode,
    provider,
    status: 'active',
    ingress_url: origin.ingressUrl,
    sealed_fields: sealedFields,
    created_at: origin.createdAt,
    credentials,
    replacements: [],
    credentials_replaced_at: null,
    body_digest: origin.bodyDigest,
    reply: null,
  },
});

/** Null: it is deleted already. The test processor's payments need no credentials. */
export const deleteConnection = (connection: Connection, nowMs: number): Change<Connection> | null =>
  connection.status === 'deleted'
    ? null
    : {
        fact: 'connection.deleted',
        next: {
          ...connection,
          status: 'deleted',
          ...(connection.provider === 'test' && { credentials: null, replacements: [] }),
          expires_at_s: Math.floor(nowMs / 1000) + limits.credentialRetentionDays * 86_400,
        },
      };

/** Whether it takes new payments of its owner's. Deleted, another's, or never there: the caller cannot tell which. */
export const takesPayments = (connection: Connection | undefined, scope: TenantScope): connection is Connection =>
  // Stryker disable next-line ConditionalExpression: nobody owns what is not there; the types cannot say so.
  connection !== undefined && owns(scope, connection) && connection.status === 'active';

/** Whether it still accepts operations on payments that it took; new payments it takes only while it is active. */
export const acceptsFollowUpOperations = ({ status, expires_at_s }: Connection, nowMs: number): boolean =>
  status === 'active' || (expires_at_s !== undefined && nowMs < expires_at_s * 1000);

/** What a caller sent to replace credentials, by name. */
export const replacedIn = (sent: Readonly<Record<string, unknown>>): ReplacedCredentials =>
  Object.fromEntries(replaceable.flatMap((name) => (typeof sent[name] === 'string' ? [[name, sent[name]]] : [])));

/** Whether a field of replacement `index` may still be of use: nothing replaced it, or it signed until a while ago. */
function isUseful(all: readonly Replacement[], index: number, field: Replaceable, nowMs: number): boolean {
  const next = all.slice(index + 1).find(({ fields }) => fields.includes(field));
  if (next === undefined) return true;
  const signs = field === 'webhook_secret' || field === 'hmac_key';
  return signs && nowMs < next.at_ms + limits.credentialOverlapMs;
}

/** Those that something still needs; one that is of no use any more makes room. */
const usefulReplacements = (all: readonly Replacement[], nowMs: number): Replacement[] =>
  all.filter(({ fields }, index) => fields.some((field) => isUseful(all, index, field, nowMs)));

/** `replacement` null: the credentials stay. Null: it was so already. */
export function updateConnection(
  connection: Connection,
  sealedFields: Sealed<string>,
  replacement: Replacement | null,
  nowMs: number,
): Change<Connection> | { readonly refused: 'too_many_credentials' } | null {
  // What replaced these fields last is this very request: a repeat of it, whatever else was replaced since.
  const last = connection.replacements.findLast((each) =>
    each.fields.some((field) => replacement?.fields.includes(field)),
  );
  const added = last !== undefined && last.digest === replacement?.digest ? null : replacement;
  if (added === null && sealedFields === connection.sealed_fields) return null;
  const useful = usefulReplacements(connection.replacements, nowMs);
  if (added !== null && useful.length >= limits.replacements) return { refused: 'too_many_credentials' };
  return {
    fact: 'connection.updated',
    next: {
      ...connection,
      sealed_fields: sealedFields,
      replacements: added === null ? connection.replacements : [...useful, added],
      credentials_replaced_at: added === null ? connection.credentials_replaced_at : timestamp(nowMs),
    },
  };
}

/** The credentials as they are now. */
export const replaced = (credentials: Credentials, replacements: readonly ReplacedCredentials[]): Credentials =>
  Object.assign({}, credentials, ...replacements);

/** What may have signed a notification: the newest first, and each that was replaced a short while ago. */
export function signingSecrets(
  credentials: Credentials,
  replacements: readonly { readonly atMs: number; readonly opened: ReplacedCredentials }[],
  nowMs: number,
): string[] {
  const own = credentials.provider === 'adyen' ? credentials.hmac_key : credentials.webhook_secret;
  const made = replacements.flatMap(({ atMs, opened }) => {
    const secret = opened.webhook_secret ?? opened.hmac_key;
    return secret === undefined ? [] : [{ secret, atMs }];
  });
  const all = [{ secret: own, atMs: Number.NEGATIVE_INFINITY }, ...made];
  return all
    .filter((_, index) => nowMs < (all[index + 1]?.atMs ?? Number.POSITIVE_INFINITY) + limits.credentialOverlapMs)
    .map(({ secret }) => secret)
    .reverse();
}
