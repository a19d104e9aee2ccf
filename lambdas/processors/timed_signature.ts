// Signatures of the form `t=<seconds>,v1=<hex>,v1=…` over time and body, HMAC-SHA256. Nothing is trusted without a time, a
// signature and a secret of enough length; comparisons take constant time.
//
// The form is Stripe's: docs.stripe.com/webhooks/signature (read 2026-11).

import { createHmac } from 'node:crypto';
import { equalBytes, type Secret } from '../kernel/crypto/secret.ts';
import type { NotificationRefusal } from './notification.ts';

const limits = {
  headerChars: 4_096,
  /** Two while a secret rotates; a sender of many signatures only guesses. */
  signatures: 8,
  toleranceMs: 300_000,
  /** Whoever configures an empty or short secret would have strangers believed. */
  secretChars: 24,
} as const;

/** Null: signed, and in time. `context` keeps signatures for one purpose from serving another. */
export function refuseUnsigned(
  raw: Uint8Array,
  header: string | undefined,
  secrets: readonly Secret<string>[],
  nowMs: number,
  context = '',
): NotificationRefusal | null {
  const parsed = parse(header);
  if (parsed === null) return 'unsigned';
  const usable = secrets.filter((secret) => secret.reveal().length >= limits.secretChars);
  const expected = usable.map((secret) => digest(raw, parsed.time, secret, context));
  if (!expected.some((each) => parsed.signatures.some((given) => equalBytes(each, given)))) return 'wrong_signature';
  return Math.abs(nowMs - Number(parsed.time) * 1000) <= limits.toleranceMs ? null : 'wrong_time';
}

/** The header of a sender, who signs with each secret that a receiver may still expect. */
export const signed = (raw: Uint8Array, secrets: readonly Secret<string>[], nowMs: number, context = ''): string => {
  const time = String(Math.floor(nowMs / 1000));
  return [`t=${time}`, ...secrets.map((secret) => `v1=${digest(raw, time, secret, context).toString('hex')}`)].join(
    ',',
  );
};

const digest = (raw: Uint8Array, time: string, secret: Secret<string>, context: string): Buffer =>
  createHmac('sha256', secret.reveal()).update(`${context}${time}.`).update(raw).digest();

function parse(header: string | undefined): { readonly time: string; readonly signatures: readonly Buffer[] } | null {
  if (header === undefined || header.length > limits.headerChars) return null;
  const values = (name: string): string[] =>
    header.split(',').flatMap((part) => {
      const [key, value, ...rest] = part.trim().split('=');
      return key === name && value !== undefined && rest.length === 0 ? [value] : [];
    });
  const [time, ...moreTimes] = values('t');
  const signatures = values('v1').filter((value) => /^[0-9a-f]{64}$/.test(value));
  const fits = signatures.length >= 1 && signatures.length <= limits.signatures && moreTimes.length === 0;
  if (!fits || time === undefined || !/^\d{1,12}$/.test(time)) return null;
  return { time, signatures: signatures.map((value) => Buffer.from(value, 'hex')) };
}

/** What rightly signed bytes hold; undefined where they are no JSON text in UTF-8. */
export function jsonOf(raw: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(raw));
  } catch {
    return undefined;
  }
}
