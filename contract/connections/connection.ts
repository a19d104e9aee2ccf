// Connections to payment processors: a tenant's own account there. What a caller sends holds credentials; nothing that
// it may read ever does.

import * as v from 'valibot';
import { Id, Metadata, Mode, Timestamp } from '../kernel/fields.ts';
import { connectionLimits as limits } from './limits.ts';

export const providerNames = ['stripe', 'adyen', 'test'] as const;
export type ProviderName = (typeof providerNames)[number];

/** Printable ASCII without spaces, so that a wrong copy is refused at once. */
const Credential = (form: RegExp, expected: string) =>
  v.pipe(v.string(), v.maxLength(limits.credentialChars), v.regex(form, expected));

const StripeKey = /* @__PURE__ */ Credential(
  /^[sr]k_(?:test|live)_[A-Za-z0-9_]{8,240}$/,
  'Expected an API key of Stripe: sk_test_…, sk_live_…, rk_test_… or rk_live_…',
);
const PublishableKey = /* @__PURE__ */ Credential(
  /^pk_(?:test|live)_[A-Za-z0-9_]{8,240}$/,
  'Expected a publishable key of Stripe: pk_test_… or pk_live_…',
);
const ClientKey = /* @__PURE__ */ Credential(
  /^(?:test|live)_[A-Z0-9]{16,64}$/,
  'Expected a client key of Adyen: test_…',
);
const SigningSecret = /* @__PURE__ */ Credential(/^whsec_[A-Za-z0-9+/=_-]{18,}$/, 'Expected whsec_… as it was shown');
const AdyenKey = /* @__PURE__ */ Credential(/^[\x21-\x7e]{20,}$/, 'Expected an API key of Adyen');
const HmacKey = /* @__PURE__ */ Credential(/^(?:[0-9A-Fa-f]{2}){32,}$/, 'Expected at least 64 hexadecimal digits');
const Account = /* @__PURE__ */ Credential(/^[A-Za-z0-9_.-]{1,80}$/, 'Expected the name of a merchant account');
/** With what follows it, one label of a host name: 63 characters at most. */
const LivePrefix = /* @__PURE__ */ Credential(
  /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,47}[A-Za-z0-9])?$/,
  'Expected the prefix of the live address, such as 1797a841fbb37ca7-AdyenDemo',
);

const metadata = v.optional(Metadata, {});

export const CreateStripeConnection = v.strictObject({
  provider: v.literal('stripe'),
  api_key: StripeKey,
  webhook_secret: SigningSecret,
  publishable_key: v.optional(PublishableKey),
  metadata,
});

export const CreateAdyenConnection = v.strictObject({
  provider: v.literal('adyen'),
  api_key: AdyenKey,
  merchant_account: Account,
  hmac_key: HmacKey,
  multiple_partial_captures: v.literal('enabled', 'Expected "enabled": Adyen’s support switches it on'),
  live_prefix: v.optional(LivePrefix),
  client_key: v.optional(ClientKey),
  metadata,
});

export const CreateTestConnection = v.strictObject({
  provider: v.literal('test'),
  webhook_secret: v.optional(SigningSecret),
  metadata,
});

export const CreateConnection = v.variant('provider', [
  CreateStripeConnection,
  CreateAdyenConnection,
  CreateTestConnection,
]);

/** What is given replaces what the connection has; its account stays. Without a provider's field it keeps the one it has. */
export const UpdateConnection = v.variant('provider', [
  v.strictObject({
    provider: v.literal('stripe'),
    api_key: v.optional(StripeKey),
    publishable_key: v.optional(PublishableKey),
    webhook_secret: v.optional(SigningSecret),
    metadata: v.optional(Metadata),
  }),
  v.strictObject({
    provider: v.literal('adyen'),
    api_key: v.optional(AdyenKey),
    client_key: v.optional(ClientKey),
    hmac_key: v.optional(HmacKey),
    metadata: v.optional(Metadata),
  }),
  v.strictObject({
    provider: v.literal('test'),
    webhook_secret: v.optional(SigningSecret),
    metadata: v.optional(Metadata),
  }),
]);

export const Connection = v.object({
  id: Id('connection'),
  object: v.literal('connection'),
  mode: Mode,
  provider: v.picklist(providerNames),
  status: v.picklist(['active', 'deleted']),
  ingress_url: v.string(),
  credentials_replaced_at: v.nullable(Timestamp),
  metadata: v.record(v.string(), v.string()),
  created_at: Timestamp,
});

/** As it is read: with how it does. */
export const ConnectionWithHealth = v.object({ ...Connection.entries, failing_since: v.nullable(Timestamp) });

/** Whether the processor takes what is asked of it through a connection. */
export const ConnectionHealth = v.object({
  id: Id('connection_health'),
  object: v.literal('connection_health'),
  connection: Id('connection'),
  mode: Mode,
  failing_since: v.nullable(Timestamp),
});

/** `webhook_secret` is null in a replay, and wherever the caller sent it. */
export const CreatedConnection = v.object({ ...Connection.entries, webhook_secret: v.nullable(v.string()) });
