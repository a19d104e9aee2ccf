// One example for each operation: what is sent and what comes back. test/docs parses each with the schema that the
// pipeline itself uses, so that no example can show what the API would refuse.

import type { IdKind } from '../../contract/ids.ts';
import type { OperationId } from '../../contract/texts.ts';

const at = '2026-11-21T10:15:30.000Z';
const body = '4kq2zmd7xw3htbn6rvcgy5jesa';
/** Told apart by their first letter. */
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
  audit_entry: id('aud', 'a'),
} as const satisfies Partial<Record<IdKind, string>> & { nextKey: string };
const ids = exampleIds;

const payment = {
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
  payment_method: 'pm_test_visa',
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
const capture = { id: ids.capture, object: 'capture', ...modification };
const refund = { id: ids.refund, object: 'refund', ...modification, reason: 'damaged' };
const cancel = { id: ids.void, object: 'void', ...modification };
const key = {
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
const tenant = {
  id: ids.tenant,
  object: 'tenant',
  name: 'Blue Bottle Books',
  zone: 'us',
  metadata: {},
  created_at: at,
};
const event = {
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
const entry = {
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
const list = (item: unknown) => ({ object: 'list', data: [item], has_more: false, next_cursor: null });
/** Shaped like a secret, and no secret. */
const secret = 'sk_test_us_…_shown_once';

export const examples: Readonly<Record<OperationId, { readonly body?: unknown; readonly reply: unknown }>> = {
  'payments/create': {
    body: {
      amount: 1999,
      currency: 'EUR',
      payment_method: 'pm_test_visa',
      description: 'Order 42',
      metadata: { order: '42' },
    },
    reply: payment,
  },
  'payments/get': { reply: payment },
  'payments/list': { reply: list(payment) },
  'payments/capture': { body: { amount: 500 }, reply: capture },
  'payments/refund': { body: { amount: 500, reason: 'damaged' }, reply: refund },
  'payments/void': { body: {}, reply: cancel },
  'captures/get': { reply: capture },
  'captures/list': { reply: list(capture) },
  'refunds/get': { reply: refund },
  'refunds/list': { reply: list(refund) },
  'voids/get': { reply: cancel },
  'voids/list': { reply: list(cancel) },
  'keys/create': {
    body: { name: 'Web shop', scopes: ['payments:read', 'payments:write'], allowed_addresses: ['203.0.113.0/24'] },
    reply: { ...key, secret },
  },
  'keys/list': { reply: list(key) },
  'keys/rotate': { body: {}, reply: { ...key, id: ids.nextKey, rotated_from: ids.key, secret } },
  'keys/revoke': { reply: { ...key, status: 'revoked' } },
  'events/get': { reply: event },
  'events/list': { reply: list(event) },
  'audit_entries/list': { reply: list(entry) },
  'tenants/create': {
    body: { name: 'Blue Bottle Books', zone: 'us' },
    reply: { ...tenant, mode: 'test', key: ids.key, secret_key: secret },
  },
  'tenants/create_key': {
    body: { name: 'New key', scopes: ['keys:read', 'keys:write'] },
    reply: { ...key, name: 'New key', scopes: ['keys:read', 'keys:write'], allowed_addresses: null, secret },
  },
  'tenants/get': { reply: tenant },
  'tenants/update': {
    body: { name: 'Blue Bottle Books & Co.' },
    reply: { ...tenant, name: 'Blue Bottle Books & Co.' },
  },
};
