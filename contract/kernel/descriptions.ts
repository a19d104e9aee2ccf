// What the documentation says about every operation, and what a request costs. It must never hold what a row, a
// schema or a limit says already.

import type { ErrorTexts, Prose } from './description.ts';
import type { errors } from './errors.ts';

export const descriptions = {
  fields: {
    'ListQuery.limit': 'Items a page.',
    'ListQuery.cursor': '"next_cursor" of the page before.',
  },
} as const satisfies Prose;

export const errorTexts = {
  credentials_invalid: {
    happens:
      'The Authorization header is missing, is not a bearer key, or holds a key that was never issued here or whose secret does not fit.',
    remedy: 'Send "Authorization: Bearer sk_…" with the secret exactly as it was shown when the key was made.',
  },
  key_revoked: {
    happens: 'Somebody revoked this key. Revocation holds from the very next request.',
    remedy: 'Use another key. The audit trail shows who revoked this one, under the action "key.revoked".',
  },
  key_expired: {
    happens:
      'The time in the key’s "expires_at" has passed, or the 24 hours in which a rotated key still works are over.',
    remedy: 'Use the key’s successor, or make a new one.',
  },
  wrong_environment: {
    happens: 'A key of one deployment, such as development, was sent to the address of another, such as production.',
    remedy: 'Use the key that belongs to this address.',
  },
  wrong_zone: {
    happens:
      'The key or the object belongs to another residency zone. Zones share nothing, so the request cannot be served here.',
    remedy: 'Send the same request to the address in "base_url".',
  },
  address_not_allowed: {
    happens: 'The key has a list of allowed addresses, and the request came from none of them.',
    remedy: 'Call from an allowed address, or make a key with the right list.',
  },
  actor_not_allowed: {
    happens:
      'The operation is not open to this kind of credential: an operator’s key moves no money, and a tenant’s key makes no tenants.',
    remedy: 'Use a credential of the kind that the operation’s reference names.',
  },
  scope_missing: {
    happens: 'The key is good, but it does not hold every scope that the operation needs.',
    remedy: 'Use a key that holds the scopes in "required_scopes".',
  },
  json_malformed: {
    happens: 'The body could not be read as JSON (RFC 8259).',
    remedy: 'Send valid JSON: names in double quotes, no comments, no trailing commas.',
  },
  body_required: {
    happens: 'The operation takes a body, and none was sent.',
    remedy: 'Send a JSON object; an empty one is {}.',
  },
  request_invalid: {
    happens:
      'A value is missing, malformed or out of bounds; a field or parameter is unknown; a name stands twice. Nothing was done.',
    remedy:
      'Each item of "errors" names the place (a JSON pointer into the body, or a parameter) and what was expected there.',
  },
  card_data_not_accepted: {
    happens: 'Somewhere in the request stands a number that looks like a card number and passes its check digit.',
    remedy: 'Send a payment method token. Card data must never reach this API, not even in metadata.',
  },
  bank_account_not_accepted: {
    happens:
      'Somewhere in the request stands an international bank account number (IBAN) whose check digits are right.',
    remedy:
      'Send a payment method token of the processor. Bank account numbers must never reach this API, not even in metadata.',
  },
  idempotency_required: {
    happens: 'A request that creates something came without an Idempotency-Key, with two, or with one of wrong form.',
    remedy:
      'Send one header of 1 to 255 printable ASCII characters that is unique for this intention, such as your order’s number.',
  },
  cursor_invalid: {
    happens: 'The cursor was changed, cut off, or taken from another list or another filter.',
    remedy: 'Send "next_cursor" exactly as the previous page gave it, with the same filters; or begin without one.',
  },
  body_too_large: { happens: 'The body is larger than 256 KiB.', remedy: 'Send less.' },
  media_type_unsupported: {
    happens: 'The body’s media type is not JSON, or not in UTF-8, or the body is compressed.',
    remedy: 'Send "Content-Type: application/json", and no "Content-Encoding".',
  },
  route_unknown: {
    happens: 'No operation has this path.',
    remedy: 'Compare the path with the reference: it begins with /v1 and has no slash at its end.',
  },
  method_not_allowed: {
    happens: 'The path exists, and does not take this method.',
    remedy: 'Use one of the methods that the header "Allow" names.',
  },
  request_refused: {
    happens: 'The firewall refused the request before anything read it.',
    remedy:
      'Look for what resembles an attack: a script in a text field, an unusual header. Ask us, with the request id.',
  },
  rate_limited: {
    happens: 'The tenant sends more requests of this class than its limits allow.',
    remedy: 'Wait for the seconds in "Retry-After", then try again, with growing pauses and some randomness.',
  },
  idempotency_mismatch: {
    happens:
      'An earlier request had the same Idempotency-Key and another body. Neither the first request nor this one did anything more.',
    remedy: 'Use a new key for a new intention. To repeat the first request, send its body unchanged.',
  },
  idempotency_in_progress: {
    happens: 'The first request with this key has not been answered yet.',
    remedy: 'Wait for the seconds in "Retry-After", then send the same request again: it gets the first one’s reply.',
  },
  internal_error: {
    happens: 'Something is wrong on our side. It has been logged, and somebody is alerted.',
    remedy: 'Repeat the request with the same Idempotency-Key: whatever had been done is not done twice.',
  },
  unavailable: {
    happens: 'Something that the request needs did not answer. It may or may not have taken effect.',
    remedy: 'Repeat the request with the same Idempotency-Key after the seconds in "Retry-After".',
  },
  region_standby: {
    happens:
      'The request reached the region of the zone that only answers reads: the addresses have just been moved, or are about to be. Nothing was done.',
    remedy:
      'Repeat the request with the same Idempotency-Key after "Retry-After", and look the host’s address up anew: the other region takes it.',
  },
  timed_out: {
    happens: 'The answer took longer than the gateway waits. The request may or may not have taken effect.',
    remedy: 'Repeat the request with the same Idempotency-Key: it gets the reply, or finishes what was begun.',
  },
} as const satisfies ErrorTexts<typeof errors>;
