// The events that merchants receive: what has happened, and an example of the object as it is left. A type of the
// contract that is missing here does not compile; operators' and the platform's own have no receiver.

import { type EventType, events, type platformAggregates } from '../contract/kernel/vocabulary.ts';
import {
  bareCustomer,
  barePaymentMethod,
  cancel,
  capture,
  connection,
  delivery,
  event,
  exampleIds as ids,
  key,
  payment,
  refund,
  replay,
  tenant,
  webhookEndpoint,
  webhookSecret,
  webhookTest,
} from './example_objects.ts';

/** Types whose aggregate belongs to a tenant. */
export type SentEvent = {
  [Type in EventType]: (typeof events)[Type] extends (typeof platformAggregates)[number] ? never : Type;
}[EventType];

interface Told {
  /** A sentence. */
  readonly happens: string;
  /** Absent: `data.object` names it. */
  readonly schema?: string;
  readonly data: { readonly id: string; readonly object: string; readonly [field: string]: unknown };
}

const declined = (what: string) => ({
  code: `${what}_declined`,
  decline_code: 'generic_decline',
  message: 'The payment method was declined.',
  retriable: false,
});
const nothingMoved = { amount_authorized: 0, amount_captured: 0 };

export const eventCatalogue: Readonly<Record<SentEvent, Told>> = {
  'payment.created': {
    happens: 'A payment was made; its outcome is not known yet.',
    data: { ...payment, ...nothingMoved, status: 'processing' },
  },
  'payment.requires_action': {
    happens: 'The payer has to do something before the payment can go on: see "next_action".',
    data: {
      ...payment,
      ...nothingMoved,
      status: 'requires_action',
      next_action: { type: 'redirect', url: 'https://bank.example.com/confirm' },
    },
  },
  'payment.requires_approval': {
    happens: 'The payment waits in the processor’s review.',
    data: { ...payment, ...nothingMoved, status: 'requires_approval' },
  },
  'payment.pending': {
    happens: 'The processor has taken the payment and will tell its outcome later.',
    data: { ...payment, ...nothingMoved, status: 'pending' },
  },
  'payment.authorized': {
    happens: 'The amount is authorized and can be captured.',
    data: { ...payment, amount_captured: 0, status: 'authorized', capture_method: 'manual' },
  },
  'payment.captured': { happens: 'The payment was charged.', data: payment },
  'payment.failed': {
    happens: 'The payment failed, and nothing was charged: see "last_error".',
    data: { ...payment, ...nothingMoved, status: 'failed', last_error: declined('card') },
  },
  'payment.released': {
    happens:
      'The processor let go of what was not captured, though nobody here asked: an authorization that ran out, or was canceled in the processor’s own pages.',
    data: { ...payment, amount_captured: 500, amount_voided: 1499, capture_method: 'manual' },
  },
  'payment.disputed': {
    happens: 'The payer disputes the charge at the processor.',
    data: { ...payment, disputed: true },
  },
  'payment.dispute_closed': {
    happens: 'A dispute of the charge has ended; "disputed" tells whether another is still open.',
    data: payment,
  },
  'capture.created': {
    happens: 'A capture was asked for; it holds its amount until its outcome is known.',
    data: { ...capture, status: 'processing' },
  },
  'capture.succeeded': { happens: 'The amount was captured.', data: capture },
  'capture.failed': {
    happens:
      'The capture failed, and its amount is free again. A processor may tell so after it had told of its success.',
    data: { ...capture, status: 'failed', last_error: declined('capture') },
  },
  'refund.created': {
    happens: 'A refund was asked for; it holds its amount until its outcome is known.',
    data: { ...refund, status: 'processing' },
  },
  'refund.succeeded': { happens: 'The amount was given back.', data: refund },
  'refund.failed': {
    happens:
      'The refund failed, and its amount is free again. A processor may tell so after it had told of its success.',
    data: { ...refund, status: 'failed', last_error: declined('refund') },
  },
  'void.created': {
    happens: 'A void was asked for; its outcome is not known yet.',
    data: { ...cancel, status: 'processing' },
  },
  'void.succeeded': { happens: 'The amount was released without being captured.', data: cancel },
  'void.failed': {
    happens: 'The void failed, and its amount is authorized as before.',
    data: { ...cancel, status: 'failed', last_error: declined('void') },
  },
  'key.created': { happens: 'An API key was made.', data: key },
  'key.rotated': {
    happens: 'An API key got a successor, which "data" shows; the old one works for another 24 hours.',
    data: { ...key, id: ids.nextKey, rotated_from: ids.key },
  },
  'key.revoked': { happens: 'An API key was revoked.', data: { ...key, status: 'revoked' } },
  'webhook_endpoint.created': { happens: 'A webhook endpoint was made.', data: webhookEndpoint },
  'webhook_endpoint.updated': {
    happens: 'A webhook endpoint was changed, enabled or disabled on request.',
    data: { ...webhookEndpoint, status: 'disabled', disabled_reason: 'requested' },
  },
  'webhook_endpoint.deleted': {
    happens: 'A webhook endpoint was deleted.',
    data: { ...webhookEndpoint, status: 'deleted' },
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
    data: { ...delivery, due_at: '2026-11-21T10:15:40.000Z' },
  },
  'delivery.skipped': {
    happens: 'Somebody decided that a delivery is not sent; what waited behind it goes on.',
    data: { ...delivery, status: 'skipped', due_at: null },
  },
  'delivery.failed': {
    happens: 'The last attempt of a delivery failed; it can still be retried.',
    data: { ...delivery, status: 'failed', due_at: null },
  },
  'customer.created': { happens: 'A customer was created.', schema: 'BareCustomer', data: bareCustomer },
  'customer.updated': {
    happens: 'What is known of a customer was changed. Read the customer for what it is now.',
    schema: 'BareCustomer',
    data: bareCustomer,
  },
  'customer.deleted': {
    happens: 'A customer was deleted, and the key under which the person’s data is sealed destroyed.',
    schema: 'BareCustomer',
    data: { ...bareCustomer, status: 'deleted' },
  },
  'payment_method.saved': {
    happens: 'A payment method was saved for a customer.',
    schema: 'BarePaymentMethod',
    data: barePaymentMethod,
  },
  'payment_method.removed': {
    happens: 'A saved payment method was removed, and its token destroyed.',
    schema: 'BarePaymentMethod',
    data: barePaymentMethod,
  },
  'connection.created': { happens: 'A payment processor was connected.', data: connection },
  'connection.deleted': {
    happens: 'A payment processor was disconnected, and its credentials destroyed.',
    data: { ...connection, status: 'deleted' },
  },
  'tenant.created': { happens: 'The tenant was made.', data: tenant },
  'tenant.updated': {
    happens: 'The tenant’s name or metadata were changed.',
    data: { ...tenant, name: 'Blue Bottle Books & Co.' },
  },
};

/** Whose sequence a fact about something under them carries. */
const parents: Readonly<Record<string, string>> = {
  payment: ids.payment,
  webhook_endpoint: ids.webhook_endpoint,
  customer: ids.customer,
};
const firsts: readonly SentEvent[] = [
  'payment.created',
  'key.created',
  'key.rotated',
  'webhook_endpoint.created',
  'connection.created',
  'customer.created',
  'tenant.created',
];

/** The event as it is sent, and as the API shows it. */
export function eventExample(type: SentEvent) {
  const { data } = eventCatalogue[type];
  const aggregate = events[type];
  return {
    ...event,
    type,
    aggregate_type: aggregate,
    aggregate_id: data.object === aggregate ? data.id : (parents[aggregate] ?? ''),
    sequence: firsts.includes(type) ? 1 : 2,
    data,
  };
}
