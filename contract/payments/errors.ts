// Errors of payments, captures, refunds and voids: stable codes (RFC 9457). A code is never renamed once published.

import type { CatalogueError } from '../kernel/error.ts';

export const errors = {
  payment_not_found: { status: 404, title: 'No such payment', detail: 'There is no such payment.', retriable: false },
  capture_not_found: { status: 404, title: 'No such capture', detail: 'There is no such capture.', retriable: false },
  refund_not_found: { status: 404, title: 'No such refund', detail: 'There is no such refund.', retriable: false },
  void_not_found: { status: 404, title: 'No such void', detail: 'There is no such void.', retriable: false },
  payment_method_unknown: {
    status: 422,
    title: 'Unknown payment method',
    detail: 'The payment’s processor knows no such payment method.',
    retriable: false,
  },
  test_processor_missing: {
    status: 422,
    title: 'No test processor',
    detail: 'This deployment has no test processor: name a connection to a provider’s test mode.',
    retriable: false,
  },
  velocity_exceeded: {
    status: 429,
    title: 'Too many payments',
    detail: 'The card, customer, payer’s address or tenant has begun as many live payments in this hour as it may.',
    retriable: true,
  },
  payment_not_cancelable: {
    status: 409,
    title: 'Not cancelable',
    detail: 'Only a payment that waits for its payer can be canceled.',
    retriable: false,
  },
  payment_not_capturable: {
    status: 409,
    title: 'Not capturable',
    detail: 'Only an authorized payment can be captured.',
    retriable: false,
  },
  payment_disputed: {
    status: 409,
    title: 'Payment disputed',
    detail: 'The payer disputes the payment: a refund may pay the same money twice.',
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
} as const satisfies Record<string, CatalogueError>;
