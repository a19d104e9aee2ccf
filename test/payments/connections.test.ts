// Payments through connections: the real handlers and the reconciler, with stand-ins for Stripe and Adyen on loopback that keep
// ledgers of their own.

import { inspect } from 'node:util';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectionLimits } from '../../contract/connections/limits.ts';
import { deleteConnection } from '../../contract/connections/operations.ts';
import { cacheLimits } from '../../contract/kernel/limits.ts';
import { moneyLimits } from '../../contract/payments/limits.ts';
import { capturePayment, createPayment, refundPayment, voidPayment } from '../../contract/payments/operations.ts';
import { connectionRow, loadConnection } from '../../lambdas/connections/store.ts';
import { commit } from '../../lambdas/kernel/store/commit.ts';
import type { Transports } from '../../lambdas/payments/create_processor.ts';
import { moneyPorts } from '../../lambdas/payments/ports.ts';
import { adyenLimits } from '../../lambdas/processors/adyen/processor.ts';
import { loopbackTransport } from '../../lambdas/processors/https_exchange.ts';
import { stripeLimits } from '../../lambdas/processors/stripe/processor.ts';
import { AdyenStub, adyenKey, hmacKey, messageOf, storedCard } from '../../processor/stand_ins/adyen_stub.ts';
import { StripeStub, stripeKey } from '../../processor/stand_ins/stripe_stub.ts';
import type { AwsCall } from '../kit/aws/answered.ts';
import { merchant, other } from '../kit/requests.ts';
import { type IngressFixture, openIngressFixture } from '../processor_events/ingress_fixture.ts';

let stripe: StripeStub;
let adyen: AdyenStub;
beforeEach(async () => {
  [stripe, adyen] = await Promise.all([new StripeStub().start(), new AdyenStub().start()]);
});
afterEach(() => Promise.all([stripe.server.stop(), adyen.server.stop()]));

const transports = (): Transports => ({
  stripe: loopbackTransport(stripe.server.url, stripeLimits),
  adyen: loopbackTransport(`${adyen.server.url}/v71`, adyenLimits),
  adyenLive: () => {
    throw new Error('nothing of live mode is asked');
  },
});

const return_url = 'https://shop.example/done?order=42';
const money = { amount: 1000, currency: 'EUR', return_url };
const methods = { stripe: 'pm_card_visa', adyen: storedCard('approved'), test: 'pm_test_visa' } as const;
type Provider = keyof typeof methods;

async function open(provider: Provider, fault?: (call: AwsCall) => boolean) {
  const fixture = openIngressFixture(fault === undefined ? {} : { fault });
  const connection = await fixture.connect(provider);
  const body = { ...money, payment_method: methods[provider], connection: connection.id };
  return { fixture, connection, body, ...fixture.moving(transports()) };
}

const chargesOf = (reference: string): number => stripe.chargesOf(reference).length + adyen.chargesOf(reference).length;
const sent = (): number => stripe.server.calls.length + adyen.server.calls.length;
const rows = (fixture: IngressFixture, table: 'payments' | 'providers' = 'payments') => [
  ...fixture.aws.database.items(table),
];

/** The webhooks that Adyen has sent by now. */
async function sendAdyenItems(
  fixture: IngressFixture,
  connection: { readonly id: string; readonly provider: 'adyen' },
): Promise<void> {
  for (const item of adyen.items.splice(0)) await fixture.post(connection, messageOf(item));
  await fixture.settle();
}

describe.each(['stripe', 'adyen'] as const)('[PAY-1] a payment through a connection to %s', (provider) => {
  it('is charged there, captured, voided and refunded there, once each, and says through which', async () => {
    const { fixture, connection, body, pay } = await open(provider);
    const heard = async () => provider === 'adyen' && sendAdyenItems(fixture, { id: connection.id, provider });
    const request = { key: 'one', body: { ...body, capture_method: 'manual' } };
    const made = await pay(createPayment, request);
    expect(made).toMatchObject({ statusCode: 201, json: { status: 'authorized', connection: connection.id } });
    const { id } = made.json;
    const params = { payment_id: id };
    expect((await pay(capturePayment, { key: 'capture', params, body: { amount: 400 } })).statusCode).toBe(201);
    await heard();
    expect((await pay(voidPayment, { key: 'void', params, body: {} })).statusCode).toBe(201);
    await heard();
    expect((await pay(refundPayment, { key: 'refund', params, body: { amount: 100 } })).statusCode).toBe(201);
    await heard();
    expect(await fixture.end(id)).toMatchObject({
      status: 'captured',
      amounts: { amount_authorized: 1000, amount_captured: 400, amount_refunded: 100, amount_voided: 600 },
      reserved: { capture_reserved: 0, refund_reserved: 0 },
      parts: ['capture 400 succeeded', 'refund 100 succeeded', 'void 600 succeeded'],
    });
    expect(chargesOf(id)).toBe(provider === 'stripe' ? 0 : 1);
    if (provider === 'stripe') expect([...stripe.intents.values()].at(-1)).toMatchObject({ amount_received: 400 });
    const before = sent();
    const again = await pay(createPayment, request);
    expect(again).toMatchObject({ statusCode: 201, body: made.body, headers: { 'Idempotent-Replayed': 'true' } });
    expect(sent()).toBe(before);
  });

  it('whose answer is lost is settled by the reconciler, with one charge in the ledger, and repeats its first reply', async () => {
    const { fixture, body, pay, reconcile } = await open(provider);
    const { server } = { stripe, adyen }[provider];
    server.losses.push('answer');
    const request = { key: 'lost', body };
    const first = await pay(createPayment, request);
    expect(first).toMatchObject({ statusCode: 201, json: { status: 'processing' } });
    expect(chargesOf(first.json.id)).toBe(1);
    fixture.advance(moneyLimits.recheckMinMs);
    expect(await reconcile()).toEqual({ looked: 1, failed: 0 });
    expect(await fixture.end(first.json.id)).toMatchObject({ status: 'captured' });
    expect(chargesOf(first.json.id)).toBe(1);
    expect((await pay(createPayment, request)).body).toBe(first.body);
    const [one, two] = server.calls.filter(({ method }) => method === 'POST');
    // The very same request: what was stored of it is enough.
    expect([two?.body, two?.headers['idempotency-key']]).toEqual([one?.body, one?.headers['idempotency-key']]);
    expect(decodeURIComponent(one?.body ?? '')).toContain(return_url);
  });

  it('keeps where the payer comes back to until the charge is answered', async () => {
    const { fixture, body, pay, reconcile } = await open(provider);
    ({ stripe, adyen })[provider].server.losses.push('request');
    const { id } = (await pay(createPayment, { key: 'back', body })).json;
    expect((await fixture.payment(id)).value.charge_secrets).toBeInstanceOf(Uint8Array);
    fixture.advance(moneyLimits.recheckMinMs);
    await reconcile();
    expect(rows(fixture).map((item) => unmarshall(item as never))).toEqual([
      expect.not.objectContaining({ charge_secrets: expect.anything() }),
    ]);
    await fixture.relayAll();
    const tables = ['payments', 'events', 'audit'].map((table) => [...fixture.aws.database.items(table)]);
    const relayed = JSON.stringify(
      [tables, fixture.aws.database.stream('payments'), fixture.aws.published, fixture.lines],
      (_, value) => (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value),
    );
    expect(relayed).toContain(id);
    expect(relayed).not.toContain('shop.example');
  });

  it('needs to know where the payer comes back to, and a token of that provider', async () => {
    const { fixture, body, pay } = await open(provider);
    const { return_url: _, ...without } = body;
    const missing = await pay(createPayment, { key: 'a', body: without });
    expect(missing).toMatchObject({ statusCode: 400, json: { code: 'request_invalid' } });
    expect(missing.json.errors).toEqual([
      { pointer: '/return_url', detail: 'This processor may send the payer away: say where to' },
    ]);
    for (const payment_method of [provider === 'stripe' ? methods.adyen : methods.stripe, 'pm_test_visa']) {
      const wrong = await pay(createPayment, { key: 'a', body: { ...body, payment_method } });
      expect(wrong).toMatchObject({ statusCode: 422, json: { code: 'payment_method_unknown' } });
      expect(wrong.json.errors).toEqual([
        { pointer: '/payment_method', detail: 'The processor knows no such payment method' },
      ]);
    }
    expect([rows(fixture), sent()]).toEqual([[], 0]);
  });

  it('[ENC-4] shows the credentials to the provider and to nobody else', async () => {
    const { fixture, body, pay, reconcile, connection } = await open(provider);
    const key = { stripe: stripeKey, adyen: adyenKey }[provider];
    const replies = [await pay(createPayment, { key: 'a', body: { ...body, capture_method: 'manual' } })];
    const params = { payment_id: replies[0]?.json.id };
    replies.push(await pay(capturePayment, { key: 'b', params, body: {} }));
    replies.push(await pay(createPayment, { key: 'c', body: { ...body, connection: `conn_us_${'z'.repeat(26)}` } }));
    await reconcile();
    await fixture.relayAll();
    const ports = moneyPorts(fixture.platform, transports());
    const owner = { tenant: merchant.tenant, mode: 'test', connection: connection.id } as const;
    const processor = await ports.processorOf({ ...owner, processor: provider });
    const all = [replies, fixture.lines, fixture.aws.published, processor, ports, fixture.entries(), rows(fixture)];
    const shown = inspect(all, { depth: 12, maxStringLength: null }) + JSON.stringify([replies, fixture.lines]);
    for (const secret of [key, key.slice(-12), hmacKey]) expect(shown).not.toContain(secret);
    const { headers } = { stripe, adyen }[provider].server.calls[0] ?? {};
    expect(JSON.stringify(headers)).toContain(key);
  });

  it('whose connection was deleted goes on to its end and repeats its reply; no new payment is accepted', async () => {
    const { fixture, connection, body, pay } = await open(provider);
    const request = { key: 'one', body: { ...body, capture_method: 'manual' } };
    const made = await pay(createPayment, request);
    const params = { payment_id: made.json.id };
    await fixture.connecting(deleteConnection, { params: { connection_id: connection.id } });
    fixture.advance(cacheLimits.connectionMs);
    // A process that has it open, and one that has not.
    for (const [at, calling] of [pay, fixture.moving(transports()).pay].entries()) {
      const refused = await calling(createPayment, { key: 'two', body });
      expect(refused).toMatchObject({ statusCode: 404, json: { code: 'connection_not_found' } });
      expect(refused.json.errors).toEqual([{ pointer: '/connection', detail: 'There is no such connection' }]);
      expect((await calling(createPayment, request)).body).toBe(made.body);
      const other = { key: 'one', body: { ...request.body, amount: 2 } };
      expect(await calling(createPayment, other)).toMatchObject({ statusCode: 422 });
      const capture = await calling(capturePayment, { key: `capture-${at}`, params, body: { amount: 100 } });
      expect(capture).toMatchObject({ statusCode: 201 });
    }
    expect(sent()).toBe(provider === 'stripe' ? 5 : 3);
    // Its time is up, whether or not DynamoDB has deleted the row yet.
    fixture.advance(connectionLimits.credentialRetentionDays * 86_400_000);
    const before = await fixture.payment(made.json.id);
    const late = await fixture.moving(transports()).pay(capturePayment, { key: 'late', params, body: { amount: 100 } });
    expect(late).toMatchObject({ statusCode: 404, json: { code: 'connection_not_found' } });
    expect(await fixture.payment(made.json.id)).toEqual(before);
  });

  it('in a warm process costs the calls of any payment', async () => {
    const { fixture, body, pay } = await open(provider);
    await pay(createPayment, { key: 'cold', body });
    fixture.calls.length = 0;
    await pay(createPayment, { key: 'warm', body });
    expect(fixture.calls).toEqual(['PutItem', 'PutItem']);
    fixture.advance(cacheLimits.connectionMs);
    fixture.calls.length = 0;
    await pay(createPayment, { key: 'later', body });
    expect(fixture.calls).toEqual(['GetItem', 'PutItem', 'PutItem']);
  });

  it('whose connection cannot be read or opened is refused for now and leaves nothing behind', async () => {
    let lost = '';
    const { fixture, connection, body, pay } = await open(provider, ({ operation, input }) => {
      return lost === 'Decrypt' ? operation === lost : lost !== '' && JSON.stringify(input).includes(lost);
    });
    const request = { key: 'again', body };
    for (const what of [connection.id, 'Decrypt']) {
      lost = what;
      expect(await pay(createPayment, request)).toMatchObject({ statusCode: 503, json: { code: 'unavailable' } });
      lost = '';
      expect([rows(fixture), sent()]).toEqual([[], 0]);
    }
    const fields = { tenant: merchant.tenant, mode: 'test', object: connection.id, defect: 'Error' };
    expect(fixture.lines.filter(({ message }) => message === 'connection_failed').map(({ fields }) => fields)).toEqual([
      fields,
      fields,
    ]);
    expect(await pay(createPayment, request)).toMatchObject({ statusCode: 201, json: { status: 'captured' } });
  });

  it('whose connection cannot be read is never “not charged”: it waits, and what would change it is refused', async () => {
    let lost = '';
    const { fixture, connection, body, pay } = await open(
      provider,
      ({ operation, input }) => lost !== '' && operation === 'GetItem' && JSON.stringify(input).includes(lost),
    );
    ({ stripe, adyen })[provider].server.losses.push('answer');
    const { id } = (await pay(createPayment, { key: 'a', body: { ...body, capture_method: 'manual' } })).json;
    const authorized = (await pay(createPayment, { key: 'b', body: { ...body, capture_method: 'manual' } })).json.id;
    const before = await fixture.payment(authorized);
    lost = connection.id;
    const cold = fixture.moving(transports());
    fixture.advance(moneyLimits.recheckMinMs);
    expect(await cold.reconcile()).toEqual({ looked: 1, failed: 0 });
    expect(await fixture.end(id)).toMatchObject({ status: 'processing', error: null });
    const params = { payment_id: authorized };
    const change = { key: 'c', params, body: { amount: 400 } };
    expect(await cold.pay(capturePayment, change)).toMatchObject({ statusCode: 503 });
    expect(await fixture.payment(authorized)).toEqual(before);
    lost = '';
    fixture.advance(moneyLimits.recheckMinMs * 2);
    await cold.reconcile();
    expect(await fixture.end(id)).toMatchObject({ status: 'authorized' });
    expect(chargesOf(id)).toBe(1);
    expect(await cold.pay(capturePayment, change)).toMatchObject({ statusCode: 201 });
  });
});

describe('a connection', () => {
  const refused = { statusCode: 404, json: { code: 'connection_not_found' } };

  it('that is not there, another tenant’s or another mode’s takes no payment, and nothing is stored or sent', async () => {
    const { fixture, connection, body, pay } = await open('stripe');
    const theirs = await fixture.connect('stripe', other);
    // Open in this process: what is in memory must be nobody else's either.
    expect(await pay(createPayment, { key: 'own', body })).toMatchObject({ statusCode: 201 });
    const [before, calls] = [rows(fixture), sent()];
    const asked = [
      [merchant, theirs.id],
      [merchant, `conn_us_${'z'.repeat(26)}`],
      [other, connection.id],
    ] as const;
    for (const [authorizer, id] of asked) {
      const request = { key: 'not-mine', body: { ...body, connection: id }, authorizer };
      const reply = await pay(createPayment, request);
      expect(reply).toMatchObject(refused);
      expect(reply.json.errors).toEqual([expect.objectContaining({ pointer: '/connection' })]);
    }
    // What was sealed in test mode opens nothing in live mode.
    const found = await loadConnection(fixture.platform, theirs.id);
    if (found === undefined) throw new Error('it is gone');
    const act = { tenant: other.tenant, mode: 'live', requestId: 'x', onBehalfOf: null, address: null } as const;
    const next = { ...found.value, mode: 'live' } as const;
    const actor = { kind: 'key', id: 'key_1' } as const;
    await commit(fixture.platform, [{ type: connectionRow, before: found, next }], null, { ...act, actor });
    const live = { key: 'live', body: { ...body, connection: theirs.id } };
    fixture.advance(cacheLimits.connectionMs);
    expect(await pay(createPayment, { ...live, authorizer: other })).toMatchObject(refused);
    const inLive = { ...live, authorizer: { ...other, mode: 'live' } };
    expect(await pay(createPayment, inLive)).toMatchObject({ statusCode: 503 });
    expect([rows(fixture), sent()]).toEqual([before, calls]);
  });

  it('is opened for its own tenant, mode and provider alone, in a warm process too', async () => {
    const { fixture, connection } = await open('stripe');
    const { processorOf } = moneyPorts(fixture.platform, transports());
    const own = { tenant: merchant.tenant, mode: 'test', connection: connection.id, processor: 'stripe' } as const;
    expect((await processorOf(own)).name).toBe('stripe');
    for (const wrong of [{ tenant: other.tenant }, { processor: 'adyen' }, { mode: 'live' }] as const) {
      await expect(processorOf({ ...own, ...wrong })).rejects.toMatchObject({ code: 'connection_not_found' });
    }
  });

  it('whose credentials lie in another’s row opens nothing', async () => {
    const { fixture, connection, body, pay } = await open('stripe');
    const theirs = await fixture.connect('stripe', other);
    const [own, stolen] = await Promise.all([connection, theirs].map(({ id }) => loadConnection(fixture.platform, id)));
    if (own === undefined || stolen === undefined) throw new Error('it is gone');
    const next = { ...own.value, credentials: stolen.value.credentials };
    const actor = { kind: 'key', id: 'key_1' } as const;
    const act = {
      tenant: merchant.tenant,
      mode: 'test',
      actor,
      requestId: 'x',
      onBehalfOf: null,
      address: null,
    } as const;
    await commit(fixture.platform, [{ type: connectionRow, before: own, next }], null, act);
    expect(await pay(createPayment, { key: 'stolen', body })).toMatchObject({ statusCode: 503 });
    expect([rows(fixture), sent()]).toEqual([[], 0]);
  });

  it('of the test processor is asked for no credentials', async () => {
    const opened: object[] = [];
    const { fixture, connection, body, pay } = await open('test', ({ operation, input }) => {
      if (operation === 'Decrypt' && JSON.stringify(input).includes('secrets')) opened.push(input);
      return false;
    });
    const reply = await pay(createPayment, { key: 'test', body });
    // Nobody listens at the fixture's test processor.
    expect(reply).toMatchObject({ statusCode: 201, json: { status: 'processing', connection: connection.id } });
    expect((await fixture.payment(reply.json.id)).value).toMatchObject({
      processor: 'test',
      connection: connection.id,
    });
    expect(opened).toEqual([]);
    const { connection: _, ...without } = body;
    const plain = await pay(createPayment, { key: 'plain', body: without });
    expect(plain.json).toMatchObject({ status: 'processing', connection: null });
    // The control of what is looked for.
    const known = await fixture.connect('stripe');
    await pay(createPayment, { key: 'known', body: { ...body, payment_method: methods.stripe, connection: known.id } });
    expect(opened).toHaveLength(1);
  });
});

it.each([
  ['connection', 'conn_us_short'],
  ['connection', null],
  ['connection', 'https://127.0.0.1/'],
  ['return_url', 'http://shop.example'],
  ['return_url', 'javascript:alert(1)'],
  ['return_url', 'https://user@shop.example'],
  ['return_url', 'https://:secret@shop.example'],
  ['return_url', 'https://'],
  ['return_url', 'https://shop.example/a b'],
  ['return_url', `https://shop.example/${'x'.repeat(2_048)}`],
  ['payment_method', 'pm_adyen_shopper-1_APPROVED0000000'],
  ['payment_method', 'pm_card-visa'],
  ['payment_method', 'pm_card_visa\n'],
])('%s %j is refused for its form', async (field, value) => {
  const { fixture, body, pay } = await open('stripe');
  const reply = await pay(createPayment, { key: 'bad', body: { ...body, [field]: value } });
  expect(reply).toMatchObject({ statusCode: 400, json: { code: 'request_invalid' } });
  const pointers = reply.json.errors.map(({ pointer }: { readonly pointer: string }) => pointer);
  expect(new Set(pointers)).toEqual(new Set([`/${field}`]));
  expect([rows(fixture), sent()]).toEqual([[], 0]);
});

it('Adyen’s shoppers may be named as merchants name them', async () => {
  const { body, pay } = await open('adyen');
  const payment_method = 'pm_adyen_3f2c4f0e-9a51-4cde-8f0b-2b1f0a9d7c11_APPROVED00000000';
  const reply = await pay(createPayment, { key: 'uuid', body: { ...body, payment_method } });
  expect(reply).toMatchObject({ statusCode: 201, json: { status: 'captured', payment_method } });
  const asked = JSON.parse(adyen.server.calls[0]?.body ?? '{}');
  expect(asked).toMatchObject({
    shopperReference: '3f2c4f0e-9a51-4cde-8f0b-2b1f0a9d7c11',
    paymentMethod: { storedPaymentMethodId: 'APPROVED00000000' },
  });
});

describe('[PAY-1] a payment that waits for its payer', () => {
  const waiting = async () => {
    const world = await open('stripe');
    const body = { ...world.body, payment_method: 'pm_card_3ds', capture_method: 'manual' };
    const { json } = await world.pay(createPayment, { key: 'one', body });
    expect(json.status).toBe('requires_action');
    const [intent] = [...stripe.intents.values()];
    if (intent === undefined) throw new Error('no intent');
    const release = (key: string) => world.pay(voidPayment, { key, params: { payment_id: json.id }, body: {} });
    return { ...world, id: json.id as string, intent, release };
  };

  it('is canceled at the processor too, once, and can be neither paid nor captured', async () => {
    const { fixture, connection, id, intent, release, pay } = await waiting();
    const done = await release('v1');
    expect(done).toMatchObject({ statusCode: 201, json: { object: 'void', status: 'succeeded', amount: 1000 } });
    expect((await release('v1')).body).toBe(done.body);
    expect(intent.status).toBe('canceled');
    for (const event of stripe.events) await fixture.stripe(connection, event);
    await fixture.settle();
    const amounts = { amount_authorized: 0, amount_captured: 0, amount_refunded: 0, amount_voided: 0 };
    expect(await fixture.end(id)).toMatchObject({ status: 'canceled', amounts, reserved: { capture_reserved: 0 } });
    expect((await fixture.payment(id)).value).toMatchObject({ next_action: null, intent: { due_at_ms: null } });
    expect(await release('v2')).toMatchObject({ statusCode: 409, json: { code: 'payment_not_voidable' } });
    const params = { payment_id: id };
    expect(await pay(capturePayment, { key: 'c1', params, body: {} })).toMatchObject({ statusCode: 409 });
  });

  it('a lost answer is settled by what the processor says, as canceled and not as failed', async () => {
    const { fixture, connection, id, release } = await waiting();
    stripe.server.losses.push('answer', 'answer');
    expect((await release('v1')).json.status).toBe('processing');
    for (const event of stripe.events) await fixture.stripe(connection, event);
    await fixture.settle();
    expect(await fixture.end(id)).toMatchObject({ status: 'canceled', parts: ['void 1000 succeeded'] });
  });

  it.each(['before', 'after'] as const)('a payer who was faster wins, if we hear of it %s', async (when) => {
    const { fixture, connection, id, intent, release } = await waiting();
    const paid = { status: 'succeeded', capture_method: 'manual', amount_received: 1000, amount_capturable: 0 };
    stripe.change(intent.id, { ...paid, next_action: null }, 'payment_intent.succeeded');
    const hear = async () => {
      for (const event of stripe.events) await fixture.stripe(connection, event);
      await fixture.settle();
    };
    if (when === 'before') await hear();
    const asked = await release('v1');
    if (when === 'before') expect(asked.json.code).toBe('payment_not_voidable');
    else expect(asked.json).toMatchObject({ object: 'void', status: 'failed' });
    await hear();
    fixture.advance(61_000);
    await fixture.retry();
    expect(await fixture.end(id)).toMatchObject({
      status: 'captured',
      amounts: { amount_captured: 1000, amount_voided: 0 },
      reserved: { capture_reserved: 0 },
    });
  });

  it('one that authorized while the void ran is canceled, and nothing of it can be captured', async () => {
    const { fixture, connection, id, intent, release } = await waiting();
    const authorized = { status: 'requires_capture', amount_capturable: 1000, next_action: null };
    stripe.change(intent.id, authorized, 'payment_intent.amount_capturable_updated');
    expect((await release('v1')).json).toMatchObject({ status: 'succeeded' });
    for (const event of stripe.events) await fixture.stripe(connection, event);
    await fixture.settle();
    const end = await fixture.end(id);
    expect(end).toMatchObject({ status: 'canceled', reserved: { capture_reserved: 0 } });
    expect(intent.status).toBe('canceled');
  });

  it('at a processor that cannot cancel it, is not voidable', async () => {
    const { fixture, body } = await open('stripe');
    const processor = {
      name: 'stripe',
      keyLifetimeMs: 3_600_000,
      accepts: () => true,
      send: async () => ({ kind: 'requires_action', charge: 'pi_1', url: 'https://bank.example/3ds' }) as const,
      lookUp: async () => ({ kind: 'unknown' }) as const,
    };
    const call = fixture.money(async () => processor);
    const { json } = await call(createPayment, { key: 'one', body });
    const refused = await call(voidPayment, { key: 'v', params: { payment_id: json.id }, body: {} });
    expect(refused).toMatchObject({ statusCode: 409, json: { code: 'payment_not_voidable' } });
  });
});
