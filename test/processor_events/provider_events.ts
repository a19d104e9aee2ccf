// What Stripe and Adyen send about a payment, as they document it.

import { type AdyenItem, item } from '../../processor/stand_ins/adyen_stub.ts';
import { dispute, event, paymentIntent, refund as refundObject } from '../../processor/stand_ins/stripe_objects.ts';

export const stripeEvent = event;

export const intentOf = (payment: string, changes: object = {}, marks: Readonly<Record<string, number>> = {}) => ({
  ...paymentIntent(),
  metadata: {
    reference: payment,
    order: payment,
    ...Object.fromEntries(Object.entries(marks).map(([id, amount]) => [id, String(amount)])),
  },
  ...changes,
});

export const authorizedEvent = (payment: string) =>
  stripeEvent('payment_intent.amount_capturable_updated', intentOf(payment));

export const refundOf = (payment: string, refund: string, amount: number, changes: object) => ({
  ...refundObject({ id: `re_${refund}`, amount, metadata: { reference: payment, order: refund } }),
  ...changes,
});

export const disputeEvent = (type: 'created' | 'updated' | 'closed', status: string, amount = 1000) =>
  stripeEvent(`charge.dispute.${type}`, dispute({ status, amount }));

const disputes = ['NOTIFICATION_OF_CHARGEBACK', 'CHARGEBACK', 'CHARGEBACK_REVERSED'];

/** Of the charge PSP1, about the payment or one of its parts. */
export const adyenItem = (eventCode: string, payment: string, part?: readonly [string, number]): AdyenItem =>
  item({
    eventCode,
    merchantReference: part === undefined ? payment : `${payment}-${part[0]}`,
    ...(part === undefined && eventCode === 'AUTHORISATION'
      ? { pspReference: 'PSP1' }
      : {
          // One dispute has one, in all of its events.
          pspReference: `${disputes.includes(eventCode) ? 'DISPUTE' : eventCode}-${(part?.[0] ?? payment).slice(-8)}`,
          originalReference: 'PSP1',
        }),
    amount: { value: part?.[1] ?? 1000, currency: 'EUR' },
  });
