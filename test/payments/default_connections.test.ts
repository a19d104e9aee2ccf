// Live payments that name no connection: the first of their currency's takes them, the next one while that is refused, and nothing of
// one is ever asked through another.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createConnection,
  deleteConnection,
  getConnectionDefaults,
  setConnectionDefaults,
} from '../../contract/connections/operations.ts';
import { capturePayment, createPayment } from '../../contract/payments/operations.ts';
import { adyenLimits } from '../../lambdas/processors/adyen/processor.ts';
import { loopbackTransport } from '../../lambdas/processors/https_exchange.ts';
import { stripeLimits } from '../../lambdas/processors/stripe/processor.ts';
import { AdyenStub } from '../../processor/stand_ins/adyen_stub.ts';
import { StripeStub } from '../../processor/stand_ins/stripe_stub.ts';
import { bodies, openIngressFixture } from '../processor_events/ingress_fixture.ts';
import { tenantsOf } from '../tenants/business_fixture.ts';

const apiKey = 'sk_live_51StrongroomDefaults';
let stripe: StripeStub;
let adyen: AdyenStub;
beforeEach(async () => {
  [stripe, adyen] = await Promise.all([new StripeStub({ apiKey, live: true }).start(), new AdyenStub().start()]);
});
afterEach(() => Promise.all([stripe.server.stop(), adyen.server.stop()]));

async function open() {
  const fixture = openIngressFixture();
  const authorizer = { ...(await tenantsOf(fixture.platform).verified()), mode: 'live' };
  const connect = async (key: string, body: object): Promise<string> =>
    (await fixture.connecting(createConnection, { key, body, authorizer })).json.id;
  const { publishable_key: _, ...ofStripe } = bodies.stripe;
  const { client_key: __, ...ofAdyen } = bodies.adyen;
  const first = await connect('stripe', { ...ofStripe, api_key: apiKey });
  const second = await connect('adyen', { ...ofAdyen, live_prefix: '1797a841fbb37ca7-AdyenDemo' });
  const transport = loopbackTransport(`${adyen.server.url}/v71`, adyenLimits);
  const { pay } = fixture.moving({
    stripe: loopbackTransport(stripe.server.url, stripeLimits),
    adyen: transport,
    adyenLive: () => transport,
  });
  const choose = (currencies: object, who: object = authorizer) =>
    fixture.connecting(setConnectionDefaults, { body: { currencies }, authorizer: { ...authorizer, ...who } });
  const body = { amount: 1000, currency: 'EUR', return_url: 'https://shop.example/done' };
  const charge = (key: string, more: object = {}) =>
    pay(createPayment, { key, body: { ...body, ...more }, authorizer });
  return { fixture, authorizer, first, second, pay, choose, charge };
}

describe('[PAY-1] a live payment that names no connection', () => {
  it('goes through the first of its currency’s, and through that of every other one where there is none', async () => {
    const { choose, charge, first, second } = await open();
    expect((await charge('none')).json).toMatchObject({ status: 400, errors: [{ pointer: '/connection' }] });
    expect((await choose({ EUR: [first], '*': [second] })).statusCode).toBe(200);
    expect((await charge('eur')).json).toMatchObject({ connection: first, status: 'requires_payment_method' });
    expect((await charge('usd', { currency: 'USD' })).json.connection).toBe(second);
    expect((await charge('named', { connection: second })).json.connection).toBe(second);
  });

  it('is charged once, by one of them, whatever is chosen or refused meanwhile', async () => {
    const { choose, charge, pay, authorizer, first, second } = await open();
    await choose({ '*': [first, second] });
    const made = await charge('order', { capture_method: 'manual' });
    expect(made.json.connection).toBe(first);
    await choose({ '*': [second] });
    // Who repeats the request is answered with the payment that there is.
    expect((await charge('order', { capture_method: 'manual' })).body).toBe(made.body);
    stripe.payInPage(made.json.client.client_secret, 'visa');
    expect(adyen.sessions.all).toEqual([]);
    const sent = { key: 'capture', params: { payment_id: made.json.id }, body: {}, authorizer };
    expect((await pay(capturePayment, sent)).json.code).toBe('payment_not_capturable');
    expect([...stripe.intents.values()]).toHaveLength(1);
  });

  it('goes through the next one while the processor of the first refuses it, and through the first again afterwards', async () => {
    const { choose, charge, fixture, first, second } = await open();
    await choose({ EUR: [first, second] });
    stripe.turnsAway = 'key_expired';
    const failed = await charge('refused');
    expect(failed.json).toMatchObject({ connection: first, status: 'failed' });
    expect((await charge('next')).json).toMatchObject({ connection: second, status: 'requires_payment_method' });
    stripe.turnsAway = null;
    fixture.advance(120_000);
    expect((await charge('again', { connection: first })).json.status).toBe('requires_payment_method');
    expect((await charge('after')).json.connection).toBe(first);
  });

  it('passes over one that was deleted, and is refused where none is left', async () => {
    const { choose, charge, fixture, authorizer, first, second } = await open();
    await choose({ EUR: [first, second] });
    const remove = (connection_id: string) =>
      fixture.connecting(deleteConnection, { params: { connection_id }, authorizer });
    await remove(first);
    fixture.advance(2_000);
    expect((await charge('one')).json.connection).toBe(second);
    await remove(second);
    fixture.advance(2_000);
    expect((await charge('two')).json.errors).toMatchObject([{ pointer: '/connection' }]);
  });
});

describe('the default connections', () => {
  it('are read as they were chosen, for one mode alone, and choosing the same again changes nothing', async () => {
    const { choose, fixture, authorizer, first, second } = await open();
    const read = async (who: object) =>
      (await fixture.reads(getConnectionDefaults, { authorizer: { ...authorizer, ...who } })).json;
    expect(await read({})).toMatchObject({ currencies: {}, updated_at: null, mode: 'live' });
    const { json } = await choose({ EUR: [second, first] });
    expect(await read({})).toEqual(json);
    expect(await read({ mode: 'test' })).toMatchObject({ currencies: {}, mode: 'test' });
    expect((await choose({ EUR: [second, first] })).json).toEqual(json);
    expect((await choose({})).json.currencies).toEqual({});
  });

  it('name connections that are there, in currencies of today', async () => {
    const { choose, fixture, first } = await open();
    const test = (await fixture.connect('stripe')).id;
    const missing = `conn_us_${'a'.repeat(26)}`;
    for (const [currencies, pointer] of [
      [{ EUR: [missing] }, '/currencies/EUR/0'],
      [{ EUR: [first, test] }, '/currencies/EUR/1'],
      [{ XXQ: [first] }, '/currencies/XXQ'],
      [{ EUR: [] }, '/currencies/EUR'],
      [{ EUR: [first, first] }, '/currencies/EUR'],
      [{ eur: [first] }, '/currencies/eur'],
      [{ __proto__x: [first] }, '/currencies/__proto__x'],
    ] as const) {
      const refused = await choose(currencies);
      expect(refused).toMatchObject({ statusCode: 400, json: { errors: [{ pointer }] } });
    }
    expect((await choose({ EUR: [first] }, { tenant: 'ten_us_b' })).statusCode).toBe(400);
  });
});
