// Signatures of webhook deliveries, in two schemes that merchants' libraries know already, both under one secret:
//   Standard Webhooks: `webhook-signature: v1,<base64>` over `<id>.<timestamp>.<body>`, keyed with the secret's decoded
//   bytes (github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md);
//   `strongroom-signature: t=<timestamp>,v1=<hex>` over `<t>.<body>`, keyed with the secret's whole text, as Stripe's
//   libraries verify (known, not looked up).
// Nothing may leave unsigned, or signed so that it could be read as another id, time and body.

import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { Defect } from '../domain/refusal.ts';
import { Secret } from './secret.ts';

const secretBytes = 32;
const prefix = 'whsec_';
const form = /^whsec_[A-Za-z0-9+/]{43}=$/;

/** What is sent: `body` is the exact text, in UTF-8. */
export interface SignedDelivery {
  /** The same for every attempt. Without a dot, which separates what is signed. */
  readonly id: string;
  readonly timestampSeconds: number;
  readonly body: string;
}

export interface SignatureHeaders {
  readonly 'webhook-id': string;
  readonly 'webhook-timestamp': string;
  readonly 'webhook-signature': string;
  readonly 'strongroom-signature': string;
}

export type WebhookSigner = (delivery: SignedDelivery) => SignatureHeaders;

/** `whsec_<base64>`, shown to the merchant. */
export function mintWebhookSecret(random: (bytes: number) => Uint8Array): Secret<string> {
  const bytes = random(secretBytes);
  if (bytes.length !== secretBytes) throw new Defect('a webhook secret needs 32 random bytes');
  return new Secret(prefix + Buffer.from(bytes).toString('base64'));
}

/** Signs under each of the secrets, newest first: two while one replaces the other. Whoever delivers often keeps it. */
export function webhookSigner(secrets: readonly Secret<string>[]): WebhookSigner {
  if (secrets.length === 0) throw new Defect('a webhook has no secret to sign with');
  const keys = secrets.map(keysOf);
  return ({ id, timestampSeconds, body }) => {
    if (!/^[\w-]+$/.test(id)) throw new Defect('the id of a delivery has a character that its signature cannot hold');
    if (!Number.isSafeInteger(timestampSeconds) || timestampSeconds <= 0) throw new Defect('a delivery has no time');
    const timed = `${timestampSeconds}.${body}`;
    const standard = keys.map(({ decoded }) => `v1,${hmac(decoded, `${id}.${timed}`).digest('base64')}`);
    const whole = keys.map(({ text }) => `v1=${hmac(text, timed).digest('hex')}`);
    return {
      'webhook-id': id,
      'webhook-timestamp': String(timestampSeconds),
      'webhook-signature': standard.join(' '),
      'strongroom-signature': [`t=${timestampSeconds}`, ...whole].join(','),
    };
  };
}

const hmac = (key: KeyObject, text: string) => createHmac('sha256', key).update(text);

/** Key objects, which cannot be printed, and cost a fifth of what raw keys do at each use. */
function keysOf(secret: Secret<string>): { readonly decoded: KeyObject; readonly text: KeyObject } {
  const text = secret.reveal();
  if (!form.test(text)) throw new Defect('a webhook secret is not of the form whsec_<base64 of 32 bytes>');
  return {
    decoded: createSecretKey(text.slice(prefix.length), 'base64'),
    text: createSecretKey(text, 'utf8'),
  };
}
