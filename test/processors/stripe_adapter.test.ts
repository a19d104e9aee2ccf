// The adapter to Stripe where it differs from the others: its errors, its marks on captures, its look-ups, its key.

import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Secret } from '../../lambdas/kernel/crypto/secret.ts';
import type { Order } from '../../lambdas/processors/domain/fact.ts';
import { httpsTransport, loopbackTransport } from '../../lambdas/processors/https_exchange.ts';
import { factOfSend } from '../../lambdas/processors/stripe/facts.ts';
import { stripeLimits, stripeProcessor } from '../../lambdas/processors/stripe/processor.ts';
import { type Given, type ProviderServer, providerServer } from '../../processor/stand_ins/provider_server.ts';
import { StripeStub, stripeKey } from '../../processor/stand_ins/stripe_stub.ts';
import { chargeOrder, modificationOrder } from './processor_process.ts';
import { stripeAdapter } from './stub_adapters.ts';

const unknown = { kind: 'unknown' };
const account = { apiKey: new Secret(stripeKey) };

const order = chargeOrder('pm_card_visa');
const capture = { ...modificationOrder('capture', order, 'pi_1', 1000), id: 'cap_1' };
const refund = modificationOrder('refund', order, 'pi_1', 1000);
const release = modificationOrder('void', order, 'pi_1', 1000);
const good = {
  id: 'pi_1',
  object: 'payment_intent',
  status: 'succeeded',
  amount: 1000,
  amount_capturable: 0,
  amount_received: 1000,
  currency: 'eur',
  capture_method: 'automatic',
  metadata: { reference: order.reference, order: order.id },
  next_action: null,
  last_payment_error: null,
};
const failure = (type: string, more = {}) => ({ error: { type, message: 'text of Stripe', ...more } });
const toOther = { ...good, status: 'requires_action' };

describe('an answer that Stripe would not give, or that promises nothing', () => {
  let given: Given = { status: 200, body: good };
  let server: ProviderServer;
  const adapter = () => stripeProcessor(account, loopbackTransport(server.url, stripeLimits));
  beforeAll(async () => {
    server = await providerServer(() => given);
  });
  afterAll(() => server.stop());

  test('a well-formed answer is understood: the control of this table', async () => {
    given = { status: 200, body: good };
    expect(await adapter().send(order, 'k.1', 2_000)).toEqual({ kind: 'approved', charge: 'pi_1', captured: true });
  });

  const answers: Record<string, Given> = {
    'a rate limit, which Stripe judges before it looks at keys': {
      status: 429,
      body: failure('invalid_request_error'),
    },
    'a lock that was not had in time': {
      status: 429,
      body: failure('invalid_request_error', { code: 'lock_timeout' }),
    },
    'a key in use': { status: 409, body: failure('idempotency_error', { code: 'idempotency_key_in_use' }) },
    'a key used for something else': { status: 400, body: failure('idempotency_error') },
    'an address that Stripe does not know': { status: 404, body: failure('invalid_request_error') },
    'a fault of Stripe': { status: 500, body: failure('api_error') },
    'a fault that looks like a refusal': { status: 500, body: failure('invalid_request_error') },
    'a decline without its PaymentIntent': { status: 402, body: failure('card_error', { code: 'card_declined' }) },
    'a decline of another order': {
      status: 402,
      body: failure('card_error', {
        payment_intent: {
          ...good,
          status: 'requires_payment_method',
          metadata: { reference: 'pay_other', order: 'pay_other' },
          last_payment_error: { code: 'card_declined', decline_code: 'generic_decline' },
        },
      }),
    },
    'a decline whose PaymentIntent is still open': {
      status: 402,
      body: failure('card_error', { payment_intent: { ...good, status: 'processing_maybe' } }),
    },
    'a failed payment without a reason': { status: 200, body: { ...good, status: 'requires_payment_method' } },
    'a redirect': { status: 307, body: '' },
    'no JSON': { status: 200, body: '<html>' },
    'another amount': { status: 200, body: { ...good, amount: 10, amount_received: 10 } },
    'less received than asked': { status: 200, body: { ...good, amount_received: 10 } },
    'another currency': { status: 200, body: { ...good, currency: 'usd' } },
    'another order': { status: 200, body: { ...good, metadata: { reference: order.reference, order: 'pay_x' } } },
    'another payment': { status: 200, body: { ...good, metadata: { reference: 'pay_x', order: order.id } } },
    'no names of ours': { status: 200, body: { ...good, metadata: {} } },
    'captured later, though asked at once': { status: 200, body: { ...good, capture_method: 'manual' } },
    'an unheard-of status': { status: 200, body: { ...good, status: 'fine' } },
    'a challenge without an address': { status: 200, body: toOther },
    'a challenge by script': { status: 200, body: { ...toOther, next_action: { type: 'use_stripe_sdk' } } },
    'a challenge that a browser would run': {
      status: 200,
      body: { ...toOther, next_action: { type: 'redirect_to_url', redirect_to_url: { url: 'javascript:alert(1)' } } },
    },
    'an id that is a path': { status: 200, body: { ...good, id: 'pi_1/../x' } },
  };
  test.for([
    ['a key that is not known', 401, null],
    ['a key that may not do this', 403, null],
    ['a field that this version does not know', 400, 'parameter_unknown'],
    ['an account that is closed', 400, 'account_closed'],
    ['an account that is not there', 404, 'account_invalid'],
  ] as const)('[PAY-1] %s moves nothing, and is said to be the set-up', async ([, status, code]) => {
    given = { status, body: failure('invalid_request_error', { code }) };
    for (const asked of [order, capture, refund, release]) {
      expect(await adapter().send(asked, 'k.1', 2_000)).toEqual({ kind: 'misconfigured' });
    }
  });

  test('[PAY-1] a refused set-up says nothing of a request that may have arrived before on a broken connection', () => {
    const reply = { status: 401, body: failure('invalid_request_error') };
    expect(factOfSend(order, reply)).toEqual({ kind: 'misconfigured' });
    expect(factOfSend(order, { ...reply, resent: true })).toEqual(unknown);
  });

  test.for(Object.entries(answers))('[PAY-1] %s is unknown', async ([, answer]) => {
    given = answer;
    expect(await adapter().send(order, 'k.1', 2_000)).toEqual(unknown);
    for (const asked of [order, capture, refund]) {
      expect(await adapter().lookUp(asked, 2_000)).toEqual(unknown);
    }
    // What waits for its payer was surely not canceled.
    const waits = answer?.status === 200 && /"status":"requires_(payment_method|action)"/.test(JSON.stringify(answer));
    const expected = waits ? { kind: 'not_charged' } : unknown;
    expect(await adapter().lookUp(release, 2_000)).toEqual(expected);
  });

  test('[PAY-1] an answer about another PaymentIntent of the same payment is unknown', async () => {
    const manual = { ...good, capture_method: 'manual', metadata: { ...good.metadata, [capture.id]: '1000' } };
    given = { status: 200, body: manual };
    expect(await adapter().lookUp(capture, 2_000)).toMatchObject({ kind: 'approved' });
    expect(await adapter().lookUp({ ...capture, charge: 'pi_2' }, 2_000)).toEqual(unknown);
    expect(await adapter().send({ ...capture, charge: 'pi_2' }, 'k.1', 2_000)).toEqual(unknown);
  });

  test('[PAY-1] of refunds that go on beyond the page, absence proves nothing', async () => {
    given = { status: 200, body: { data: [], has_more: true } };
    expect(await adapter().lookUp(refund, 2_000)).toEqual(unknown);
    given = { status: 200, body: { data: [], has_more: false } };
    expect(await adapter().lookUp(refund, 2_000)).toEqual({ kind: 'not_charged' });
  });

  test('a refusal is final, and says nothing in the words of Stripe', async () => {
    given = { status: 400, body: failure('invalid_request_error', { code: 'resource_missing' }) };
    const fact = await adapter().send(order, 'k.1', 2_000);
    expect(fact).toMatchObject({ kind: 'declined', declineCode: null });
    expect(JSON.stringify(fact)).not.toContain('Stripe');
  });

  test('[PAY-1] an amount that Stripe reads otherwise is refused before anything is sent', async () => {
    const asked = server.calls.length;
    const amounts: readonly (readonly [currency: string, amount: number, accepted: boolean])[] = [
      ['ISK', 1000, false],
      ['UGX', 1000, false],
      ['MGA', 1000, false],
      ['IQD', 1000, false],
      ['LYD', 1000, false],
      ['KWD', 1001, false],
      ['KWD', 1000, true],
      ['JPY', 1001, true],
      ['HUF', 1001, true],
    ];
    given = { status: 500, body: '' };
    for (const [currency, amount, accepted] of amounts) {
      const before = server.calls.length;
      const fact = await adapter().send({ ...order, currency, amount }, 'k.1', 2_000);
      expect([currency, fact.kind, server.calls.length > before]).toEqual([
        currency,
        accepted ? 'unknown' : 'declined',
        accepted,
      ]);
    }
    expect(server.calls.length).toBe(asked + 3);
  });
});

describe('against the stand-in', () => {
  const stub = new StripeStub();
  beforeAll(() => stub.start());
  afterAll(() => stub.server.stop());
  const send = (each: Order, attempt = 1) => stripeAdapter(stub).send(each, `${each.id}.${attempt}`, 2_000);
  const lookUp = (each: Order) => stripeAdapter(stub).lookUp(each, 2_000);
  const authorized = async () => {
    const charge = chargeOrder('pm_card_visa', { capture: false });
    const fact = await send(charge);
    if (fact.kind !== 'approved') throw new Error('not approved');
    return {
      charge,
      id: fact.charge,
      of: (kind: 'capture' | 'refund' | 'void', amount: number) => {
        const each = modificationOrder(kind, charge, fact.charge, amount);
        return { ...each, id: each.id.replace('capture', 'cap') };
      },
    };
  };

  test('[PAY-1] a request that was lost is unknown, and charges once when repeated', async () => {
    const charge = chargeOrder('pm_card_visa');
    stub.server.losses.push('request');
    expect(await send(charge)).toEqual(unknown);
    expect(stub.chargesOf(charge.reference)).toHaveLength(0);
    expect(await send(charge)).toMatchObject({ kind: 'approved' });
    expect(stub.chargesOf(charge.reference)).toHaveLength(1);
  });

  test('[PAY-1] a repeat while the first request still runs is unknown, not failed', async () => {
    const charge = chargeOrder('pm_card_slow');
    const first = send(charge);
    await expect
      .poll(() => stub.server.calls.some(({ headers }) => headers['idempotency-key'] === `${charge.id}.1`))
      .toBe(true);
    expect(await send(charge)).toEqual(unknown);
    expect(await first).toMatchObject({ kind: 'approved' });
  });

  test('[PAY-1] what the search does not find yet proves nothing', async () => {
    const charge = chargeOrder('pm_card_visa');
    expect(await lookUp(charge)).toEqual(unknown);
    const fact = await send(charge);
    stub.searchBlind = true;
    expect(await lookUp(charge)).toEqual(unknown);
    stub.searchBlind = false;
    expect(await lookUp(charge)).toEqual(fact);
  });

  test('[PAY-1] what is read without delay shows what was executed and what was not', async () => {
    const { of } = await authorized();
    const steps = [of('capture', 400), of('void', 600), of('refund', 400)];
    for (const step of steps) {
      expect(await lookUp(step)).toEqual({ kind: 'not_charged' });
      const fact = await send(step);
      expect(fact).toMatchObject({ kind: 'approved' });
      expect(await lookUp(step)).toEqual(fact);
    }
    expect(await lookUp(of('capture', 1))).toEqual({ kind: 'not_charged' });
  });

  test('a payment method that is attached is charged again and again with its customer, and never without', async () => {
    stub.methods.attached.set('pm_1Attached', 'cus_Owner');
    const of = (customer?: string) => ({ ...chargeOrder('pm_1Attached'), customer });
    expect(await send(of('cus_Owner'))).toMatchObject({ kind: 'approved' });
    expect(await send(of('cus_Owner'))).toMatchObject({ kind: 'approved' });
    for (const other of [undefined, 'cus_Other']) expect(await send(of(other))).toMatchObject({ kind: 'declined' });
    expect(await send(chargeOrder('pm_1Once'))).toMatchObject({ kind: 'approved' });
    expect(await send(chargeOrder('pm_1Once'))).toMatchObject({ kind: 'declined' });
  });

  test('a part is the last capture where Stripe allows no other, and the rest is said to be released', async () => {
    const { id, of } = await authorized();
    stub.multicapture = false;
    const part = of('capture', 800);
    const last = { kind: 'approved', charge: id, captured: true, restReleased: true };
    expect(await send(part)).toEqual(last);
    expect(await lookUp(part)).toEqual(last);
    expect(stub.intents.get(id)).toMatchObject({ status: 'succeeded', amount_received: 800 });
    const { of: ofWhole } = await authorized();
    expect(await send(ofWhole('capture', 1000))).not.toHaveProperty('restReleased');
    stub.multicapture = true;
  });

  test('[PAY-1] a payment is captured as often as Stripe allows, with never more metadata than it takes', async () => {
    const { id, of } = await authorized();
    const parts = Array.from({ length: 50 }, (_, n) => ({
      ...of('capture', 20),
      id: `cap_us_${String(n).padStart(26, 'a')}`,
    }));
    for (const part of parts) {
      expect(await send(part)).toMatchObject({ kind: 'approved', captured: true });
      // Repeated after its answer was lost.
      expect(await send(part)).toMatchObject({ kind: 'approved' });
    }
    for (const part of parts) expect(await lookUp(part)).toMatchObject({ kind: 'approved', captured: true });
    expect(stub.intents.get(id)).toMatchObject({ status: 'succeeded', amount_received: 1000 });
    expect(await lookUp(of('capture', 20))).toEqual({ kind: 'not_charged' });
  });

  test('[PAY-1] a capture that was made by hand is not taken for ours, nor its absence for a failure', async () => {
    const { id, of } = await authorized();
    stub.change(id, { amount_received: 1000, amount_capturable: 0, status: 'succeeded' }, 'payment_intent.succeeded');
    expect(await lookUp(of('capture', 1000))).toEqual(unknown);
  });

  test('[PAY-1] a mark without its money proves nothing', async () => {
    const { id, of } = await authorized();
    const step = of('capture', 400);
    Object.assign(stub.intents.get(id)?.metadata ?? {}, { [step.id]: '400' });
    expect(await lookUp(step)).toEqual(unknown);
  });

  test('a void of what Stripe has released already is done', async () => {
    const { id, of } = await authorized();
    stub.change(id, { status: 'canceled', amount_capturable: 0 }, 'payment_intent.canceled');
    expect(await send(of('void', 1000))).toEqual({ kind: 'approved', charge: id, captured: false });
  });

  test('[PAY-1] orders beyond the money are refused and move nothing', async () => {
    const { id, of } = await authorized();
    expect(await send(of('capture', 1001))).toMatchObject({ kind: 'declined' });
    expect(await send(of('refund', 1))).toMatchObject({ kind: 'declined' });
    expect(stub.intents.get(id)).toMatchObject({ amount_received: 0, amount_capturable: 1000 });
  });

  test("[PAY-1] a capture of another payment's charge is never sent", async () => {
    const { id } = await authorized();
    const stranger = chargeOrder('pm_card_visa', { capture: false });
    const posts = stub.server.calls.filter(({ method }) => method === 'POST').length;
    expect(await send(modificationOrder('capture', stranger, id, 100))).toEqual(unknown);
    expect(stub.server.calls.filter(({ method }) => method === 'POST')).toHaveLength(posts);
  });

  test('a payment that failed its challenge says so when looked up', async () => {
    const charge = chargeOrder('pm_card_3ds');
    const fact = await send(charge);
    if (fact.kind !== 'requires_action') throw new Error('no challenge');
    const last_payment_error = { code: 'payment_intent_authentication_failure' };
    const changes = { status: 'requires_payment_method', next_action: null, last_payment_error };
    stub.change(fact.charge, changes, 'payment_intent.payment_failed');
    expect(await lookUp(charge)).toMatchObject({ kind: 'declined', declineCode: 'authentication_failed' });
  });

  test('every request carries the key of the account in its one header, and the pinned version', async () => {
    for (const { path, query, body, headers } of stub.server.calls) {
      expect(headers).toMatchObject({ authorization: `Bearer ${stripeKey}`, 'stripe-version': '2026-10-28.endive' });
      const { authorization: _, ...others } = headers;
      expect(JSON.stringify([path, [...query], body, others])).not.toContain(stripeKey);
    }
    expect(inspect(stripeAdapter(stub), { depth: 9, showHidden: true })).not.toContain(stripeKey);
  });
});

test('the key of an account goes out over TLS, or to this machine, or not at all; a wrong one is not repeated', () => {
  expect(() => httpsTransport('http://api.stripe.com', stripeLimits)).toThrow(TypeError);
  expect(() => loopbackTransport('http://api.stripe.com', stripeLimits)).toThrow(TypeError);
  expect(() => loopbackTransport('http://127.0.0.1.example.com', stripeLimits)).toThrow(TypeError);
  for (const apiKey of ['', 'pk_test_secretsecret', 'sk_test_secret\r\nx: y', 'secret']) {
    expect(() => stripeProcessor({ ...account, apiKey: new Secret(apiKey) })).toThrow(/^(?!.*secret)/);
  }
});
