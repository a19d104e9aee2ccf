// One example for each operation on payments, captures, refunds and voids, and for each of their events.

import { type Examples, exampleIds, exampleTime, listOf } from '../kernel/examples.ts';
import type * as operations from './operations.ts';

const payment = {
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
  setup_future_usage: null,
  off_session: false,
  customer: null,
  payment_method: 'pm_test_visa',
  connection: null,
  description: 'Order 42',
  reference: 'order-42',
  disputed: false,
  last_dispute: null,
  last_error: null,
  next_action: null,
  expires_at: null,
  metadata: { order: '42' },
  created_at: exampleTime,
};
/** As its merchant reads it; no event holds what opens it. */
const clientSecret = `${exampleIds.payment}_secret_k3mzqvw5c2xa7tn4r6yudlhojp3ebigf5s2qk7x`;
const shown = { ...payment, client_secret: clientSecret, client: null };
const opened = {
  ...payment,
  status: 'requires_payment_method',
  amount_authorized: 0,
  amount_captured: 0,
  payment_method: null,
  expires_at: '2026-11-02T11:00:00.000Z',
};
const dispute = { id: 'du_1', status: 'open', amount: 1999, currency: 'EUR' };
const modification = {
  mode: 'test',
  status: 'succeeded',
  amount: 500,
  currency: 'EUR',
  payment: exampleIds.payment,
  last_error: null,
  created_at: exampleTime,
};
const capture = { id: exampleIds.capture, object: 'capture', ...modification };
const refund = { id: exampleIds.refund, object: 'refund', ...modification, reason: 'damaged' };
const cancel = { id: exampleIds.void, object: 'void', ...modification };

const nothingMoved = { amount_authorized: 0, amount_captured: 0 };
const declined = (what: string) => ({
  code: `${what}_declined`,
  decline_code: 'generic_decline',
  raw_decline_code: 'generic_decline',
  message: 'The payment method was declined.',
  retriable: false,
});

/** Of the object in events of payments. */
const schema = 'BarePayment';

export const examples = {
  operations: {
    'payments/create': {
      body: {
        amount: 1999,
        currency: 'EUR',
        payment_method: 'pm_test_visa',
        description: 'Order 42',
        reference: 'order-42',
        metadata: { order: '42' },
      },
      reply: shown,
    },
    'payments/confirm': { body: {}, reply: shown },
    'payments/update': {
      body: { description: 'Order 42, delivered' },
      reply: { ...shown, description: 'Order 42, delivered' },
    },
    'payments/cancel': {
      body: {},
      reply: { ...opened, client_secret: clientSecret, client: null, status: 'canceled' },
    },
    'payments/get': { reply: shown },
    'payments/list': { reply: listOf({ ...shown, client_secret: null }) },
    'payments/capture': { body: { amount: 500 }, reply: capture },
    'payments/refund': { body: { amount: 500, reason: 'damaged' }, reply: refund },
    'payments/void': { body: {}, reply: cancel },
    'captures/get': { reply: capture },
    'captures/list': { reply: listOf(capture) },
    'refunds/get': { reply: refund },
    'refunds/list_all': { reply: listOf(refund) },
    'refunds/list': { reply: listOf(refund) },
    'voids/get': { reply: cancel },
    'voids/list': { reply: listOf(cancel) },
  },
  events: {
    'payment.created': {
      schema,
      happens: 'A payment was made; its outcome is not known yet.',
      data: { ...payment, ...nothingMoved, status: 'processing' },
      first: true,
    },
    'payment.requires_payment_method': {
      schema,
      happens: 'The payment waits for its payer to choose a payment method in the processor’s fields.',
      data: opened,
    },
    'payment.attempt_failed': {
      schema,
      happens: 'The payer’s choice failed, and they may choose again: see "last_error".',
      data: { ...opened, last_error: declined('card') },
    },
    'payment.requires_action': {
      schema,
      happens: 'The payer has to do something before the payment can go on: see "next_action".',
      data: {
        ...payment,
        ...nothingMoved,
        status: 'requires_action',
        next_action: { type: 'redirect', method: 'GET', url: 'https://bank.example.com/confirm', fields: null },
      },
    },
    'payment.requires_approval': {
      schema,
      happens: 'The payment waits in the processor’s review.',
      data: { ...payment, ...nothingMoved, status: 'requires_approval' },
    },
    'payment.pending': {
      schema,
      happens: 'The processor has taken the payment and will tell its outcome later.',
      data: { ...payment, ...nothingMoved, status: 'pending' },
    },
    'payment.authorized': {
      schema,
      happens: 'The amount is authorized and can be captured.',
      data: { ...payment, amount_captured: 0, status: 'authorized', capture_method: 'manual' },
    },
    'payment.captured': { schema, happens: 'The payment was charged.', data: payment },
    'payment.unresolved': {
      schema,
      happens: 'Nobody told the outcome in 31 days, which is longer than anything takes: look at the processor.',
      data: { ...payment, status: 'unresolved' },
    },
    'payment.failed': {
      schema,
      happens: 'The payment failed, and nothing was charged: see "last_error".',
      data: { ...payment, ...nothingMoved, status: 'failed', last_error: declined('card') },
    },
    'payment.canceled': {
      schema,
      happens: 'The payment ended before its payer had paid: it was canceled, here or at the processor.',
      data: { ...opened, status: 'canceled' },
    },
    'payment.expired': {
      schema,
      happens: 'The time of the payer is over, and nothing was paid.',
      data: { ...opened, status: 'expired' },
    },
    'payment.capture_failed': {
      schema,
      happens:
        'The capture that the payment was made with failed at the processor afterwards: it is authorized, and not captured.',
      data: { ...payment, status: 'authorized' },
    },
    'payment.released': {
      schema,
      happens:
        'The processor let go of what was not captured, though nobody here asked: an authorization that ran out, or was canceled in the processor’s own pages.',
      data: { ...payment, amount_captured: 500, amount_voided: 1499, capture_method: 'manual' },
    },
    'payment.updated': {
      schema,
      happens: 'What a merchant wrote into a payment was changed.',
      data: { ...payment, description: 'Order 42, delivered' },
    },
    'payment.corrected': {
      schema,
      happens:
        'A region failed, and the last writes to the payment that it had not passed on were lost. They are put right: "data" shows the payment as its processor has it.',
      data: { ...payment, status: 'captured', amount_refunded: 500 },
    },
    'payment.disputed': {
      schema,
      happens: 'The payer disputes the charge at the processor.',
      data: { ...payment, disputed: true, last_dispute: dispute },
    },
    'payment.dispute_closed': {
      schema,
      happens: 'A dispute of the charge has ended; "disputed" tells whether another is still open.',
      data: { ...payment, last_dispute: { ...dispute, status: 'lost' } },
    },
    'capture.created': {
      happens: 'A capture was asked for; it holds its amount until its outcome is known.',
      data: { ...capture, status: 'processing' },
    },
    'capture.succeeded': { happens: 'The amount was captured.', data: capture },
    'capture.unresolved': {
      happens: 'Nobody told the outcome in 31 days; what it holds stays held.',
      data: { ...capture, status: 'unresolved' },
    },
    'capture.failed': {
      happens:
        'The capture failed, and its amount is free again. A processor may report this after it had reported success.',
      data: { ...capture, status: 'failed', last_error: declined('capture') },
    },
    'refund.created': {
      happens: 'A refund was asked for; it holds its amount until its outcome is known.',
      data: { ...refund, status: 'processing' },
    },
    'refund.succeeded': { happens: 'The amount was given back.', data: refund },
    'refund.unresolved': {
      happens: 'Nobody told the outcome in 31 days; what it holds stays held.',
      data: { ...refund, status: 'unresolved' },
    },
    'refund.failed': {
      happens:
        'The refund failed, and its amount is free again. A processor may report this after it had reported success.',
      data: { ...refund, status: 'failed', last_error: declined('refund') },
    },
    'void.created': {
      happens: 'A void was asked for; its outcome is not known yet.',
      data: { ...cancel, status: 'processing' },
    },
    'void.succeeded': { happens: 'The amount was released without being captured.', data: cancel },
    'void.unresolved': {
      happens: 'Nobody told the outcome in 31 days; what it holds stays held.',
      data: { id: exampleIds.void, object: 'void', ...modification, status: 'unresolved' },
    },
    'void.failed': {
      happens: 'The void failed, and its amount is authorized as before.',
      data: { ...cancel, status: 'failed', last_error: declined('void') },
    },
  },
} satisfies Examples<typeof operations, 'payment'>;
