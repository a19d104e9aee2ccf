// A provider's events settle the payments of its connection, and no others: in any order, however often, and whatever else
// works on them at the time.

import { unmarshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPayment, refundPayment } from '../../contract/payments/operations.ts';
import { processorEventLimits } from '../../contract/processor_events/limits.ts';
import { Secret } from '../../lambdas/kernel/crypto/secret.ts';
import type { ProviderFact } from '../../lambdas/processors/domain/fact.ts';
import type { Processor } from '../../lambdas/processors/processor.ts';
import { signatureHeader, signNotification } from '../../lambdas/processors/test/notifications.ts';
import { messageOf } from '../../processor/stand_ins/adyen_stub.ts';
import { other } from '../kit/requests.ts';
import { type IngressFixture, openIngressFixture, stripeSecret } from './ingress_fixture.ts';
import { adyenItem, authorizedEvent, disputeEvent, intentOf, refundOf, stripeEvent } from './provider_events.ts';

const statuses = (fixture: IngressFixture) => fixture.events().map(({ status }) => status?.S);
const factsOf = (fixture: IngressFixture, id: string): string[] =>
  fixture.aws.database.stream('payments').flatMap(({ dynamodb }) => {
    const before = dynamodb?.OldImage?.fact?.M?.id?.S;
    const fact = dynamodb?.NewImage?.fact?.M;
    const own = fact?.aggregate_id?.S === id && fact?.id?.S !== before;
    return own && fact?.type?.S !== undefined ? [fact.type.S] : [];
  });

/** Each at least once, some again, in an order that `seed` gives. */
const shuffled = <T>(all: readonly T[], seed: number): T[] => {
  const again = fc.array(fc.constantFrom(...all), { minLength: 3, maxLength: 8 });
  const order = again.chain((more) => {
    const whole = [...all, ...more];
    return fc.shuffledSubarray(whole, { minLength: whole.length });
  });
  return fc.sample(order, { seed, numRuns: 1 })[0] ?? [];
};

/** Time enough for whatever came too early. */
async function rest(fixture: IngressFixture): Promise<void> {
  await fixture.settle();
  for (let minutes = 0; minutes < 6; minutes += 1) {
    fixture.advance(61_000);
    await fixture.retry();
  }
}

describe('[PAY-2] ten shuffles with repeats end in the same state', () => {
  const seeds = Array.from({ length: 10 }, (_, seed) => seed);

  it.each(seeds)('Stripe %i', async (seed) => {
    const fixture = openIngressFixture();
    const connection = await fixture.connect('stripe');
    const payment = await fixture.pay('stripe');
    await fixture.authorize(payment, 'pi_1');
    const first = await fixture.ask('capture', payment, 300);
    await fixture.stripe(
      connection,
      stripeEvent('payment_intent.amount_capturable_updated', {
        ...intentOf(payment, { amount_capturable: 700 }, { [first]: 300 }),
      }),
    );
    await fixture.settle();
    const second = await fixture.ask('capture', payment, 400);
    const [good, bad] = [await fixture.ask('refund', payment, 100), await fixture.ask('refund', payment, 200)];
    const marks = { [first]: 300, [second]: 400 };
    const updated = 'payment_intent.amount_capturable_updated';
    const canceled = { status: 'canceled', amount_capturable: 0, amount_received: 700 };
    const events = [
      authorizedEvent(payment),
      stripeEvent(updated, intentOf(payment, { amount_capturable: 300 }, marks)),
      stripeEvent('refund.created', refundOf(payment, good, 100, { status: 'pending' })),
      stripeEvent('refund.updated', refundOf(payment, good, 100, {})),
      stripeEvent('refund.created', refundOf(payment, bad, 200, {})),
      stripeEvent('refund.failed', refundOf(payment, bad, 200, { status: 'failed', failure_reason: 'expired_card' })),
      disputeEvent('created', 'needs_response'),
      disputeEvent('closed', 'won'),
      stripeEvent('payment_intent.canceled', intentOf(payment, canceled, marks)),
    ];
    for (const event of shuffled(events, seed)) {
      expect(await fixture.stripe(connection, event)).toMatchObject({ statusCode: 200 });
      if (seed % 2 === 0) await fixture.settle();
    }
    await rest(fixture);
    expect(await fixture.end(payment)).toEqual({
      status: 'captured',
      disputed: false,
      amounts: { amount_authorized: 1000, amount_captured: 700, amount_refunded: 100, amount_voided: 300 },
      reserved: { capture_reserved: 0, refund_reserved: 0 },
      error: null,
      parts: ['capture 300 succeeded', 'capture 400 succeeded', 'refund 100 succeeded', 'refund 200 failed'],
    });
    expect(new Set(statuses(fixture))).toEqual(new Set(['applied']));
    expect(fixture.lines.filter(({ message }) => message === 'event_failed')).toEqual([]);
  });

  it.each(seeds)('Adyen %i', async (seed) => {
    const fixture = openIngressFixture();
    const connection = await fixture.connect('adyen');
    const payment = await fixture.pay('adyen');
    await fixture.authorize(payment, 'PSP1');
    const first = await fixture.ask('capture', payment, 300);
    await fixture.post(connection, messageOf(adyenItem('CAPTURE', payment, [first, 300])));
    await fixture.settle();
    const [second, third] = [await fixture.ask('capture', payment, 400), await fixture.ask('capture', payment, 200)];
    const [good, bad] = [await fixture.ask('refund', payment, 100), await fixture.ask('refund', payment, 150)];
    const events = [
      [adyenItem('AUTHORISATION', payment)],
      [adyenItem('CAPTURE', payment, [second, 400])],
      [adyenItem('CAPTURE', payment, [third, 200]), adyenItem('REFUND', payment, [good, 100])],
      [adyenItem('CAPTURE_FAILED', payment, [third, 200])],
      [adyenItem('REFUND', payment, [bad, 150])],
      [adyenItem('REFUND_FAILED', payment, [bad, 150])],
      [adyenItem('NOTIFICATION_OF_CHARGEBACK', payment)],
      [adyenItem('CHARGEBACK', payment), adyenItem('REPORT_AVAILABLE', payment)],
      [adyenItem('CHARGEBACK_REVERSED', payment)],
    ].map((items) => messageOf(...items));
    for (const raw of shuffled(events, seed)) {
      expect(await fixture.post(connection, raw)).toMatchObject({ statusCode: 202 });
      if (seed % 2 === 0) await fixture.settle();
    }
    await rest(fixture);
    expect(await fixture.end(payment)).toEqual({
      status: 'authorized',
      disputed: false,
      amounts: { amount_authorized: 1000, amount_captured: 700, amount_refunded: 100, amount_voided: 0 },
      reserved: { capture_reserved: 0, refund_reserved: 0 },
      error: null,
      parts: [
        'capture 200 failed',
        'capture 300 succeeded',
        'capture 400 succeeded',
        'refund 100 succeeded',
        'refund 150 failed',
      ],
    });
    expect(new Set(statuses(fixture))).toEqual(new Set(['applied']));
  });
});

describe('[PAY-2] what was moved at the pages of Stripe', () => {
  const opened = async () => {
    const fixture = openIngressFixture();
    const connection = await fixture.connect('stripe');
    const payment = await fixture.pay('stripe');
    await fixture.stripe(connection, authorizedEvent(payment));
    await fixture.settle();
    return { fixture, payment, send: (event: object) => fixture.stripe(connection, event) };
  };
  const byHand = (id: string, amount: number, changes: object = {}) => ({
    ...refundOf('', '', amount, { metadata: {}, ...changes }),
    id,
  });
  const whole = { status: 'succeeded', amount_capturable: 0, amount_received: 1000 };

  it('a capture is taken over once, and can be refunded', async () => {
    const { fixture, payment, send } = await opened();
    for (let times = 0; times < 2; times += 1) {
      await send(stripeEvent('payment_intent.succeeded', intentOf(payment, whole)));
      await rest(fixture);
    }
    expect(await fixture.end(payment)).toMatchObject({
      status: 'captured',
      amounts: { amount_captured: 1000 },
      parts: ['capture 1000 succeeded'],
    });
    expect(factsOf(fixture, payment)).toEqual(['payment.created', 'payment.authorized', 'capture.succeeded']);
    expect(await fixture.ask('refund', payment, 1000)).toMatch(/^ref_/);
  });

  it.each([0, 1, 2, 3, 4, 5, 6, 7])(
    'beside captures and refunds of ours, in any order and repeated, every amount counts once (%i)',
    async (seed) => {
      const { fixture, payment, send } = await opened();
      const ours = await fixture.ask('capture', payment, 300);
      const updated = 'payment_intent.amount_capturable_updated';
      const marks = { [ours]: 300 };
      const events = [
        stripeEvent(updated, intentOf(payment, { amount_capturable: 800 })),
        stripeEvent(updated, intentOf(payment, { amount_capturable: 500 }, marks)),
        stripeEvent(updated, intentOf(payment, { amount_capturable: 400 }, marks)),
        stripeEvent('refund.created', byHand('re_hand', 150)),
        stripeEvent('refund.updated', byHand('re_back', 50)),
        stripeEvent('refund.failed', byHand('re_back', 50, { status: 'failed' })),
        stripeEvent('payment_intent.canceled', {
          ...intentOf(payment, { status: 'canceled', amount_capturable: 0, amount_received: 600 }, marks),
        }),
      ];
      for (const event of shuffled(events, seed)) {
        await send(event);
        if (seed % 2 === 0) await fixture.settle();
      }
      await rest(fixture);
      const end = await fixture.end(payment);
      expect(end).toMatchObject({
        status: 'captured',
        amounts: { amount_captured: 600, amount_refunded: 150, amount_voided: 400 },
        reserved: { capture_reserved: 0, refund_reserved: 0 },
      });
      expect(end.parts).toEqual(expect.arrayContaining(['refund 150 succeeded', 'refund 50 failed']));
      expect(new Set(statuses(fixture))).toEqual(new Set(['applied']));
    },
  );

  it('a refund of another charge, currency or connection takes nothing', async () => {
    const { fixture, payment, send } = await opened();
    await send(stripeEvent('payment_intent.succeeded', intentOf(payment, whole)));
    await rest(fixture);
    const before = await fixture.payment(payment);
    await send(stripeEvent('refund.created', byHand('re_1', 10, { payment_intent: 'pi_2' })));
    await send(stripeEvent('refund.created', byHand('re_2', 10, { currency: 'usd' })));
    await send(stripeEvent('refund.created', byHand('re_3', 1001)));
    await send(stripeEvent('refund.created', byHand('re_4', 10, { status: 'pending' })));
    await fixture.settle();
    expect(await fixture.payment(payment)).toEqual(before);
    expect(statuses(fixture).toSorted()).toEqual([
      'applied',
      'applied',
      'contradicted',
      'contradicted',
      'ignored',
      'waiting',
    ]);
  });
});

describe('[PAY-3] a dispute at Stripe', () => {
  const processor: Processor = {
    name: 'stripe',
    keyLifetimeMs: 3_600_000,
    accepts: () => true,
    send: async (order) => ({ kind: 'approved', charge: 'pi_1', captured: order.kind === 'charge' && order.capture }),
    lookUp: async () => ({ kind: 'unknown' }),
  };
  it.each(['won', 'lost'] as const)(
    'that was %s: its end says so; while it is open a refund needs consent',
    async (end) => {
      const fixture = openIngressFixture();
      const connection = await fixture.connect('stripe');
      const call = fixture.money(async () => processor);
      const body = { amount: 1000, currency: 'EUR', payment_method: 'pm_card', connection: connection.id };
      const { id } = (await call(createPayment, { key: 'one', body })).json;
      await fixture.stripe(connection, authorizedEvent(id));
      await fixture.stripe(connection, disputeEvent('created', 'needs_response', 300));
      await rest(fixture);
      const params = { payment_id: id };
      const refused = await call(refundPayment, { key: 'r1', params, body: { amount: 100 } });
      expect(refused).toMatchObject({ statusCode: 409, json: { code: 'payment_disputed' } });
      const asked = { amount: 100, despite_dispute: true };
      expect(await call(refundPayment, { key: 'r2', params, body: asked })).toMatchObject({ statusCode: 201 });
      await fixture.stripe(connection, disputeEvent('closed', end, 300));
      await rest(fixture);
      const { last_dispute, disputed } = (await fixture.payment(id)).value;
      expect([disputed, last_dispute]).toEqual([false, { id: 'du_1', status: end, amount: 300, currency: 'EUR' }]);
      expect(await call(refundPayment, { key: 'r3', params, body: { amount: 100 } })).toMatchObject({
        statusCode: 201,
      });
    },
  );
});

describe('[PAY-2] the last capture was of a part', () => {
  it.each([
    ['marked', 300],
    ['captured whole', 1000],
  ] as const)('%s: what Stripe let go of is voided, and nothing else', async (_, amount) => {
    const fixture = openIngressFixture();
    const connection = await fixture.connect('stripe');
    const payment = await fixture.pay('stripe');
    await fixture.authorize(payment, 'pi_1');
    const capture = await fixture.ask('capture', payment, amount);
    const ended = { status: 'succeeded', amount_capturable: 0, amount_received: amount };
    const event = stripeEvent('payment_intent.succeeded', intentOf(payment, ended, { [capture]: amount }));
    await fixture.stripe(connection, event);
    await rest(fixture);
    expect(await fixture.end(payment)).toMatchObject({
      status: 'captured',
      amounts: { amount_captured: amount, amount_voided: 1000 - amount },
      reserved: { capture_reserved: 0 },
      parts: [`capture ${amount} succeeded`],
    });
    expect(statuses(fixture)).toEqual(['applied']);
  });
});

/** A handler of the money function whose processor does `meanwhile` before it answers. */
async function charged(answer: ProviderFact, meanwhile: (fixture: IngressFixture, payment: string) => Promise<void>) {
  const fixture = openIngressFixture();
  const connection = await fixture.connect('stripe');
  let sent = 0;
  const processor: Processor = {
    name: 'stripe',
    keyLifetimeMs: 3_600_000,
    accepts: () => true,
    async send({ reference }) {
      sent += 1;
      if (sent === 1) await meanwhile(fixture, reference);
      return answer;
    },
    lookUp: async () => ({ kind: 'unknown' }),
  };
  const call = fixture.money(async () => processor);
  const money = { amount: 1000, currency: 'EUR', capture_method: 'manual' };
  const body = { ...money, payment_method: 'pm_card', connection: connection.id };
  const request = () => call(createPayment, { key: 'one', body });
  return { fixture, connection, request, sends: () => sent };
}

const approved = { kind: 'approved', charge: 'pi_1', captured: false } as const;

describe('[PAY-2] whoever is first, handler or provider', () => {
  it.each([
    ['unknown', { kind: 'unknown' }],
    ['the same', approved],
  ] as const)(
    'the provider notifies while the handler waits, and the handler hears %s: settled once, one reply',
    async (_, answer) => {
      const world = await charged(answer, async (fixture, payment) => {
        await fixture.stripe(world.connection, authorizedEvent(payment));
        await fixture.settle();
      });
      const { fixture, request } = world;
      const reply = await request();
      expect(reply).toMatchObject({ statusCode: 201, json: { status: 'authorized', amount_authorized: 1000 } });
      expect(factsOf(fixture, reply.json.id)).toEqual(['payment.created', 'payment.authorized']);
      const again = await request();
      expect(again.body).toBe(reply.body);
      expect(world.sends()).toBe(1);
      expect((await fixture.payment(reply.json.id)).value.intent).toMatchObject({
        lease_until_ms: null,
        due_at_ms: null,
      });
    },
  );

  it('the handler is first: a later notification writes nothing to the payment', async () => {
    const world = await charged(approved, async () => {});
    const { id } = (await world.request()).json;
    const before = await world.fixture.payment(id);
    await world.fixture.stripe(world.connection, authorizedEvent(id));
    await world.fixture.settle();
    expect(await world.fixture.payment(id)).toEqual(before);
    expect(statuses(world.fixture)).toEqual(['applied']);
  });

  it('a decline that comes while the handler waits is its reply', async () => {
    const declined = { code: 'card_declined', decline_code: 'insufficient_funds' };
    const failed = { status: 'requires_payment_method', last_payment_error: declined };
    const world = await charged({ kind: 'unknown' }, async (fixture, payment) => {
      await fixture.stripe(world.connection, stripeEvent('payment_intent.payment_failed', intentOf(payment, failed)));
      await fixture.settle();
    });
    const reply = await world.request();
    expect(reply.json).toMatchObject({ status: 'failed', last_error: { decline_code: 'insufficient_funds' } });
    expect(factsOf(world.fixture, reply.json.id)).toEqual(['payment.created', 'payment.failed']);
  });

  it('what still waits takes nobody’s lease, and leaves the reply to whoever holds it', async () => {
    const action = {
      status: 'requires_action',
      next_action: { type: 'redirect_to_url', redirect_to_url: { url: 'https://bank.example/3ds' } },
    };
    let during: unknown;
    const world = await charged(approved, async (fixture, payment) => {
      await fixture.stripe(world.connection, stripeEvent('payment_intent.requires_action', intentOf(payment, action)));
      const held = (await fixture.payment(payment)).value.intent;
      await fixture.settle();
      const waiting = await fixture.payment(payment);
      expect(waiting.value).toMatchObject({ status: 'requires_action', intent: held, reply: null });
      expect(held.lease_until_ms).not.toBeNull();
      during = (await world.request()).json;
    });
    const reply = await world.request();
    expect(during).toMatchObject({ code: 'idempotency_in_progress' });
    expect(reply.json.status).toBe('authorized');
    expect(factsOf(world.fixture, reply.json.id)).toEqual([
      'payment.created',
      'payment.requires_action',
      'payment.authorized',
    ]);
    expect(world.sends()).toBe(1);
  });

  it('two functions at one event settle once', async () => {
    const fixture = openIngressFixture();
    const connection = await fixture.connect('stripe');
    const payment = await fixture.pay('stripe');
    await fixture.stripe(connection, authorizedEvent(payment));
    await Promise.all([
      fixture.settle(fixture.aws.database.stream('processor_events')),
      fixture.settle(fixture.aws.database.stream('processor_events')),
      fixture.settle(fixture.aws.database.stream('processor_events')),
    ]);
    expect(factsOf(fixture, payment)).toEqual(['payment.created', 'payment.authorized']);
    expect(statuses(fixture)).toEqual(['applied']);
    // Read once more from the beginning, as after a lost checkpoint.
    const before = [await fixture.payment(payment), fixture.events()];
    await fixture.settle(fixture.aws.database.stream('processor_events'));
    expect([await fixture.payment(payment), fixture.events()]).toEqual(before);
  });

  it('what another region took in is that region’s to settle', async () => {
    const fixture = openIngressFixture();
    const connection = await fixture.connect('stripe');
    const payment = await fixture.pay('stripe');
    await fixture.stripe(connection, authorizedEvent(payment));
    const records = structuredClone(fixture.aws.database.stream('processor_events'));
    for (const { dynamodb } of records) Object.assign(dynamodb?.NewImage ?? {}, { origin_region: { S: 'us-west-2' } });
    await fixture.settle(records);
    expect(statuses(fixture)).toEqual(['received']);
    await fixture.settle();
    expect(statuses(fixture)).toEqual(['applied']);
  });
});

describe('[ENC-2] midnight', () => {
  it('between an event and its settlement changes nothing: the reply is sealed under the new day’s key', async () => {
    const fixture = openIngressFixture();
    const connection = await fixture.connect('stripe');
    const payment = await fixture.pay('stripe');
    await fixture.stripe(connection, authorizedEvent(payment));
    fixture.advance(86_400_000);
    await fixture.settle();
    expect(statuses(fixture)).toEqual(['applied']);
    expect(await fixture.end(payment)).toMatchObject({ status: 'authorized' });
  });
});

describe('[PAY-2] what is not known', () => {
  it('waits, and is settled once it is there', async () => {
    const fixture = openIngressFixture();
    const connection = await fixture.connect('stripe');
    const payment = fixture.newId('payment');
    await fixture.stripe(connection, authorizedEvent(payment));
    await fixture.settle();
    expect(statuses(fixture)).toEqual(['waiting']);
    await fixture.pay('stripe', { id: payment });
    fixture.advance(59_000);
    await fixture.retry();
    expect(statuses(fixture)).toEqual(['waiting']);
    fixture.advance(2_000);
    await fixture.retry();
    expect(statuses(fixture)).toEqual(['applied']);
    expect(await fixture.end(payment)).toMatchObject({ status: 'authorized' });
    expect(fixture.events()[0]).not.toHaveProperty('due_pk');
  });

  it('is unmatched after the last look, visibly, and never looked at again', async () => {
    const fixture = openIngressFixture();
    const connection = await fixture.connect('adyen');
    const payment = await fixture.pay('adyen');
    await fixture.post(connection, messageOf(adyenItem('REFUND', payment, [fixture.newId('refund'), 100])));
    await fixture.settle();
    for (const offsetMs of processorEventLimits.retryOffsetsMs) {
      expect(statuses(fixture)).toEqual(['waiting']);
      expect(fixture.lines.map(({ message }) => message)).not.toContain('event_unmatched');
      fixture.advance(offsetMs);
      await fixture.retry();
    }
    expect(statuses(fixture)).toEqual(['unmatched']);
    expect(fixture.lines.filter(({ message }) => message === 'event_unmatched')).toHaveLength(1);
    fixture.advance(24 * 3_600_000);
    expect(await fixture.retry()).toBe(0);
  });

  it('a dispute that names the charge alone finds its payment, though it came first', async () => {
    const fixture = openIngressFixture();
    const connection = await fixture.connect('stripe');
    const payment = await fixture.pay('stripe');
    await fixture.stripe(connection, disputeEvent('created', 'needs_response'));
    await fixture.settle();
    expect(statuses(fixture)).toEqual(['waiting']);
    await fixture.stripe(connection, authorizedEvent(payment));
    await rest(fixture);
    expect(await fixture.end(payment)).toMatchObject({ disputed: true });
    await fixture.stripe(connection, disputeEvent('closed', 'won'));
    await fixture.settle();
    expect(await fixture.end(payment)).toMatchObject({ disputed: false });
    expect(factsOf(fixture, payment).slice(2)).toEqual(['payment.disputed', 'payment.dispute_closed']);
  });

  it('what fails for a while is looked at again, and holds up nothing beside it', async () => {
    let broken = '';
    const fixture = openIngressFixture({
      fault: ({ operation, input }) =>
        operation === 'GetItem' && broken !== '' && JSON.stringify(input).includes(broken),
    });
    const connection = await fixture.connect('stripe');
    const [one, two] = [await fixture.pay('stripe'), await fixture.pay('stripe')];
    await fixture.stripe(connection, authorizedEvent(one));
    await fixture.stripe(connection, authorizedEvent(two));
    broken = one;
    await fixture.settle();
    expect(statuses(fixture).sort()).toEqual(['applied', 'waiting']);
    expect(fixture.lines.filter(({ message }) => message === 'event_failed')).toHaveLength(1);
    broken = '';
    fixture.advance(61_000);
    await fixture.retry();
    expect(statuses(fixture)).toEqual(['applied', 'applied']);
  });
});

describe('[PAY-2] nobody else’s payment', () => {
  it('is touched by another tenant’s connection, by another provider’s, or by an id of another kind', async () => {
    const fixture = openIngressFixture();
    const [theirs, own] = [await fixture.connect('stripe', other), await fixture.connect('stripe')];
    const [payment, atTest] = [await fixture.pay('stripe'), await fixture.pay('test')];
    const before = [await fixture.payment(payment), await fixture.payment(atTest)];
    await fixture.stripe(theirs, authorizedEvent(payment));
    await fixture.stripe(theirs, stripeEvent('payment_intent.canceled', intentOf(payment, { status: 'canceled' })));
    await fixture.stripe(own, authorizedEvent(atTest));
    for (const order of ['payment', 'connection', `${payment} `, theirs.id]) {
      const metadata = { reference: payment, order };
      await fixture.stripe(own, stripeEvent('refund.updated', refundOf(payment, order, 100, { metadata })));
    }
    await fixture.stripe(
      own,
      stripeEvent('payment_intent.succeeded', intentOf('payment', { metadata: { reference: 'x', order: 'x' } })),
    );
    await rest(fixture);
    expect([await fixture.payment(payment), await fixture.payment(atTest)]).toEqual(before);
    expect(fixture.lines.map(({ message }) => message)).not.toContain('event_failed');
  });

  it('is touched by another connection of the same tenant and provider, whatever its events say', async () => {
    const fixture = openIngressFixture();
    const [one, two] = [await fixture.connect('stripe'), await fixture.connect('stripe')];
    const payment = await fixture.pay('stripe', { connection: one.id });
    await fixture.authorize(payment, 'pi_1');
    const release = await fixture.ask('void', payment);
    const before = await fixture.payment(payment);
    const canceled = stripeEvent('payment_intent.canceled', intentOf(payment, { status: 'canceled' }));
    const events = [
      authorizedEvent(payment),
      stripeEvent('refund.updated', refundOf(payment, release, 1000, {})),
      disputeEvent('created', 'needs_response'),
      canceled,
    ];
    for (const event of events) await fixture.stripe(two, event);
    await rest(fixture);
    expect(await fixture.payment(payment)).toEqual(before);
    // The control: its own connection is heard.
    await fixture.stripe(one, canceled);
    await rest(fixture);
    expect(await fixture.end(payment)).toMatchObject({ status: 'canceled' });
  });

  it('is touched through a connection where it was taken through none', async () => {
    const fixture = openIngressFixture();
    const connection = await fixture.connect('test');
    const [without, within] = [await fixture.pay('test', { connection: null }), await fixture.pay('test')];
    const before = await fixture.payment(without);
    for (const reference of [without, within]) {
      const data = { charge: `ch_${reference.slice(-8)}`, reference, order: reference, amount: 1000, currency: 'EUR' };
      const more = { capture: false, action_path: null, decline_code: null };
      const occurred_at = new Date(fixture.now()).toISOString();
      const event = {
        id: `evt_${reference.slice(-8)}`,
        type: 'charge.approved',
        occurred_at,
        data: { ...data, ...more },
      };
      const raw = Buffer.from(JSON.stringify(event));
      const signature = signNotification(raw, new Secret(stripeSecret), fixture.now());
      const reply = await fixture.post(connection, raw, { headers: { [signatureHeader]: signature } });
      expect(reply.statusCode).toBe(200);
    }
    await rest(fixture);
    expect(await fixture.payment(without)).toEqual(before);
    expect(await fixture.end(within)).toMatchObject({ status: 'authorized' });
  });

  it('the same charge at two connections are two: a dispute of the one says nothing of the other’s payment', async () => {
    const fixture = openIngressFixture();
    const [one, two] = [await fixture.connect('stripe'), await fixture.connect('stripe')];
    const payment = await fixture.pay('stripe', { connection: one.id });
    await fixture.stripe(one, authorizedEvent(payment));
    await fixture.settle();
    await fixture.stripe(two, disputeEvent('created', 'needs_response'));
    await rest(fixture);
    expect(await fixture.end(payment)).toMatchObject({ disputed: false });
  });
});

describe('[PAY-2] what a provider does by itself', () => {
  it('a payment that waits for its payer and is released fails', async () => {
    const fixture = openIngressFixture();
    const connection = await fixture.connect('stripe');
    const payment = await fixture.pay('stripe', { status: 'requires_action', charge: 'pi_1' });
    await fixture.stripe(connection, stripeEvent('payment_intent.canceled', intentOf(payment, { status: 'canceled' })));
    await fixture.settle();
    expect(await fixture.end(payment)).toMatchObject({ status: 'failed', amounts: { amount_authorized: 0 } });
  });

  it('an authorization that expires is canceled, with what was captured kept', async () => {
    const fixture = openIngressFixture();
    const connection = await fixture.connect('adyen');
    const [whole, part] = [await fixture.pay('adyen'), await fixture.pay('adyen')];
    await fixture.authorize(whole, 'PSP1');
    await fixture.authorize(part, 'PSP1');
    await fixture.post(connection, messageOf(adyenItem('EXPIRE', whole)));
    const capture = await fixture.ask('capture', part, 400);
    // Told before the capture's outcome, which it must not overtake.
    await fixture.post(connection, messageOf(adyenItem('EXPIRE', part)));
    await fixture.settle();
    expect(await fixture.end(whole)).toMatchObject({ status: 'canceled', amounts: { amount_voided: 1000 } });
    expect(await fixture.end(part)).toMatchObject({ status: 'authorized', reserved: { capture_reserved: 400 } });
    await fixture.post(connection, messageOf(adyenItem('CAPTURE', part, [capture, 400])));
    await rest(fixture);
    const amounts = { amount_captured: 400, amount_voided: 600 };
    expect(await fixture.end(part)).toMatchObject({ status: 'captured', amounts });
    expect(factsOf(fixture, whole).at(-1)).toBe('payment.released');
  });

  it('a release settles a void of ours, once', async () => {
    const fixture = openIngressFixture();
    const connection = await fixture.connect('stripe');
    const payment = await fixture.pay('stripe');
    await fixture.authorize(payment, 'pi_1');
    await fixture.ask('void', payment);
    await fixture.stripe(connection, stripeEvent('payment_intent.canceled', intentOf(payment, { status: 'canceled' })));
    await fixture.settle();
    expect(await fixture.end(payment)).toMatchObject({ status: 'canceled', parts: ['void 1000 succeeded'] });
    expect(factsOf(fixture, payment)).not.toContain('payment.released');
  });

  it('a release is about the charge that was named, and no other', async () => {
    const fixture = openIngressFixture();
    const connection = await fixture.connect('stripe');
    const payment = await fixture.pay('stripe');
    await fixture.authorize(payment, 'pi_2');
    const before = await fixture.payment(payment);
    await fixture.stripe(connection, stripeEvent('payment_intent.canceled', intentOf(payment, { status: 'canceled' })));
    await fixture.settle();
    expect(await fixture.payment(payment)).toEqual(before);
  });

  it('one event with a capture and the release of the rest settles both at once', async () => {
    const fixture = openIngressFixture();
    const connection = await fixture.connect('stripe');
    const payment = await fixture.pay('stripe');
    await fixture.authorize(payment, 'pi_1');
    const capture = await fixture.ask('capture', payment, 400);
    const ended = { status: 'canceled', amount_capturable: 0, amount_received: 400 };
    const object = intentOf(payment, ended, { [capture]: 400 });
    await fixture.stripe(connection, stripeEvent('payment_intent.canceled', object));
    await fixture.settle();
    expect(statuses(fixture)).toEqual(['applied']);
    const amounts = { amount_captured: 400, amount_voided: 600 };
    expect(await fixture.end(payment)).toMatchObject({ status: 'captured', amounts });
  });

  it('money that moved where none should have is never lost in silence', async () => {
    const fixture = openIngressFixture();
    const connection = await fixture.connect('stripe');
    const payment = await fixture.pay('stripe', { status: 'failed' });
    await fixture.stripe(connection, authorizedEvent(payment));
    await fixture.stripe(
      connection,
      stripeEvent('payment_intent.succeeded', intentOf(payment, { status: 'succeeded', amount: 999 })),
    );
    await fixture.settle();
    expect(statuses(fixture)).toEqual(['contradicted', 'contradicted']);
    const lines = fixture.lines.filter(({ message }) => message === 'event_contradicts');
    expect(lines).toHaveLength(2);
    expect(await fixture.end(payment)).toMatchObject({ status: 'failed' });
  });

  it('a capture that comes back after it was refunded is left, and logged', async () => {
    const fixture = openIngressFixture();
    const connection = await fixture.connect('adyen');
    const payment = await fixture.pay('adyen');
    await fixture.authorize(payment, 'PSP1');
    const capture = await fixture.ask('capture', payment, 1000);
    await fixture.post(connection, messageOf(adyenItem('CAPTURE', payment, [capture, 1000])));
    await fixture.settle();
    await fixture.ask('refund', payment, 1);
    await fixture.post(connection, messageOf(adyenItem('CAPTURE_FAILED', payment, [capture, 1000])));
    await fixture.settle();
    expect(await fixture.end(payment)).toMatchObject({ status: 'captured', amounts: { amount_captured: 1000 } });
    expect(statuses(fixture).sort()).toEqual(['applied', 'contradicted']);
  });
});

it('[AUD-1] what was settled by a provider names the request that brought it, and no person', async () => {
  const fixture = openIngressFixture();
  const connection = await fixture.connect('stripe');
  const payment = await fixture.pay('stripe');
  await fixture.stripe(connection, authorizedEvent(payment));
  await fixture.settle();
  const { fact } = await fixture.payment(payment);
  const row = unmarshall(fixture.events()[0] as never);
  expect(fact).toMatchObject({
    actor: { kind: 'system', id: 'processor_events' },
    request_id: row.request_id,
    address: null,
  });
  await fixture.relayAll();
  const entries = fixture.entries().map((entry) => entry.action?.S);
  expect(entries).toEqual(expect.arrayContaining(['connection.created', 'payment.authorized']));
});
