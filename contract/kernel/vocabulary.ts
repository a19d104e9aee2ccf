// Every name that must be one of its kind across all capabilities: prefixes of ids, scopes of keys, types of events. A new
// capability writes its own here, beside the others, where a clash shows.

/** Kind of object -> prefix of its ids. */
export const idPrefixes = {
  tenant: 'ten',
  operator: 'opr',
  key: 'key',
  payment: 'pay',
  capture: 'cap',
  refund: 'ref',
  void: 'void',
  customer: 'cus',
  payment_method: 'pmt',
  event: 'evt',
  webhook_endpoint: 'we',
  webhook_secret: 'whs',
  webhook_test: 'wht',
  webhook_challenge: 'wch',
  delivery: 'dlv',
  replay: 'rpl',
  connection: 'conn',
  connection_health: 'cnh',
  connection_defaults: 'cdf',
  provider_event: 'pev',
  certificate: 'crt',
  fact: 'fct',
  audit_entry: 'aud',
} as const;

export type IdKind = keyof typeof idPrefixes;

/** Scopes of API keys. A key grants no scope that its maker lacks. Operators hold none: their rows name them as actors. */
export const scopes = [
  'payments:read',
  'payments:write',
  'customers:read',
  'customers:write',
  'keys:read',
  'keys:write',
  'events:read',
  'webhooks:read',
  'webhooks:write',
  'connections:read',
  'connections:write',
  'audit:read',
  'business:read',
  'business:write',
] as const;
export type Scope = (typeof scopes)[number];

/** Event type -> kind of the aggregate that it belongs to (whose `sequence` it carries). */
export const events = {
  'tenant.created': 'tenant',
  'tenant.updated': 'tenant',
  'tenant.business_updated': 'tenant',
  'tenant.submitted': 'tenant',
  'tenant.verification_proposed': 'tenant',
  'tenant.verified': 'tenant',
  'tenant.rejected': 'tenant',
  'tenant.suspended': 'tenant',
  'tenant.resumed': 'tenant',
  'tenant.closed': 'tenant',
  'operator.created': 'operator',
  'operator.revoked': 'operator',
  'certificate.issued': 'certificate',
  'key.created': 'key',
  'key.rotated': 'key',
  'key.revoked': 'key',
  'webhook_endpoint.created': 'webhook_endpoint',
  'webhook_endpoint.updated': 'webhook_endpoint',
  'webhook_endpoint.deleted': 'webhook_endpoint',
  'webhook_endpoint.verification_requested': 'webhook_endpoint',
  'webhook_endpoint.verified': 'webhook_endpoint',
  'webhook_endpoint.secret_rotated': 'webhook_endpoint',
  'webhook_endpoint.tested': 'webhook_endpoint',
  'webhook_endpoint.replayed': 'webhook_endpoint',
  'webhook_endpoint.failing': 'webhook_endpoint',
  'webhook_endpoint.disabled': 'webhook_endpoint',
  'delivery.retried': 'delivery',
  'delivery.skipped': 'delivery',
  'delivery.failed': 'delivery',
  'connection.created': 'connection',
  'connection.updated': 'connection',
  'connection.deleted': 'connection',
  'connection.failing': 'connection_health',
  'connection.recovered': 'connection_health',
  'connection_defaults.updated': 'connection_defaults',
  'customer.created': 'customer',
  'customer.updated': 'customer',
  'customer.deleted': 'customer',
  'payment_method.saved': 'customer',
  'payment_method.removed': 'customer',
  'payment.created': 'payment',
  'payment.requires_payment_method': 'payment',
  'payment.attempt_failed': 'payment',
  'payment.requires_action': 'payment',
  'payment.requires_approval': 'payment',
  'payment.pending': 'payment',
  'payment.unresolved': 'payment',
  'payment.authorized': 'payment',
  'payment.captured': 'payment',
  'payment.failed': 'payment',
  'payment.canceled': 'payment',
  'payment.expired': 'payment',
  'payment.capture_failed': 'payment',
  'payment.released': 'payment',
  'payment.corrected': 'payment',
  'payment.updated': 'payment',
  'payment.disputed': 'payment',
  'payment.dispute_closed': 'payment',
  'capture.created': 'payment',
  'capture.succeeded': 'payment',
  'capture.failed': 'payment',
  'capture.unresolved': 'payment',
  'refund.created': 'payment',
  'refund.succeeded': 'payment',
  'refund.failed': 'payment',
  'refund.unresolved': 'payment',
  'void.created': 'payment',
  'void.succeeded': 'payment',
  'void.failed': 'payment',
  'void.unresolved': 'payment',
} as const;

export type EventType = keyof typeof events;
export type AggregateType = (typeof events)[EventType];

/** Aggregates of the platform itself: their facts are audited and go to the bus, and are no merchant's event. */
export const platformAggregates = ['operator', 'certificate'] as const satisfies readonly AggregateType[];

export const isPlatforms = (aggregate: string): aggregate is (typeof platformAggregates)[number] =>
  platformAggregates.some((each) => each === aggregate);

/** Types whose aggregate belongs to a tenant: events of operators and of the platform have no receiver. */
export type SentEvent = {
  [Type in EventType]: (typeof events)[Type] extends (typeof platformAggregates)[number] ? never : Type;
}[EventType];
