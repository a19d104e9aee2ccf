// Verifies a webhook delivery and gives back its event. It never gives an event back that was not signed under the
// secret, within the tolerance; anything else is thrown.

import { WebhookVerificationError } from './errors.ts';
import type { Event, WebhookEvent } from './generated.ts';
import { claimsOf, isAuthentic, isWebhookSecret, type WebhookHeaders } from './signature.ts';

export interface VerifyOptions {
  /** How far the time of the signature may be from now, both ways. 300 by default. */
  readonly toleranceSeconds?: number;
  /** Milliseconds since 1970, as Date.now. */
  readonly now?: () => number;
}

/**
 * `rawBody`: what arrived, byte for byte; a body that was parsed and written again has another signature.
 * `secrets`: of the endpoint; while one replaces another, both. Throws a WebhookVerificationError.
 */
async function verify(
  rawBody: string | Uint8Array,
  headers: WebhookHeaders,
  secrets: string | readonly string[],
  { toleranceSeconds = 300, now = Date.now }: VerifyOptions = {},
): Promise<WebhookEvent> {
  const known: readonly unknown[] = Array.isArray(secrets) ? secrets : [secrets];
  if (known.length === 0 || !known.every(isWebhookSecret)) throw new WebhookVerificationError('secret_malformed');
  const body = bytesOf(rawBody);
  const claims = claimsOf(headers);
  if (claims.length === 0) throw new WebhookVerificationError('signature_missing');
  const authentic = [];
  for (const claim of claims) if (await isAuthentic(claim, body, known)) authentic.push(claim);
  if (authentic.length === 0) throw new WebhookVerificationError('signature_mismatch');
  const nowSeconds = Math.floor(now() / 1000);
  // Said so that what is not a number is refused.
  const timely = authentic.some(({ timestampSeconds }) => Math.abs(nowSeconds - timestampSeconds) <= toleranceSeconds);
  if (!timely) throw new WebhookVerificationError('timestamp_out_of_tolerance');
  const event = parse(body);
  if (!isEvent(event)) throw new WebhookVerificationError('body_malformed');
  return event;
}

/**
 * What to answer, as JSON with 200, where a verified delivery asks whether this address wants events; undefined: it is an
 * event. Until the address has answered so, nothing else is sent to it.
 */
function challengeAnswer({
  type,
  data,
}: {
  readonly type: string;
  readonly data: unknown;
}): { readonly challenge: string } | undefined {
  if (type !== 'webhook_endpoint.verification' || !isObject(data) || typeof data.challenge !== 'string')
    return undefined;
  return { challenge: data.challenge };
}

export const webhooks = { verify, challengeAnswer };

function bytesOf(rawBody: unknown): Uint8Array {
  if (typeof rawBody === 'string') return new TextEncoder().encode(rawBody);
  // Bytes may be of another realm, where `instanceof` knows nothing of them. Copied: what is verified is what is parsed,
  // even if a server reuses its buffer meanwhile.
  if (Object.prototype.toString.call(rawBody) === '[object Uint8Array]') return new Uint8Array(rawBody as Uint8Array);
  throw new WebhookVerificationError('body_not_raw');
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}

const envelope: Readonly<Partial<Record<keyof Event, 'string' | 'number' | 'object'>>> = {
  id: 'string',
  type: 'string',
  occurred_at: 'string',
  tenant_id: 'string',
  aggregate_type: 'string',
  aggregate_id: 'string',
  sequence: 'number',
  data: 'object',
};

/** The envelope is whole. A `type` that is newer than this library passes: it is what `default` is for. */
const isEvent = (value: unknown): value is WebhookEvent =>
  isObject(value) &&
  Object.entries(envelope).every(([name, type]) => typeof value[name] === type && value[name] !== null);

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
