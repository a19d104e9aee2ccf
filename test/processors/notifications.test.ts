// What providers' notifications say of which order of ours: kind by kind, and what they must not be taken for.

import { describe, expect, test } from 'vitest';
import { Secret } from '../../lambdas/kernel/crypto/secret.ts';
import { adyenNotifications } from '../../lambdas/processors/adyen/notifications.ts';
import type { Order } from '../../lambdas/processors/domain/fact.ts';
import { factFor, type Notification, type NotificationScheme } from '../../lambdas/processors/notification.ts';
import { stripeNotifications } from '../../lambdas/processors/stripe/notifications.ts';
import { signed } from '../../lambdas/processors/timed_signature.ts';
import { type AdyenItem, hmacKey, item, merchantAccount, messageOf } from '../../processor/stand_ins/adyen_stub.ts';
import { newId } from './notified_payment.ts';

const nowMs = 1_790_000_000_000;
const secret = new Secret('whsec_c3Ryb25ncm9vbS10ZXN0LXNlY3JldA');

const charge: Order = {
  kind: 'charge',
  id: newId('pay'),
  reference: '',
  amount: 1000,
  currency: 'EUR',
  payment_method: 'pm_x',
  return_url: null,
  capture: false,
  charge: null,
};
const order = { ...charge, reference: charge.id };
const orderAt = (charge_id: string) => ({
  charge: order,
  capture: { ...order, kind: 'capture', id: newId('cap'), amount: 400, charge: charge_id } as Order,
  refund: { ...order, kind: 'refund', id: newId('ref'), amount: 400, charge: charge_id } as Order,
  void: { ...order, kind: 'void', id: newId('void'), amount: 600, charge: charge_id } as Order,
});

function only(received: ReturnType<NotificationScheme['receive']>): Notification {
  const [notification, ...more] = 'refused' in received ? [] : received.notifications;
  if (notification === undefined || more.length > 0) throw new Error(JSON.stringify(received));
  return notification;
}

describe('Adyen', () => {
  const orders = orderAt('PSP1');
  const notificationOf = (changes: Partial<AdyenItem>, account = merchantAccount): Notification =>
    only(
      adyenNotifications(account, 'test').receive(
        messageOf(item(changes)),
        () => undefined,
        [new Secret(hmacKey)],
        nowMs,
      ),
    );
  const about = (kind: 'capture' | 'refund' | 'void', changes: Partial<AdyenItem>): Notification =>
    notificationOf({
      pspReference: 'MOD1',
      originalReference: 'PSP1',
      merchantReference: `${order.id}-${orders[kind].id}`,
      amount: { value: orders[kind].amount, currency: 'EUR' },
      ...changes,
    });
  const approved = (captured: boolean) => ({ kind: 'approved', charge: 'PSP1', captured });
  const declined = { kind: 'declined', declineCode: null };
  const authorisation = { pspReference: 'PSP1', merchantReference: order.id };

  test.for([
    ['AUTHORISATION', 'true', 'charge', approved(false)],
    ['AUTHORISATION', 'false', 'charge', declined],
    ['PENDING', 'true', 'charge', { kind: 'pending', charge: 'PSP1' }],
    ['EXPIRE', 'true', 'charge', declined],
    ['OFFER_CLOSED', 'true', 'charge', declined],
    ['CANCELLATION', 'true', 'charge', declined],
    ['CANCELLATION', 'false', 'charge', null],
    ['CAPTURE', 'true', 'charge', null],
    ['REPORT_AVAILABLE', 'true', 'charge', null],
    ['CHARGEBACK', 'true', 'charge', null],
    ['CAPTURE', 'true', 'capture', approved(true)],
    ['CAPTURE', 'false', 'capture', declined],
    ['CAPTURE_FAILED', 'true', 'capture', declined],
    ['CAPTURE', 'true', 'refund', null],
    ['REFUND', 'true', 'refund', approved(false)],
    ['REFUND', 'false', 'refund', declined],
    ['REFUND_FAILED', 'true', 'refund', declined],
    ['REFUNDED_REVERSED', 'true', 'refund', declined],
    ['REFUND', 'true', 'capture', null],
    ['CANCELLATION', 'true', 'void', approved(false)],
    ['CANCELLATION', 'false', 'void', declined],
    ['SOMETHING_NEW', 'true', 'void', null],
  ] as const)('[PAY-2] %s %s of a %s', ([eventCode, success, kind, expected]) => {
    const notification =
      kind === 'charge'
        ? notificationOf({ ...authorisation, eventCode, success })
        : about(kind, { eventCode, success });
    const fact = factFor(orders[kind], notification);
    if (expected === null) expect(fact).toBeNull();
    else expect(fact).toMatchObject(expected);
  });

  test('[PAY-2] an authorisation is captured where that was asked for', () => {
    const notification = notificationOf(authorisation);
    expect(factFor({ ...order, capture: true }, notification)).toEqual(approved(true));
    expect(factFor(order, notification)).toEqual(approved(false));
  });

  test('[PAY-2] another amount, currency, payment, charge or order says nothing of ours', () => {
    const notification = about('capture', { eventCode: 'CAPTURE' });
    expect(factFor(orders.capture, notification)).toEqual({ ...approved(true), execution: 'MOD1' });
    for (const changes of [
      { amount: 399 },
      { currency: 'USD' },
      { reference: newId('pay') },
      { charge: 'PSP2' },
      { id: newId('cap') },
    ]) {
      expect([changes, factFor({ ...orders.capture, ...changes }, notification)]).toEqual([changes, null]);
    }
    expect(factFor(orders.refund, notification)).toBeNull();
    expect(factFor(order, notification)).toBeNull();
  });

  test('[PAY-2] another merchant account of the same company, and references that are not ours, are ignored', () => {
    expect(notificationOf(authorisation, 'Another')).toMatchObject({ reference: null, effect: { kind: 'ignored' } });
    for (const merchantReference of [
      '',
      'order 42',
      `${order.id}-x`,
      `${order.id}-${orders.capture.id}-x`,
      `x-${order.id}`,
    ]) {
      expect(notificationOf({ merchantReference })).toMatchObject({
        reference: null,
        order: null,
        effect: { kind: 'ignored' },
      });
    }
  });

  test('[PAY-2] what is sent twice has one event id, and what differs has another', () => {
    const ids = [
      notificationOf(authorisation),
      notificationOf({ ...authorisation, eventDate: '2027-01-01T00:00:00Z' }),
      notificationOf({ ...authorisation, success: 'false' }),
      notificationOf({ ...authorisation, eventCode: 'CAPTURE' }),
      notificationOf({ ...authorisation, pspReference: 'PSP2' }),
    ].map(({ eventId }) => eventId);
    expect(ids[0]).toBe(ids[1]);
    expect(new Set(ids).size).toBe(4);
  });
});

describe('Stripe', () => {
  const orders = orderAt('pi_1');
  const intent = {
    id: 'pi_1',
    object: 'payment_intent',
    status: 'requires_capture',
    amount: 1000,
    amount_capturable: 1000,
    amount_received: 0,
    currency: 'eur',
    capture_method: 'manual',
    metadata: { reference: order.id, order: order.id },
  };
  const refund = {
    id: 're_1',
    object: 'refund',
    status: 'succeeded',
    amount: 400,
    currency: 'eur',
    payment_intent: 'pi_1',
    metadata: { reference: order.id, order: orders.refund.id },
  };
  const receive = (type: string, object: object) => {
    const raw = Buffer.from(
      JSON.stringify({ id: 'evt_1', type, created: 1_790_000_000, livemode: false, data: { object } }),
    );
    return stripeNotifications('test').receive(raw, () => signed(raw, [secret], nowMs), [secret], nowMs);
  };
  const notificationOf = (type: string, object: object) => only(receive(type, object));

  test.for([
    ['refund.created', { status: 'succeeded' }, { kind: 'approved', charge: 'pi_1', captured: false }],
    ['refund.updated', { status: 'pending' }, { kind: 'pending', charge: 'pi_1' }],
    [
      'refund.failed',
      { status: 'failed', failure_reason: 'lost_or_stolen_card' },
      { kind: 'declined', declineCode: 'lost_card' },
    ],
    ['charge.refund.updated', { status: 'canceled' }, { kind: 'declined' }],
    ['refund.updated', { status: 'unheard_of' }, null],
    ['refund.created', { metadata: {} }, null],
    ['refund.created', { amount: 1 }, null],
    ['refund.created', { payment_intent: 'pi_2' }, null],
    ['charge.refunded', {}, null],
  ] as const)('[PAY-2] %s %j', ([type, changes, expected]) => {
    const fact = factFor(orders.refund, notificationOf(type, { ...refund, ...changes }));
    if (expected === null) expect(fact).toBeNull();
    else expect(fact).toMatchObject(expected);
  });

  test('[PAY-2] one event reports the charge and each capture that it holds', () => {
    const [one, two] = [orders.capture, { ...orders.capture, id: newId('cap'), amount: 350 }];
    const metadata = { ...intent.metadata, [one.id]: '400', [two.id]: '350' };
    const received = receive('payment_intent.amount_capturable_updated', {
      ...intent,
      amount_capturable: 250,
      metadata,
    });
    if ('refused' in received) throw new Error(received.refused);
    const facts = (each: Order) => received.notifications.flatMap((notification) => factFor(each, notification) ?? []);
    expect(facts(order)).toEqual([{ kind: 'approved', charge: 'pi_1', captured: false }]);
    for (const each of [one, two]) expect(facts(each)).toEqual([{ kind: 'approved', charge: 'pi_1', captured: true }]);
    expect(facts({ ...one, amount: 399 })).toEqual([]);
    expect(new Set(received.notifications.map(({ eventId }) => eventId)).size).toBe(3);
  });

  test('[PAY-2] a mark without its money reports no capture', () => {
    const metadata = { ...intent.metadata, [orders.capture.id]: '400' };
    const notification = notificationOf('payment_intent.amount_capturable_updated', { ...intent, metadata });
    expect(factFor(orders.capture, notification)).toBeNull();
  });

  test('[PAY-2] a canceled intent settles the void that asked, and the charge that still waited', () => {
    const notification = notificationOf('payment_intent.canceled', {
      ...intent,
      status: 'canceled',
      amount_capturable: 0,
    });
    expect(factFor(orders.void, notification)).toEqual({ kind: 'approved', charge: 'pi_1', captured: false });
    expect(factFor(order, notification)).toMatchObject({ kind: 'declined' });
    expect(factFor(orders.capture, notification)).toBeNull();
    expect(factFor({ ...orders.void, charge: 'pi_2' }, notification)).toBeNull();
  });

  const dispute = { id: 'du_1', object: 'dispute', payment_intent: 'pi_1', amount: 400, currency: 'eur' };

  // docs.stripe.com/api/disputes/object (version 2026-10-28.endive; read 2026-11): every status that it documents.
  test.for([
    ['warning_needs_response', true, undefined],
    ['warning_under_review', true, undefined],
    ['warning_closed', false, 'closed'],
    ['needs_response', true, undefined],
    ['under_review', true, undefined],
    ['won', false, 'won'],
    ['lost', false, 'lost'],
    ['prevented', false, 'closed'],
  ] as const)(
    '[PAY-3] a dispute that is %s names its charge, its amount and its outcome',
    ([status, open, outcome]) => {
      for (const type of ['created', 'updated', 'closed']) {
        const { effect, ...named } = notificationOf(`charge.dispute.${type}`, { ...dispute, status });
        expect(named).toMatchObject({ reference: null, charge: 'pi_1', amount: { minor: 400, currency: 'EUR' } });
        expect(effect).toMatchObject({ kind: 'disputed', dispute: 'du_1', open });
        expect('outcome' in effect ? effect.outcome : undefined).toBe(outcome);
      }
    },
  );

  test('[PAY-3] a dispute whose status is not known here is ignored, and so are the movements of its money', () => {
    expect(notificationOf('charge.dispute.updated', { ...dispute, status: 'new' }).effect.kind).toBe('ignored');
    expect(notificationOf('charge.dispute.funds_withdrawn', { ...dispute, status: 'lost' }).effect.kind).toBe(
      'ignored',
    );
  });

  test('a thin event, rightly signed, is ignored and not refused; wrongly signed it is refused', () => {
    const thin = {
      id: 'evt_test_65R9Ijk8dKEYZcXeRWn16R9A7j1FSQ3w3TGDPLLGSM4CW0',
      object: 'v2.core.event',
      type: 'v1.billing.meter.error_report_triggered',
      livemode: false,
      created: '2026-11-30T17:46:22.134Z',
      related_object: { id: 'mtr_1', type: 'billing.meter', url: '/v1/billing/meters/mtr_1' },
    };
    const sent = (more: object, by = secret) => {
      const raw = Buffer.from(JSON.stringify({ ...thin, ...more }));
      return stripeNotifications('test').receive(raw, () => signed(raw, [by], nowMs), [secret], nowMs);
    };
    expect(only(sent({}))).toMatchObject({ eventId: thin.id, effect: { kind: 'ignored' } });
    expect(only(sent({ related_object: undefined, context: 'acct_1' })).effect.kind).toBe('ignored');
    expect(sent({}, new Secret(`${secret.reveal()}x`))).toEqual({ refused: 'wrong_signature' });
    expect(sent({ id: 'no event' })).toEqual({ refused: 'malformed' });
    expect(sent({ object: 'event' })).toEqual({ refused: 'malformed' });
  });

  test('[PAY-2] what is not ours or not known is ignored; a known kind in another shape is malformed', () => {
    expect(notificationOf('payment_intent.succeeded', { ...intent, metadata: {} }).effect.kind).toBe('ignored');
    expect(notificationOf('invoice.paid', { anything: 1 }).effect.kind).toBe('ignored');
    expect(notificationOf('constructor', {}).effect.kind).toBe('ignored');
    for (const type of ['payment_intent.succeeded', 'refund.updated', 'charge.dispute.created']) {
      expect(receive(type, { object: 'other' })).toEqual({ refused: 'malformed' });
    }
  });
});

describe('[PAY-2] a notification of the other mode', () => {
  const ignoredOf = (received: ReturnType<NotificationScheme['receive']>): Notification => only(received);
  const event = (livemode: boolean) => ({
    ...{ id: 'evt_1', object: 'event', type: 'payment_intent.succeeded', created: Math.floor(nowMs / 1000), livemode },
    data: { object: {} },
  });
  const atStripe = (mode: 'test' | 'live', livemode: boolean) => {
    const raw = Buffer.from(JSON.stringify(event(livemode)));
    return stripeNotifications(mode).receive(raw, () => signed(raw, [secret], nowMs), [secret], nowMs);
  };

  test('of Stripe is accepted and changes nothing; one of the right mode is read', () => {
    expect(ignoredOf(atStripe('live', false))).toMatchObject({ eventId: 'evt_1', effect: { kind: 'ignored' } });
    expect(ignoredOf(atStripe('test', true))).toMatchObject({ effect: { kind: 'ignored' } });
    // Read, and found to be malformed: its object is none.
    expect(atStripe('live', true)).toEqual({ refused: 'malformed' });
  });

  test('of Adyen is accepted and changes nothing', () => {
    const raw = messageOf(item({ eventCode: 'AUTHORISATION', merchantReference: order.id }));
    const by = (mode: 'test' | 'live') =>
      only(adyenNotifications(merchantAccount, mode).receive(raw, () => undefined, [new Secret(hmacKey)], nowMs));
    expect(by('live')).toMatchObject({ reference: null, effect: { kind: 'ignored' } });
    expect(by('test')).toMatchObject({ reference: order.id, effect: { kind: 'authorized' } });
    expect(by('live').eventId).toBe(by('test').eventId);
  });
});
