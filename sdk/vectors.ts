// sdk/vectors.json: signed deliveries with the verdict that a verifier must give, for those who write a verifier. Made by the
// signer of the service, from fixed secrets that sign nothing anywhere.

import { Secret } from '../lambdas/kernel/crypto/secret.ts';
import { type SignatureHeaders, webhookSigner } from '../lambdas/kernel/crypto/webhook_signature.ts';
import type { WebhookErrorCode } from './src/errors.ts';

export interface Vector {
  readonly name: string;
  /** What the verifier holds. */
  readonly secret: string;
  readonly now_seconds: number;
  readonly body: string;
  /** Of one scheme or of both; the verdict is that of each by itself, and of both together. */
  readonly headers: Partial<SignatureHeaders>;
  readonly verdict: 'valid' | WebhookErrorCode;
}

const secretOf = (byte: number): string => `whsec_${Buffer.alloc(32, byte).toString('base64')}`;
const [current, previous, foreign] = [secretOf(0xa1), secretOf(0xb2), secretOf(0xc3)];
const now_seconds = 1_800_000_000;
const id = 'evt_us_aaaaaaaaaaaaaaaaaaaaaaaaaa';

const event = (data: object): string =>
  JSON.stringify({
    id,
    object: 'event',
    mode: 'test',
    type: 'payment.captured',
    occurred_at: '2027-01-15T08:00:00.000Z',
    schema_version: 1,
    tenant_id: 'ten_us_aaaaaaaaaaaaaaaaaaaaaaaaaa',
    aggregate_type: 'payment',
    aggregate_id: 'pay_us_aaaaaaaaaaaaaaaaaaaaaaaaaa',
    sequence: 2,
    data,
  });

const plain = event({ amount: 1999, currency: 'EUR' });

/** The headers of both schemes, as the service signs a delivery under each of the secrets. */
export const signatureHeaders = (
  delivery: { readonly id: string; readonly timestampSeconds: number; readonly body: string },
  secrets: readonly string[],
): SignatureHeaders => webhookSigner(secrets.map((secret) => new Secret(secret)))(delivery);

const signed = (body: string, secrets = [current], timestampSeconds = now_seconds): SignatureHeaders =>
  signatureHeaders({ id, timestampSeconds, body }, secrets);

const valid = (name: string, body: string, more: Partial<Vector> = {}): Vector => ({
  name,
  secret: current,
  now_seconds,
  body,
  headers: signed(body),
  verdict: 'valid',
  ...more,
});

/** Both signatures, each changed in its text. */
const rewritten = (name: string, change: (text: string) => string): Vector => {
  const headers = signed(plain);
  const [mark, base64] = headers['webhook-signature'].split(',', 2);
  const [front, hex] = headers['strongroom-signature'].split('v1=', 2);
  return valid(name, plain, {
    headers: {
      ...headers,
      'webhook-signature': `${mark},${change(base64 ?? '')}`,
      'strongroom-signature': `${front}v1=${change(hex ?? '')}`,
    },
    verdict: 'signature_mismatch',
  });
};

const acceptedVectors = (): Vector[] => [
  valid('an event', plain),
  valid('an empty object, which is no event', '{}'),
  valid('text beyond ASCII', event({ description: 'Grüße, 東京, 🧾, e\u0301, \u2028' })),
  valid('escapes that must not be written anew', event({ a: 1 }).replace('"a":1', '"a" : 1.0, "b":"\\u00e9\\/"')),
  valid('a long text', event({ description: 'strongroom '.repeat(300) })),
  valid('a rotation: both secrets sign, the verifier holds the new one', plain, {
    headers: signed(plain, [current, previous]),
  }),
  valid('a rotation: both secrets sign, the verifier holds the old one', plain, {
    secret: previous,
    headers: signed(plain, [current, previous]),
  }),
  valid('signed at the far end of the tolerance', plain, { headers: signed(plain, [current], now_seconds - 300) }),
];

const refusedVectors = (): Vector[] => {
  const { 'webhook-signature': standard, 'strongroom-signature': timed, ...named } = signed(plain);
  return [
    valid('signed too long ago', plain, {
      headers: signed(plain, [current], now_seconds - 301),
      verdict: 'timestamp_out_of_tolerance',
    }),
    valid('signed in the future', plain, {
      headers: signed(plain, [current], now_seconds + 301),
      verdict: 'timestamp_out_of_tolerance',
    }),
    valid('another body', event({ amount: 2000, currency: 'EUR' }), {
      headers: signed(plain),
      verdict: 'signature_mismatch',
    }),
    valid('the same body with a line break more', `${plain}\n`, {
      headers: signed(plain),
      verdict: 'signature_mismatch',
    }),
    valid('another secret', plain, { secret: foreign, verdict: 'signature_mismatch' }),
    valid('another id', plain, {
      headers: { 'webhook-signature': standard, ...named, 'webhook-id': id.replace(/a$/, 'b') },
      verdict: 'signature_mismatch',
    }),
    valid('a time that was not signed', plain, {
      headers: {
        ...named,
        'webhook-timestamp': String(now_seconds + 1),
        'webhook-signature': standard,
        'strongroom-signature': timed.replace(String(now_seconds), String(now_seconds + 1)),
      },
      verdict: 'signature_mismatch',
    }),
    rewritten('one character changed', (text) => (text.startsWith('0') ? '1' : '0') + text.slice(1)),
    rewritten('a signature cut short', (text) => text.slice(0, -4)),
    rewritten('a signature with a character more', (text) => `${text}0`),
    rewritten('an empty signature', () => ''),
    valid('a version that is not v1', plain, {
      headers: {
        ...named,
        'webhook-signature': standard.replace('v1,', 'v2,'),
        'strongroom-signature': timed.replace('v1=', 'v0='),
      },
      verdict: 'signature_mismatch',
    }),
    valid('no signature', plain, { headers: named, verdict: 'signature_missing' }),
  ];
};

export const vectors = (): readonly Vector[] => [...acceptedVectors(), ...refusedVectors()];

export const vectorsText = (): string => `${JSON.stringify({ tolerance_seconds: 300, vectors: vectors() }, null, 2)}\n`;
