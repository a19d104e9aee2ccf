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

export const Connection = v.object({
  ...v.omit(PublicConnection, ['metadata']).entries,
  ...IdempotencyRecord.entries,
  tenant: v.string(),
  /** Metadata. */
  sealed_fields: SealedText,
  /** `Credentials` as JSON; null once it is deleted and no payment can need them. */
  credentials: v.nullable(SealedText),
  /** Of a deleted one: seconds since the epoch, for the table's time to live. */
  expires_at_s: v.optional(v.number()),
});
export type Connection = v.InferOutput<typeof Connection>;

/** What is sealed: what the caller sent, and nothing else. */
export const Credentials = v.variant('provider', [
  v.object({ provider: v.literal('stripe'), api_key: v.string(), webhook_secret: v.string() }),
  v.object({
    provider: v.literal('adyen'),
    api_key: v.string(),
    merchant_account: v.string(),
    hmac_key: v.string(),
    multiple_partial_captures: v.literal('enabled'),
    live_prefix: v.nullable(v.string()),
  }),
  v.object({ provider: v.literal('test'), webhook_secret: v.string() }),
]);
export type Credentials = v.InferOutput<typeof Credentials>;

type Sent = v.InferOutput<typeof CreateStripeConnection | typeof CreateAdyenConnection | typeof CreateTestConnection>;

/** `minted`: the secret of a test connection whose maker sent none. */
export function credentialsOf(sent: Sent, minted: string): Credentials {
  switch (sent.provider) {
    case 'stripe':
      return { provider: sent.provider, api_key: sent.api_key, webhook_secret: sent.webhook_secret };
    case 'adyen': {
      const { provider, api_key, merchant_account, hmac_key, multiple_partial_captures, live_prefix = null } = sent;
      return { provider, api_key, merchant_account, hmac_key, multiple_partial_captures, live_prefix };
    }
    case 'test':
      return { provider: sent.provider, webhook_secret: sent.webhook_secret ?? minted };
  }
}

/** The field that belongs to another mode than `mode`; null: none does. Adyen's keys don't show theirs. */
export function fieldOfOtherMode(credentials: Credentials, mode: Mode): string | null {
  switch (credentials.provider) {
    case 'stripe':
      return new RegExp(`^[sr]k_${mode}_`).test(credentials.api_key) ? null : 'api_key';
    case 'adyen':
      return mode === 'test' && credentials.live_prefix !== null ? 'live_prefix' : null;
    case 'test':
      return mode === 'test' ? null : 'provider';
  }
}

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
          credentials: connection.provider === 'test' ? null : connection.credentials,
          expires_at_s: Math.floor(nowMs / 1000) + limits.credentialRetentionDays * 86_400,
        },
      };

/** Whether it still accepts operations on payments that it took; new payments it takes only while it is active. */
export const acceptsFollowUpOperations = ({ status, expires_at_s }: Connection, nowMs: number): boolean =>
  status === 'active' || (expires_at_s !== undefined && nowMs < expires_at_s * 1000);
