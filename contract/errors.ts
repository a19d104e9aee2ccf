// The error catalogue: every answer that is not a success, with its stable code (RFC 9457 problem details).
// Text comes from here and never from an exception; a code is never renamed once published.

export interface CatalogueError {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  /** Whether the same request may succeed later without being changed. */
  readonly retriable: boolean;
}

export const errors = {
  // Who calls
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
  scope_not_held: {
    status: 403,
    title: 'More than its maker holds',
    detail: 'A key can grant only what its maker holds: its scopes, its addresses, its time.',
    retriable: false,
  },

  // What was sent
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
    detail: 'Send "Content-Type: application/json" in UTF-8.',
    retriable: false,
  },
  route_unknown: {
    status: 404,
    title: 'Unknown route',
    detail: 'There is no such path, or it does not take this method.',
    retriable: false,
  },
  request_refused: {
    status: 403,
    title: 'Refused at the edge',
    detail: 'The request was refused before it reached the service.',
    retriable: false,
  },
  rate_limited: { status: 429, title: 'Too many requests', detail: 'Slow down and try again.', retriable: true },

  // Repeats
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

  // Objects
  tenant_not_found: { status: 404, title: 'No such tenant', detail: 'There is no such tenant.', retriable: false },
  key_not_found: { status: 404, title: 'No such key', detail: 'There is no such key.', retriable: false },
  event_not_found: { status: 404, title: 'No such event', detail: 'There is no such event.', retriable: false },
  payment_not_found: { status: 404, title: 'No such payment', detail: 'There is no such payment.', retriable: false },
  capture_not_found: { status: 404, title: 'No such capture', detail: 'There is no such capture.', retriable: false },
  refund_not_found: { status: 404, title: 'No such refund', detail: 'There is no such refund.', retriable: false },
  void_not_found: { status: 404, title: 'No such void', detail: 'There is no such void.', retriable: false },
  webhook_endpoint_not_found: {
    status: 404,
    title: 'No such webhook endpoint',
    detail: 'There is no such webhook endpoint.',
    retriable: false,
  },
  delivery_not_found: {
    status: 404,
    title: 'No such delivery',
    detail: 'There is no such delivery.',
    retriable: false,
  },
  endpoint_url_not_allowed: {
    status: 422,
    title: 'Address not allowed',
    detail: 'Webhooks go to public https addresses only: see "errors".',
    retriable: false,
  },
  too_many_endpoints: {
    status: 409,
    title: 'Too many webhook endpoints',
    detail: 'A tenant has at most 16 webhook endpoints in each mode.',
    retriable: false,
  },
  too_many_secrets: {
    status: 409,
    title: 'Too many secrets at once',
    detail: 'At most 4 secrets of one endpoint sign at the same time. Wait until an old one has ended.',
    retriable: true,
  },
  endpoint_not_enabled: {
    status: 409,
    title: 'Endpoint not enabled',
    detail: 'Nothing is sent to a disabled endpoint. Enable it first.',
    retriable: false,
  },
  delivery_blocked: {
    status: 409,
    title: 'Delivery blocked',
    detail: 'An earlier delivery of the same object comes first: see its "blocked_by". Retry or skip that one.',
    retriable: true,
  },
  key_not_active: {
    status: 409,
    title: 'Key not active',
    detail: 'A revoked, expired or already rotated key cannot be rotated.',
    retriable: false,
  },

  // Customers
  customer_not_found: {
    status: 404,
    title: 'No such customer',
    detail: 'There is no such customer.',
    retriable: false,
  },
  customer_deleted: {
    status: 410,
    title: 'Customer deleted',
    detail: 'The customer was deleted, and nothing that was known of the person can be read again.',
    retriable: false,
  },
  payment_method_not_found: {
    status: 404,
    title: 'No such saved payment method',
    detail: 'The customer has no such saved payment method.',
    retriable: false,
  },
  too_many_payment_methods: {
    status: 409,
    title: 'Too many payment methods',
    detail: 'A customer has at most 20 saved payment methods.',
    retriable: false,
  },

  // Processors
  connection_not_found: {
    status: 404,
    title: 'No such connection',
    detail: 'There is no such connection.',
    retriable: false,
  },
  too_many_connections: {
    status: 409,
    title: 'Too many connections',
    detail: 'A tenant has at most 16 connections in each mode.',
    retriable: false,
  },
  credentials_of_other_mode: {
    status: 422,
    title: 'Credentials of another mode',
    detail: 'Test mode takes test credentials of the provider only: see "errors".',
    retriable: false,
  },
  signature_invalid: {
    status: 401,
    title: 'No valid signature',
    detail: 'The request is not signed with a secret of this connection, or was signed too long ago.',
    retriable: false,
  },
  notification_malformed: {
    status: 400,
    title: 'Malformed notification',
    detail: 'The request is rightly signed, but not of a form that the provider documents.',
    retriable: false,
  },

  // Money
  payment_method_unknown: {
    status: 422,
    title: 'Unknown payment method',
    detail: 'The payment’s processor knows no such payment method.',
    retriable: false,
  },
  payment_not_capturable: {
    status: 409,
    title: 'Not capturable',
    detail: 'Only an authorized payment can be captured.',
    retriable: false,
  },
  payment_not_refundable: {
    status: 409,
    title: 'Not refundable',
    detail: 'Only a captured amount can be refunded.',
    retriable: false,
  },
  payment_not_voidable: {
    status: 409,
    title: 'Not voidable',
    detail: 'Only an authorized amount that no capture holds can be voided.',
    retriable: false,
  },
  amount_exceeds_authorized: {
    status: 422,
    title: 'More than authorized',
    detail: 'The amount exceeds what is authorized and neither captured, voided nor reserved.',
    retriable: false,
  },
  amount_exceeds_captured: {
    status: 422,
    title: 'More than captured',
    detail: 'The amount exceeds what is captured and neither refunded nor reserved.',
    retriable: false,
  },
  too_many_modifications: {
    status: 409,
    title: 'Too many modifications',
    detail: 'A payment takes at most 100 captures, 100 refunds and 100 voids.',
    retriable: false,
  },

  // Ourselves
  internal_error: {
    status: 500,
    title: 'Internal error',
    detail: 'Something failed on our side. Repeat the request with the same Idempotency-Key.',
    retriable: true,
  },
  not_built: {
    status: 501,
    title: 'Not built',
    detail: 'This part of the service is declared but not built yet.',
    retriable: false,
  },
  unavailable: {
    status: 503,
    title: 'Unavailable',
    detail: 'The outcome is not known yet. Repeat the request with the same Idempotency-Key.',
    retriable: true,
  },
  timed_out: {
    status: 504,
    title: 'Timed out',
    detail: 'The outcome is not known yet. Repeat the request with the same Idempotency-Key.',
    retriable: true,
  },
} as const satisfies Record<string, CatalogueError>;

export type ErrorCode = keyof typeof errors;

/** RFC 9457 `type`: the page that explains the code, relative to the API's base URL. */
export const problemType = (code: ErrorCode): string => `/docs/errors/${code}`;
