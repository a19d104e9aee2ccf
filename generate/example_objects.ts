// One object of each kind, as the API shows it: what all examples are made of.

import { apiVersions } from '../contract/kernel/api_versions.ts';
import type { IdKind } from '../contract/kernel/vocabulary.ts';
import { ingressUrl } from '../contract/processor_events/ingress.ts';

const at = '2026-11-21T10:15:30.000Z';
const body = '4kq2zmd7xw3htbn6rvcgy5jesa';
/** Told apart by their prefix and their first letter. */
const id = (prefix: string, letter: string): string => `${prefix}_us_${letter}${body.slice(1)}`;
/** What stands for an id of each kind, in paths too. */
export const exampleIds = {
  tenant: id('ten', 't'),
  key: id('key', 'k'),
  nextKey: id('key', 'n'),
  payment: id('pay', 'p'),
  capture: id('cap', 'c'),
  refund: id('ref', 'r'),
  void: id('void', 'v'),
  event: id('evt', 'e'),
  webhook_endpoint: id('we', 'w'),
  webhook_secret: id('whs', 's'),
  webhook_test: id('wht', 't'),
  delivery: id('dlv', 'd'),
  replay: id('rpl', 'r'),
  connection: id('conn', 'c'),
  customer: id('cus', 'c'),
  payment_method: id('pmt', 'p'),
  audit_entry: id('aud', 'a'),
} as const satisfies Partial<Record<IdKind, string>> & { nextKey: string };
const ids = exampleIds;

export const payment = {
  id: ids.payment,
  object: 'payment',
  mode: 'test',
  status: 'captured',
  amount: 1999,
  currency: 'EUR',
  amount_authorized: 1999,
  amount_captured: 1999,
  amount_refunded: 0,
  amount_voided: 0,
  capture_method: 'automatic',
  customer: null,
  payment_method: 'pm_test_visa',
  connection: null,
  description: 'Order 42',
  disputed: false,
  last_error: null,
  next_action: null,
  metadata: { order: '42' },
  created_at: at,
};
const modification = {
  mode: 'test',
  status: 'succeeded',
  amount: 500,
  currency: 'EUR',
  payment: ids.payment,
  last_error: null,
  created_at: at,
};
export const capture = { id: ids.capture, object: 'capture', ...modification };
export const refund = { id: ids.refund, object: 'refund', ...modification, reason: 'damaged' };
export const cancel = { id: ids.void, object: 'void', ...modification };
export const key = {
  id: ids.key,
  object: 'key',
  mode: 'test',
  name: 'Web shop',
  scopes: ['payments:read', 'payments:write'],
  allowed_addresses: ['203.0.113.0/24'],
  status: 'active',
  expires_at: null,
  last_used_at: null,
  rotated_from: null,
  created_at: at,
};
export const tenant = {
  id: ids.tenant,
  object: 'tenant',
  name: 'Blue Bottle Books',
  zone: 'us',
  metadata: {},
  created_at: at,
};
export const event = {
  id: ids.event,
  object: 'event',
  mode: 'test',
  type: 'payment.captured',
  occurred_at: at,
  schema_version: 1,
  tenant_id: ids.tenant,
  aggregate_type: 'payment',
  aggregate_id: ids.payment,
  sequence: 2,
  data: payment,
};
export const entry = {
  id: ids.audit_entry,
  object: 'audit_entry',
  mode: 'test',
  occurred_at: at,
  action: 'payment.captured',
  outcome: 'committed',
  code: null,
  actor: { kind: 'key', id: ids.key },
  on_behalf_of: null,
  target: ids.payment,
  request_id: 'b3f1c2d4-0000-4000-8000-000000000042',
  address: '203.0.113.9',
};
export const webhookEndpoint = {
  id: ids.webhook_endpoint,
  object: 'webhook_endpoint',
  mode: 'test',
  url: 'https://hooks.example.com/strongroom',
  events: ['payment.*', 'refund.succeeded'],
  api_version: apiVersions[0],
  ordering: 'strict',
  status: 'enabled',
  disabled_reason: null,
  rejecting_percent: null,
  description: 'Order desk',
  metadata: {},
  created_at: at,
};
const underEndpoint = { mode: 'test', webhook_endpoint: ids.webhook_endpoint, created_at: at };
export const webhookSecret = { id: ids.webhook_secret, object: 'webhook_secret', ...underEndpoint };
export const webhookTest = { id: ids.webhook_test, object: 'webhook_test', ...underEndpoint };
export const replay = {
  id: ids.replay,
  object: 'replay',
  ...underEndpoint,
  from: '2026-11-20T00:00:00.000Z',
  to: '2026-11-21T00:00:00.000Z',
};
const attempt = {
  number: 1,
  at,
  outcome: 'rejected',
  status: 503,
  latency_ms: 87,
  response: 'Down for maintenance',
  reason: 'status',
};
export const delivery = {
  id: ids.delivery,
  object: 'delivery',
  ...underEndpoint,
  event: ids.event,
  event_type: 'payment.captured',
  aggregate_id: ids.payment,
  event_sequence: 2,
  status: 'pending',
  attempts: [attempt],
  due_at: '2026-11-21T10:15:45.310Z',
  blocked_by: null,
  replay: null,
};
export const connection = {
  id: ids.connection,
  object: 'connection',
  mode: 'test',
  provider: 'stripe',
  status: 'active',
  ingress_url: ingressUrl('https://api.us.example.com/v1', 'stripe', ids.connection),
  metadata: {},
  created_at: at,
};
const address = {
  line1: '221B Baker Street',
  line2: null,
  city: 'London',
  state: null,
  postal_code: 'NW1 6XE',
  country: 'GB',
};
export const customer = {
  id: ids.customer,
  object: 'customer',
  mode: 'test',
  name: 'Irene Adler',
  email: 'irene@example.com',
  phone: '+442079460018',
  address,
  description: null,
  metadata: { loyalty: 'gold' },
  created_at: at,
  updated_at: at,
};
export const bareCustomer = {
  id: ids.customer,
  object: 'customer',
  mode: 'test',
  status: 'active',
  created_at: at,
  updated_at: at,
};
export const barePaymentMethod = {
  id: ids.payment_method,
  object: 'payment_method',
  mode: 'test',
  customer: ids.customer,
  created_at: at,
};
export const paymentMethod = {
  ...barePaymentMethod,
  connection: null,
  card: { brand: 'visa', last4: '4242', exp_month: 8, exp_year: 2029 },
};
