// What Stripe refuses at once: who may not, parameters that a call has not, metadata beyond its bounds.
//
// Sources: docs.stripe.com/api/errors, /error-codes, /error-low-level, /rate-limits, /api/metadata; read 2026-12.

import type { Given } from './provider_server.ts';

type Json = Record<string, unknown>;

/** What Stripe says before it looks at a request: a key that is none, that may not, that expired, an account that is closed, too much. */
export const turnedAway = {
  key_unknown: [401, null],
  key_expired: [401, 'api_key_expired'],
  key_restricted: [403, null],
  account_closed: [400, 'account_closed'],
  rate_limited: [429, 'rate_limit'],
} as const;

export const failure = (status: number, type: string, more: Json = {}): Given => ({
  status,
  body: { error: { message: 'text of Stripe', ...more, type } },
});

/** What each call may be sent, as far as the adapter might send it (docs.stripe.com/api, read 2026-11): the rest is refused. */
const parameters: Readonly<Record<string, readonly string[]>> = {
  charge: [
    'amount',
    'automatic_payment_methods',
    'capture_method',
    'confirm',
    'currency',
    'customer',
    'metadata',
    'off_session',
    'payment_method',
    'payment_method_options',
    'return_url',
    'setup_future_usage',
  ],
  customer: ['metadata'],
  update: ['metadata'],
  capture: ['amount_to_capture', 'final_capture', 'metadata'],
  cancel: ['cancellation_reason'],
  refund: ['payment_intent', 'amount', 'reason', 'metadata'],
};

/** docs.stripe.com/api/metadata: 50 keys of up to 40 characters, values of up to 500. */
export function refusedForm(what: string, form: URLSearchParams): Given | null {
  const unknown = [...form.keys()].find((name) => !parameters[what]?.includes(name.replace(/\[.*$/, '')));
  if (unknown !== undefined)
    return failure(400, 'invalid_request_error', { code: 'parameter_unknown', param: unknown });
  const long = Object.entries(metadataOf(form)).find(([name, value]) => name.length > 40 || value.length > 500);
  return long === undefined ? null : failure(400, 'invalid_request_error', { param: `metadata[${long[0]}]` });
}

/** An empty value removes its key. Null: there would be more keys than Stripe takes. */
export function mergedMetadata(before: Record<string, string>, form: URLSearchParams): Record<string, string> | null {
  const merged = Object.fromEntries(
    Object.entries({ ...before, ...metadataOf(form) }).filter(([, value]) => value !== ''),
  );
  return Object.keys(merged).length > 50 ? null : merged;
}

export const tooManyKeys = failure(400, 'invalid_request_error', { param: 'metadata' });

export const metadataOf = (form: URLSearchParams): Record<string, string> =>
  Object.fromEntries(
    [...form].flatMap(([name, value]) => {
      const key = /^metadata\[(\w+)\]$/.exec(name)?.[1];
      return key === undefined ? [] : [[key, value]];
    }),
  );
