// One example for each operation on events. A test holds the event against the example that its own capability gives.

import { type Examples, exampleIds, exampleTime, listOf } from '../kernel/examples.ts';
import type * as operations from './operations.ts';

const event = {
  id: exampleIds.event,
  object: 'event',
  mode: 'test',
  type: 'payment.captured',
  occurred_at: exampleTime,
  schema_version: 1,
  tenant_id: exampleIds.tenant,
  aggregate_type: 'payment',
  aggregate_id: exampleIds.payment,
  sequence: 2,
  data: {
    id: exampleIds.payment,
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
    reference: 'order-42',
    setup_future_usage: null,
    off_session: false,
    customer: null,
    payment_method: 'pm_test_visa',
    connection: null,
    description: 'Order 42',
    disputed: false,
    last_dispute: null,
    last_error: null,
    next_action: null,
    expires_at: null,
    metadata: { order: '42' },
    created_at: exampleTime,
  },
};

export const examples = {
  operations: { 'events/get': { reply: event }, 'events/list': { reply: listOf(event) } },
  events: {},
} satisfies Examples<typeof operations>;
