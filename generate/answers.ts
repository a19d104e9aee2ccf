// Which problems an operation may answer with: its own refusals, and those of its kind of operation. It must never list by
// hand what a row says; test/docs compares it with the authorizer's verdicts and with the gateway.

import { type ErrorCode, errors, type Operation } from '../contract/capabilities.ts';
import { refusedVerdicts } from '../contract/kernel/errors.ts';

/** Any operation may answer with these: they come from the edge, the authorizer or the pipeline. */
export const everywhere: readonly ErrorCode[] = [
  'credentials_invalid',
  ...refusedVerdicts,
  'actor_not_allowed',
  'request_invalid',
  'card_data_not_accepted',
  'bank_account_not_accepted',
  'request_refused',
  'rate_limited',
  'internal_error',
  'unavailable',
  'timed_out',
];
const writing: readonly ErrorCode[] = ['region_standby'];
const withScopes: readonly ErrorCode[] = ['scope_missing'];
const withBody: readonly ErrorCode[] = ['json_malformed', 'body_required', 'body_too_large', 'media_type_unsupported'];
const creating: readonly ErrorCode[] = ['idempotency_required', 'idempotency_mismatch', 'idempotency_in_progress'];

/** In the order of the catalogue. */
export function problemsOf(operation: Operation): ErrorCode[] {
  const may = new Set<ErrorCode>([
    ...operation.refuses,
    ...everywhere,
    ...(operation.method === 'GET' ? [] : writing),
    ...(operation.scopes.length > 0 ? withScopes : []),
    ...(operation.body === undefined ? [] : withBody),
    ...(operation.creates === undefined ? [] : creating),
  ]);
  return (Object.keys(errors) as ErrorCode[]).filter((code) => may.has(code));
}

/** Problems whose response says when to try again. */
export const retryAfter: ReadonlySet<ErrorCode> = new Set([
  'idempotency_in_progress',
  'rate_limited',
  'region_standby',
  'unavailable',
]);
