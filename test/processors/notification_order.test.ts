// Late, repeated and shuffled: whatever the order in which a provider's notifications come, and how often, a payment ends
// where its answers would have left it.

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Secret } from '../../lambdas/kernel/crypto/secret.ts';
import { adyenNotifications } from '../../lambdas/processors/adyen/notifications.ts';
import type { Notification } from '../../lambdas/processors/notification.ts';
import type { Processor } from '../../lambdas/processors/processor.ts';
import { stripeNotifications } from '../../lambdas/processors/stripe/notifications.ts';
import { signed } from '../../lambdas/processors/timed_signature.ts';
import {
  AdyenStub,
  hmacKey,
  item,
  merchantAccount,
  messageOf,
  storedCard,
} from '../../processor/stand_ins/adyen_stub.ts';
import { StripeStub } from '../../processor/stand_ins/stripe_stub.ts';
import { NotifiedPayment } from './notified_payment.ts';
import { adyenAdapter, stripeAdapter } from './stub_adapters.ts';

const secret = new Secret('whsec_c3Ryb25ncm9vbS10ZXN0LXNlY3JldA');
const nowMs = 1_790_000_000_000;
const stripe = new StripeStub();
const adyen = new AdyenStub();
beforeAll(() => Promise.all([stripe.start(), adyen.start()]));
afterAll(() => Promise.all([stripe.server.stop(), adyen.server.stop()]));

function drainStripe(): Notification[] {
  return stripe.events.splice(0).flatMap((event) => {
    const raw = Buffer.from(JSON.stringify(event));
    const received = stripeNotifications('test').receive(raw, () => signed(raw, [secret], nowMs), [secret], nowMs);
    if ('refused' in received) throw new Error(received.refused);
    return received.notifications;
  });
}

function drainAdyen(): Notification[] {
  return adyen.items.splice(0).flatMap((each) => {
    const received = adyenNotifications(merchantAccount, 'test').receive(
      messageOf(each),
      () => undefined,
      [new Secret(hmacKey)],
      0,
    );
    if ('refused' in received) throw new Error(received.refused);
    return received.notifications;
  });
}

/** Every notification at least once, some again, in any order. */
const shuffled = (notifications: readonly Notification[]) =>
  fc.array(fc.constantFrom(...notifications), { maxLength: 6 }).chain((again) => {
    const all = [...notifications, ...again];
    return fc.shuffledSubarray(all, { minLength: all.length });
  });

const copyOf = (payment: NotifiedPayment): NotifiedPayment => {
  const copy = new NotifiedPayment('pm_x', 'manual');
  copy.payment = structuredClone(payment.payment);
  for (const [id, modification] of payment.modifications) copy.modifications.set(id, structuredClone(modification));
  return copy;
};

/** From `before`, by any shuffle, to `end`. */
const endsThere = (before: NotifiedPayment, notifications: readonly Notification[], end: NotifiedPayment['end']) =>
  fc.assert(
    fc.property(shuffled(notifications), (order) => {
      const payment = copyOf(before);
      for (const notification of order) payment.notify(notification);
      expect(payment.end).toEqual(end);
    }),
    { numRuns: 50 },
  );

const providers = [
  {
    name: 'Stripe',
    adapter: (): Processor => stripeAdapter(stripe),
    token: 'pm_card_visa',
    drain: drainStripe,
    settles: true,
  },
  {
    name: 'Adyen',
    adapter: (): Processor => adyenAdapter(adyen),
    token: storedCard('ok'),
    drain: drainAdyen,
    settles: false,
  },
];

describe.each(providers)('$name', ({ adapter, token, drain, settles }) => {
  test('[PAY-2] captures, a void and a refund whose answers were all lost are settled by notifications alone', async () => {
    const payment = new NotifiedPayment(token, 'manual');
    const received: Notification[] = [];
    const execute = async (...orders: NotifiedPayment['order'][]) => {
      for (const order of orders) await adapter().send(order, `${order.id}.1`, 2_000);
      received.push(...drain());
      const answered = copyOf(payment);
      for (const notification of received) answered.notify(notification);
      // Whatever came before comes again, in any order, beside what is new.
      endsThere(payment, received, answered.end);
      for (const notification of received) payment.notify(notification);
    };
    await execute(payment.order);
    expect(payment.end).toMatchObject({ status: 'authorized', amounts: { amount_authorized: 1000 } });
    await execute(payment.request('capture', 400), payment.request('capture', 350));
    await execute(payment.request('void', 250));
    await execute(payment.request('refund', 100), payment.request('refund', 650));
    expect(payment.end).toEqual({
      status: 'captured',
      charge: expect.any(String),
      last_error: null,
      disputed: false,
      amounts: {
        amount_authorized: 1000,
        amount_captured: 750,
        amount_voided: 250,
        amount_refunded: 750,
        capture_reserved: 0,
        refund_reserved: 0,
      },
      modifications: [
        'capture 400 succeeded',
        'capture 350 succeeded',
        'void 250 succeeded',
        'refund 100 succeeded',
        'refund 650 succeeded',
      ],
    });
  });

  test('[PAY-2] what the answers have settled, no notification changes', async () => {
    const payment = new NotifiedPayment(token, 'automatic');
    payment.answered(payment.order, await adapter().send(payment.order, `${payment.order.id}.1`, 2_000));
    expect(payment.end).toMatchObject({ status: 'captured' });
    const refund = payment.request('refund', 400);
    const fact = await adapter().send(refund, `${refund.id}.1`, 2_000);
    expect(fact.kind).toBe(settles ? 'approved' : 'pending');
    payment.answered(refund, fact);
    const received = drain();
    const once = copyOf(payment);
    for (const notification of received) once.notify(notification);
    expect(once.end.amounts).toMatchObject({ amount_captured: 1000, amount_refunded: 400, refund_reserved: 0 });
    endsThere(payment, received, once.end);
  });

  test('[PAY-2] the notifications of one payment change no other', async () => {
    const [one, another] = [new NotifiedPayment(token, 'manual'), new NotifiedPayment(token, 'manual')];
    await adapter().send(one.order, `${one.order.id}.1`, 2_000);
    const before = another.end;
    for (const notification of drain()) another.notify(notification);
    expect(another.end).toEqual(before);
  });
});

test('[PAY-2] Stripe: a challenge that comes after its outcome is forgotten, passed or failed', async () => {
  for (const passes of [true, false]) {
    const payment = new NotifiedPayment('pm_card_3ds', 'automatic');
    const fact = await stripeAdapter(stripe).send(payment.order, `${payment.order.id}.1`, 2_000);
    if (fact.kind !== 'requires_action') throw new Error('no challenge');
    const failed = {
      status: 'requires_payment_method',
      last_payment_error: { code: 'payment_intent_authentication_failure' },
    };
    const passed = { status: 'succeeded', amount_received: 1000, next_action: null };
    stripe.change(fact.charge, passes ? passed : failed, `payment_intent.${passes ? 'succeeded' : 'payment_failed'}`);
    const received = drainStripe();
    const ended = copyOf(payment);
    for (const notification of received) ended.notify(notification);
    expect(ended.end).toMatchObject(
      passes ? { status: 'captured', last_error: null } : { status: 'failed', last_error: 'card_declined' },
    );
    const last = received.at(-1);
    fc.assert(
      fc.property(shuffled(received), (order) => {
        const shuffledPayment = copyOf(payment);
        for (const notification of order) shuffledPayment.notify(notification);
        // `last_error` and amounts too, but not the charge: a decline names none.
        expect({ ...shuffledPayment.end, charge: null }).toEqual({ ...ended.end, charge: null });
      }),
    );
    expect(last?.effect.kind).toBe(passes ? 'approved' : 'declined');
  }
});

test('[PAY-2] a payment that waits for its payer and is released at the provider fails, and stays so', async () => {
  const payment = new NotifiedPayment('pm_card_3ds', 'automatic');
  const fact = await stripeAdapter(stripe).send(payment.order, `${payment.order.id}.1`, 2_000);
  if (fact.kind !== 'requires_action') throw new Error('no challenge');
  stripe.change(fact.charge, { status: 'canceled' }, 'payment_intent.canceled');
  const received = drainStripe();
  const ended = copyOf(payment);
  for (const notification of received) ended.notify(notification);
  expect(ended.end).toMatchObject({ status: 'failed', amounts: { amount_authorized: 0 } });
});

test('[PAY-2] of a dispute the highest stage counts, in whatever order its stages come', () => {
  const payment = new NotifiedPayment('pm_x', 'automatic');
  const reference = payment.order.id;
  const stages = (...eventCodes: string[]) => {
    for (const eventCode of eventCodes) {
      adyen.items.push(item({ eventCode, pspReference: 'D1', originalReference: 'P1', merchantReference: reference }));
    }
    return drainAdyen();
  };
  const won = stages('NOTIFICATION_OF_CHARGEBACK', 'CHARGEBACK', 'CHARGEBACK_REVERSED');
  const again = stages('PREARBITRATION_OPEN');
  fc.assert(
    fc.property(shuffled(won), (order) => {
      const copy = copyOf(payment);
      for (const notification of order) copy.notify(notification);
      expect(copy.end.disputed).toBe(false);
    }),
  );
  fc.assert(
    fc.property(shuffled([...won, ...again]), (order) => {
      const copy = copyOf(payment);
      for (const notification of order) copy.notify(notification);
      expect(copy.end.disputed).toBe(true);
    }),
  );
});
