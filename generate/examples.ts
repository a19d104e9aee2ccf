// One example for each operation: what is sent and what comes back. test/docs parses each with the schema that the
// pipeline itself uses, so that no example can show what the API would refuse.

import type { OperationId } from '../contract/capabilities.ts';
import {
  bareCustomer,
  barePaymentMethod,
  cancel,
  capture,
  connection,
  customer,
  delivery,
  entry,
  event,
  exampleIds as ids,
  key,
  payment,
  paymentMethod,
  refund,
  replay,
  tenant,
  webhookEndpoint,
  webhookSecret,
  webhookTest,
} from './example_objects.ts';

const list = (item: unknown) => ({ object: 'list', data: [item], has_more: false, next_cursor: null });
/** Shaped like secrets, and none. */
const secret = 'sk_test_us_…_shown_once';
const signingSecret = 'whsec_…_shown_once';
/** Nobody's. */
const credentials = { api_key: 'rk_test_an_example_and_nobodys', webhook_secret: 'whsec_an_example_and_nobodys' };

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
  'customers/create': {
    body: {
      name: customer.name,
      email: customer.email,
      phone: customer.phone,
      address: { line1: '221B Baker Street', city: 'London', postal_code: 'NW1 6XE', country: 'GB' },
      metadata: customer.metadata,
    },
    reply: customer,
  },
  'customers/list': { reply: list(customer) },
  'customers/get': { reply: customer },
  'customers/update': { body: { phone: null }, reply: { ...customer, phone: null } },
  'customers/delete': { reply: { ...bareCustomer, status: 'deleted' } },
  'payment_methods/create': {
    body: { token: 'pm_test_visa', card: paymentMethod.card },
    reply: paymentMethod,
  },
  'payment_methods/list': { reply: list(paymentMethod) },
  'payment_methods/get': { reply: paymentMethod },
  'payment_methods/delete': { reply: barePaymentMethod },
  'keys/create': {
    body: { name: 'Web shop', scopes: ['payments:read', 'payments:write'], allowed_addresses: ['203.0.113.0/24'] },
    reply: { ...key, secret },
  },
  'keys/list': { reply: list(key) },
  'keys/rotate': { body: {}, reply: { ...key, id: ids.nextKey, rotated_from: ids.key, secret } },
  'keys/revoke': { reply: { ...key, status: 'revoked' } },
  'events/get': { reply: event },
  'events/list': { reply: list(event) },
  'webhook_endpoints/create': {
    body: { url: webhookEndpoint.url, events: webhookEndpoint.events, description: webhookEndpoint.description },
    reply: { ...webhookEndpoint, secret: signingSecret },
  },
  'webhook_endpoints/list': { reply: list(webhookEndpoint) },
  'webhook_endpoints/get': { reply: webhookEndpoint },
  'webhook_endpoints/update': {
    body: { status: 'disabled' },
    reply: { ...webhookEndpoint, status: 'disabled', disabled_reason: 'requested' },
  },
  'webhook_endpoints/delete': { reply: { ...webhookEndpoint, status: 'deleted' } },
  'webhook_endpoints/rotate_secret': { body: {}, reply: { ...webhookSecret, secret: signingSecret } },
  'webhook_endpoints/test': { body: {}, reply: webhookTest },
  'webhook_endpoints/replay': { body: { from: replay.from, to: replay.to }, reply: replay },
  'deliveries/list': { reply: list(delivery) },
  'deliveries/get': { reply: delivery },
  'deliveries/retry': { body: {}, reply: { ...delivery, due_at: '2026-11-21T10:15:40.000Z' } },
  'deliveries/skip': { body: {}, reply: { ...delivery, status: 'skipped', due_at: null } },
  'connections/create': {
    body: { provider: 'stripe', ...credentials },
    reply: { ...connection, webhook_secret: null },
  },
  'connections/list': { reply: list(connection) },
  'connections/get': { reply: connection },
  'connections/delete': { reply: { ...connection, status: 'deleted' } },
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
