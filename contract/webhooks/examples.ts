// One example for each operation on webhook endpoints and deliveries, and for each of their events.

import { apiVersions } from '../kernel/api_versions.ts';
import { type Examples, exampleIds, exampleTime, listOf } from '../kernel/examples.ts';
import type * as operations from './operations.ts';

/** Has the form of a secret, and is none. */
const secret = 'whsec_…_shown_once';

const webhookEndpoint = {
  id: exampleIds.webhook_endpoint,
  object: 'webhook_endpoint',
  mode: 'test',
  url: 'https://hooks.example.com/strongroom',
  events: ['payment.*', 'refund.succeeded'],
  api_version: apiVersions[0],
  ordering: 'strict',
  status: 'enabled',
  verification_failure: null,
  disabled_reason: null,
  rejecting_percent: null,
  description: 'Order desk',
  metadata: {},
  created_at: exampleTime,
};
const pending = { ...webhookEndpoint, status: 'pending_verification' };
const disabled = { ...webhookEndpoint, status: 'disabled', disabled_reason: 'requested' };
const deleted = { ...webhookEndpoint, status: 'deleted' };
const underEndpoint = { mode: 'test', webhook_endpoint: exampleIds.webhook_endpoint, created_at: exampleTime };
const webhookSecret = { id: exampleIds.webhook_secret, object: 'webhook_secret', ...underEndpoint };
const webhookTest = { id: exampleIds.webhook_test, object: 'webhook_test', ...underEndpoint };
const replay = {
  id: exampleIds.replay,
  object: 'replay',
  ...underEndpoint,
  from: '2026-11-20T00:00:00.000Z',
  to: '2026-11-21T00:00:00.000Z',
  status: 'running',
  events: 0,
  continues_from: null,
};
const attempt = {
  number: 1,
  at: exampleTime,
  outcome: 'rejected',
  status: 503,
  latency_ms: 87,
  response: 'Down for maintenance',
  reason: 'status',
};
const delivery = {
  id: exampleIds.delivery,
  object: 'delivery',
  ...underEndpoint,
  event: exampleIds.event,
  event_type: 'payment.captured',
  aggregate_id: exampleIds.payment,
  event_sequence: 2,
  status: 'pending',
  attempts: [attempt],
  due_at: '2026-11-21T10:15:45.310Z',
  blocked_by: null,
  replay: null,
};

const retried = { ...delivery, due_at: '2026-11-21T10:15:40.000Z' };
const skipped = { ...delivery, status: 'skipped', due_at: null };

export const examples = {
  operations: {
    'webhook_endpoints/create': {
      body: { url: webhookEndpoint.url, events: webhookEndpoint.events, description: webhookEndpoint.description },
      reply: { ...pending, secret },
    },
    'webhook_endpoints/list': { reply: listOf(webhookEndpoint) },
    'webhook_endpoints/get': { reply: webhookEndpoint },
    'webhook_endpoints/update': {
      body: { status: 'disabled' },
      reply: disabled,
    },
    'webhook_endpoints/delete': { reply: deleted },
    'webhook_endpoints/verify': { body: {}, reply: pending },
    'webhook_endpoints/rotate_secret': { body: {}, reply: { ...webhookSecret, secret } },
    'webhook_endpoints/test': { body: {}, reply: webhookTest },
    'webhook_endpoints/replay': { body: { from: replay.from, to: replay.to }, reply: replay },
    'replays/get': { reply: { ...replay, status: 'completed', events: 1900 } },
    'deliveries/list': { reply: listOf(delivery) },
    'deliveries/get': { reply: delivery },
    'deliveries/retry': { body: {}, reply: retried },
    'deliveries/skip': { body: {}, reply: skipped },
  },
  events: {
    'webhook_endpoint.created': { happens: 'A webhook endpoint was made.', data: pending, first: true },
    'webhook_endpoint.updated': {
      happens: 'A webhook endpoint was changed, enabled or disabled on request.',
      data: disabled,
    },
    'webhook_endpoint.deleted': {
      happens: 'A webhook endpoint was deleted.',
      data: deleted,
    },
    'webhook_endpoint.verification_requested': {
      happens: 'Somebody asked for the address of a webhook endpoint to be challenged again.',
      data: pending,
    },
    'webhook_endpoint.verified': {
      happens: 'The address of a webhook endpoint answered its challenge: what was parked goes on.',
      data: webhookEndpoint,
    },
    'webhook_endpoint.secret_rotated': {
      happens: 'The secret of a webhook endpoint was rotated; the old one signs for another 24 hours.',
      data: webhookSecret,
    },
    'webhook_endpoint.tested': {
      happens: 'A test was asked for: the one event about itself that an endpoint gets.',
      data: webhookTest,
    },
    'webhook_endpoint.replayed': { happens: 'Past events are delivered to an endpoint again.', data: replay },
    'webhook_endpoint.failing': {
      happens:
        'An endpoint gives answers of 4xx in a row, and will be disabled: "rejecting_percent" says how near that is.',
      data: { ...webhookEndpoint, rejecting_percent: 50 },
    },
    'webhook_endpoint.disabled': {
      happens: 'An endpoint was disabled by its own answers; its deliveries are parked.',
      data: { ...webhookEndpoint, status: 'disabled', disabled_reason: 'rejecting' },
    },
    'delivery.retried': {
      happens: 'Somebody asked for a delivery to be attempted at once.',
      data: retried,
    },
    'delivery.skipped': {
      happens: 'Somebody decided that a delivery is not sent; what waited behind it goes on.',
      data: skipped,
    },
    'delivery.failed': {
      happens: 'The last attempt of a delivery failed; it can still be retried.',
      data: { ...delivery, status: 'failed', due_at: null },
    },
  },
} satisfies Examples<typeof operations, 'webhook_endpoint' | 'delivery'>;
