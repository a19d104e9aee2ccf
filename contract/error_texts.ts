// For each error of the catalogue, when it happens and what to do about it: the prose of its page.
// It must never contradict the catalogue, which alone decides status, title and whether a repeat may succeed.

import type { ErrorCode } from './errors.ts';

export interface ErrorText {
  readonly happens: string;
  readonly remedy: string;
}

const notFound = (kind: string, own: string): ErrorText => ({
  happens: `The id is not that of a ${kind} which ${own}. What belongs to another tenant or mode looks exactly like what does not exist.`,
  remedy: 'Check the id, and that the key is of the tenant and mode that made it.',
});

export const errorTexts: Readonly<Record<ErrorCode, ErrorText>> = {
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
  scope_not_held: {
    happens: 'A key was to be made, or rotated, with a scope that the calling key lacks itself.',
    remedy: 'Ask for fewer scopes, or call with a key that holds them all.',
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
    happens: 'The body’s media type is not JSON, or not in UTF-8.',
    remedy: 'Send "Content-Type: application/json".',
  },
  route_unknown: {
    happens: 'No operation has this path, or the path does not take this method.',
    remedy: 'Compare the path with the reference: it begins with /v1 and has no slash at its end.',
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
  tenant_not_found: notFound('tenant', 'lives in this zone'),
  key_not_found: notFound('key', 'the caller may see'),
  event_not_found: notFound('event', 'the key may see'),
  payment_not_found: notFound('payment', 'the key may see'),
  capture_not_found: notFound('capture', 'belongs to this payment'),
  refund_not_found: notFound('refund', 'belongs to this payment'),
  void_not_found: notFound('void', 'belongs to this payment'),
  key_not_active: {
    happens: 'The key to be rotated is revoked, has expired, or was rotated before.',
    remedy: 'Rotate its successor, or make a new key.',
  },
  webhook_endpoint_not_found: notFound('webhook endpoint', 'is yours and was not deleted'),
  customer_not_found: notFound('customer', 'is yours'),
  payment_method_not_found: notFound('saved payment method', 'the customer has and that was not removed'),
  connection_not_found: notFound('connection', 'is yours and was not deleted'),
  delivery_not_found: notFound('delivery', 'is yours and still kept'),
  endpoint_url_not_allowed: {
    happens:
      'The address is not https, names a private or special network, or holds something that an address of an endpoint may not hold. The same is decided again at every attempt, by what the name resolves to then.',
    remedy: 'Use a public https address. On your own machine use "strongroom listen".',
  },
  too_many_endpoints: {
    happens: 'The tenant has 16 endpoints in this mode already.',
    remedy: 'Delete one, or let one endpoint take more types of events.',
  },
  too_many_secrets: {
    happens: 'The endpoint’s secret was rotated so often that 4 of them still sign.',
    remedy: 'Each old secret ends 24 hours after it was rotated. Try again then.',
  },
  endpoint_not_enabled: {
    happens: 'The endpoint is disabled: by you, by its own answer 410, or by 100 answers of 4xx in a row.',
    remedy: 'Read its "disabled_reason", mend the receiver, then set "status" to "enabled".',
  },
  delivery_blocked: {
    happens: 'Deliveries about one object go out in order, and an earlier one has neither succeeded nor ended.',
    remedy: 'Retry or skip the delivery in "blocked_by", or give the endpoint the ordering "none".',
  },
  customer_deleted: {
    happens:
      'The key of the data subject was destroyed: what was sealed under it stays unreadable, the first replies to earlier requests included.',
    remedy: 'Create a new customer, if the person comes back. Payments that name the old one can still be read.',
  },
  too_many_payment_methods: {
    happens: 'The customer has as many saved payment methods as one may have. Removed ones do not count.',
    remedy: 'Remove one that is not used any more.',
  },
  too_many_connections: {
    happens: 'The mode has as many connections as a tenant may have. Deleted ones do not count.',
    remedy: 'Delete a connection that is not used any more.',
  },
  credentials_of_other_mode: {
    happens: 'The key that makes the connection is of test mode, and the provider’s credential of its live mode.',
    remedy: 'Use the credential that the provider gives for testing.',
  },
  signature_invalid: {
    happens:
      'A provider’s webhook came without a signature, with one under another secret, or with one that is too old. Nothing of it was read.',
    remedy:
      'Compare the webhook secret in the connection with the one at the provider. The audit trail shows such requests, one entry a minute.',
  },
  notification_malformed: {
    happens: 'A provider’s webhook was rightly signed, and its form is not the one that the provider documents.',
    remedy: 'Set the webhook’s version at the provider to the documented one. The provider sends it again.',
  },
  payment_method_unknown: {
    happens: 'The token has the right form, but is none of the processor that is to take the payment.',
    remedy:
      'Without a connection use one of the documented test payment methods; with one, a token of that connection’s provider.',
  },
  payment_not_capturable: {
    happens:
      'The payment is not authorized: it was captured at once, is settled already, failed, or still waits for its outcome.',
    remedy: 'Read the payment; capture only while its status is "authorized".',
  },
  payment_not_refundable: {
    happens: 'Nothing of the payment has been captured yet.',
    remedy: 'Void what is only authorized; refund what is captured.',
  },
  payment_not_voidable: {
    happens: 'Nothing is left to void, or a capture is still running and holds the rest.',
    remedy: 'Read the payment, wait for its captures, then try with a new Idempotency-Key.',
  },
  amount_exceeds_authorized: {
    happens: 'The capture asks for more than is left of the authorized amount. Captures in progress count as captured.',
    remedy: 'Read the payment and capture at most the rest.',
  },
  amount_exceeds_captured: {
    happens: 'The refund asks for more than is left of the captured amount. Refunds in progress count as refunded.',
    remedy: 'Read the payment and refund at most the rest.',
  },
  too_many_modifications: {
    happens: 'The payment has 100 captures, refunds and voids already, failed ones included.',
    remedy: 'Make fewer and larger ones; a new payment starts anew.',
  },
  internal_error: {
    happens: 'Something is wrong on our side. It has been logged, and somebody is alerted.',
    remedy: 'Repeat the request with the same Idempotency-Key: whatever had been done is not done twice.',
  },
  not_built: {
    happens: 'This part of the service is declared, such as live mode, but does not exist yet.',
    remedy: 'Use test mode.',
  },
  unavailable: {
    happens: 'Something that the request needs did not answer. It may or may not have taken effect.',
    remedy: 'Repeat the request with the same Idempotency-Key after the seconds in "Retry-After".',
  },
  timed_out: {
    happens: 'The answer took longer than the gateway waits. The request may or may not have taken effect.',
    remedy: 'Repeat the request with the same Idempotency-Key: it gets the reply, or finishes what was begun.',
  },
};
