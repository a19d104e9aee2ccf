// What Stripe and Adyen send about a payment, as they document it.

import { type AdyenItem, item } from '../processors/adyen_stub.ts';

let made = 0;

export const stripeEvent = (type: string, object: object) => {
  made += 1;
  return { id: `evt_${made}`, type, created: 1_790_000_000, data: { object } };
};

export const intentOf = (payment: string, changes: object = {}, marks: Readonly<Record<string, number>> = {}) => ({
  id: 'pi_1',
  object: 'payment_intent',
  status: 'requires_capture',
  amount: 1000,
  amount_capturable: 1000,
  amount_received: 0,
  currency: 'eur',
  capture_method: 'manual',
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
  id: `re_${refund}`,
  object: 'refund',
  status: 'succeeded',
  amount,
  currency: 'eur',
  payment_intent: 'pi_1',
  metadata: { reference: payment, order: refund },
  ...changes,
});

export const disputeEvent = (type: 'created' | 'updated' | 'closed', status: string, amount = 1000) =>
  stripeEvent(`charge.dispute.${type}`, {
    id: 'du_1',
    object: 'dispute',
    payment_intent: 'pi_1',
    status,
    amount,
    currency: 'eur',
  });

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
