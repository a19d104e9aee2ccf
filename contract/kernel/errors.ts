// Errors of every operation: stable codes (RFC 9457). A code is never renamed once published.

import type { CatalogueError } from './error.ts';

export const errors = {
  credentials_invalid: {
    status: 401,
    title: 'No valid credentials',
    detail: 'Send a valid API key as "Authorization: Bearer sk_…". This one is missing, malformed or unknown here.',
    retriable: false,
  },
  key_revoked: {
    status: 401,
    title: 'Key revoked',
    detail: 'This key was revoked. Use another one.',
    retriable: false,
  },
  key_expired: {
    status: 401,
    title: 'Key expired',
    detail: 'This key has expired or its rotation overlap has ended.',
    retriable: false,
  },
  wrong_environment: {
    status: 401,
    title: 'Key of another environment',
    detail: 'This key belongs to another environment (production, development …) than this address.',
    retriable: false,
  },
  wrong_zone: {
    status: 421,
    title: 'Other zone',
    detail: 'This belongs to another residency zone. Use the base URL in "base_url".',
    retriable: false,
  },
  address_not_allowed: {
    status: 403,
    title: 'Address not allowed',
    detail: 'The key may not be used from this source address.',
    retriable: false,
  },
  actor_not_allowed: {
    status: 403,
    title: 'Not for this kind of caller',
    detail: 'This operation is not open to this kind of credential.',
    retriable: false,
  },
  scope_missing: {
    status: 403,
    title: 'Scope missing',
    detail: 'The key lacks a scope that this operation needs: see "required_scopes".',
    retriable: false,
  },
  json_malformed: { status: 400, title: 'Malformed JSON', detail: 'The body is not valid JSON.', retriable: false },
  body_required: {
    status: 400,
    title: 'Body required',
    detail: 'Send a JSON object; an empty one is {}.',
    retriable: false,
  },
  request_invalid: {
    status: 400,
    title: 'Invalid request',
    detail: 'Some values are missing, unknown or malformed: see "errors".',
    retriable: false,
  },
  card_data_not_accepted: {
    status: 400,
    title: 'Card data not accepted',
    detail: 'The request holds a value shaped like a card number. It was neither stored nor logged.',
    retriable: false,
  },
  bank_account_not_accepted: {
    status: 400,
    title: 'Bank account not accepted',
    detail: 'The request holds an international bank account number (IBAN). It was neither stored nor logged.',
    retriable: false,
  },
  idempotency_required: {
    status: 400,
    title: 'Idempotency-Key required',
    detail: 'Send an "Idempotency-Key" header of 1 to 255 printable ASCII characters.',
    retriable: false,
  },
  cursor_invalid: {
    status: 400,
    title: 'Invalid cursor',
    detail: 'The cursor is malformed or belongs to another list.',
    retriable: false,
  },
  body_too_large: { status: 413, title: 'Body too large', detail: 'Bodies hold at most 256 KiB.', retriable: false },
  media_type_unsupported: {
    status: 415,
    title: 'Unsupported media type',
    detail: 'Send "Content-Type: application/json" in UTF-8, without "Content-Encoding".',
    retriable: false,
  },
  route_unknown: {
    status: 404,
    title: 'Unknown route',
    detail: 'There is no such path.',
    retriable: false,
  },
  method_not_allowed: {
    status: 405,
    title: 'Method not allowed',
    detail: 'This path does not take this method: the header "Allow" names those that it does.',
    retriable: false,
  },
  request_refused: {
    status: 403,
    title: 'Refused at the edge',
    detail: 'The request was refused before it reached the service.',
    retriable: false,
  },
  rate_limited: { status: 429, title: 'Too many requests', detail: 'Slow down and try again.', retriable: true },
  idempotency_mismatch: {
    status: 422,
    title: 'Idempotency-Key reused',
    detail: 'This key came with another body before. Use a new key for a new request.',
    retriable: false,
  },
  idempotency_in_progress: {
    status: 409,
    title: 'Still running',
    detail: 'The first request with this key is still running. Try again after "Retry-After".',
    retriable: true,
  },
  internal_error: {
    status: 500,
    title: 'Internal error',
    detail: 'Something failed on our side. Repeat the request with the same Idempotency-Key.',
    retriable: true,
  },
  unavailable: {
    status: 503,
    title: 'Unavailable',
    detail: 'The outcome is not known yet. Repeat the request with the same Idempotency-Key.',
    retriable: true,
  },
  region_standby: {
    status: 503,
    title: 'Not the writer region',
    detail: 'This region answers reads and takes no writes now. Repeat the request with the same Idempotency-Key.',
    retriable: true,
  },
  timed_out: {
    status: 504,
    title: 'Timed out',
    detail: 'The outcome is not known yet. Repeat the request with the same Idempotency-Key.',
    retriable: true,
  },
} as const satisfies Record<string, CatalogueError>;

/** Codes with which the authorizer refuses a key that it knows. It passes them on as its verdict, beside `ok`. */
export const refusedVerdicts = [
  'key_revoked',
  'key_expired',
  'address_not_allowed',
  'wrong_environment',
  'wrong_zone',
] as const satisfies readonly (keyof typeof errors)[];
