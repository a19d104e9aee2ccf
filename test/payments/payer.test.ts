// Payments that their payer makes: in the processor's own fields, or after being sent away. The real handlers and the reconciler,
// with stand-ins for Stripe and Adyen on loopback that keep ledgers of their own.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { payerLimits } from '../../contract/payments/limits.ts';
import {
  cancelPayment,
  capturePayment,
  confirmPayment,
  createPayment,
  getPayment,
  listPayments,
} from '../../contract/payments/operations.ts';
import { adyenLimits } from '../../lambdas/processors/adyen/processor.ts';
import { loopbackTransport } from '../../lambdas/processors/https_exchange.ts';
import { stripeLimits } from '../../lambdas/processors/stripe/processor.ts';
import { AdyenStub, messageOf, storedCard } from '../../processor/stand_ins/adyen_stub.ts';
import { StripeStub } from '../../processor/stand_ins/stripe_stub.ts';
import { openIngressFixture } from '../processor_events/ingress_fixture.ts';

let stripe: StripeStub;
let adyen: AdyenStub;
beforeEach(async () => {
  [stripe, adyen] = await Promise.all([new StripeStub().start(), new AdyenStub().start()]);
});
afterEach(() => Promise.all([stripe.server.stop(), adyen.server.stop()]));

const money = { amount: 1000, currency: 'EUR' };
const return_url = 'https://shop.example/done';

async function open(provider: 'stripe' | 'adyen') {
  const fixture = openIngressFixture();
  const connection = await fixture.connect(provider);
  const { pay, reconcile } = fixture.moving({
    stripe: loopbackTransport(stripe.server.url, stripeLimits),
    adyen: loopbackTransport(`${adyen.server.url}/v71`, adyenLimits),
    adyenLive: () => {
      throw new Error('nothing of live mode is asked');
    },
  });
  const body = { ...money, connection: connection.id, ...(provider === 'adyen' && { return_url }) };
  /** What the processor tells of its own accord. */
  const heard = async () => {
    for (const event of stripe.events.splice(0)) await fixture.stripe(connection, event);
    for (const item of adyen.items.splice(0)) await fixture.post(connection, messageOf(item));
    await fixture.settle();
  };
  const read = async (id: string) => (await fixture.reads(getPayment, { params: { payment_id: id } })).json;
  const act = (operation: typeof confirmPayment | typeof cancelPayment, id: string, sent: object = {}) =>
    pay(operation, { params: { payment_id: id }, body: sent });
  return { fixture, body, pay, reconcile, heard, read, act };
}

const chargesOf = (reference: string): number => stripe.chargesOf(reference).length + adyen.chargesOf(reference).length;

describe.each(['stripe', 'adyen'] as const)('[PAY-1] a payment without a payment method, through %s', (provider) => {
  it('waits for its payer, and gives its merchant what the page needs', async () => {
    const { fixture, body, pay, read } = await open(provider);
    const made = await pay(createPayment, { key: 'open', body });
    expect(made).toMatchObject({
      statusCode: 201,
      json: {
        status: 'requires_payment_method',
        payment_method: null,
        amount_authorized: 0,
        expires_at: new Date(fixture.now() + payerLimits.expiresAfterMs).toISOString(),
        client:
          provider === 'stripe'
            ? { publishable_key: 'pk_test_51StrongroomPage', client_secret: expect.stringMatching(/^pi_1_secret_/) }
            : {
                client_key: 'test_QWERTYUIOPASDFGHJKL',
                session: { id: expect.stringMatching(/^CS/), data: expect.stringMatching(/^Ab02/) },
              },
      },
    });
    const { id, client_secret, client } = made.json;
    expect(client_secret).toMatch(new RegExp(`^${id}_secret_[a-z2-7]{39}$`));
    expect(await read(id)).toMatchObject({ client_secret, client });
    expect((await pay(createPayment, { key: 'open', body })).body).toBe(made.body);
    expect(chargesOf(id)).toBe(0);
    const listed = await fixture.reads(listPayments, {});
    expect(listed.json.data).toMatchObject([{ id, client_secret: null, client: null }]);
    await fixture.relayAll();
    const stored = JSON.stringify([
      ...['payments', 'events', 'audit', 'processor_events'].map((table) => [
        ...fixture.aws.database.items(table as 'payments'),
      ]),
      fixture.lines,
      fixture.aws.published,
    ]);
    for (const secret of [client_secret, client.client_secret ?? client.session.data]) {
      expect(stored).not.toContain(secret.slice(-20));
    }
  });

  it('is opened once, whatever is lost on the way', async () => {
    const { fixture, body, pay, reconcile, read } = await open(provider);
    const { server } = { stripe, adyen }[provider];
    server.losses.push('answer');
    const made = await pay(createPayment, { key: 'lost', body });
    expect(made.json.status).toBe('processing');
    fixture.advance(20_000);
    await reconcile();
    const { status, client } = await read(made.json.id);
    expect([status, client.provider]).toEqual(['requires_payment_method', provider]);
    expect(provider === 'stripe' ? stripe.intents.size : adyen.sessions.all.length).toBe(1);
  });

  it('is paid in the processor’s fields, and lets its payer choose again after a decline', async () => {
    const { fixture, body, pay, heard, read, act } = await open(provider);
    const { id, client } = (await pay(createPayment, { key: 'paid', body })).json;
    if (provider === 'stripe') stripe.payInPage(client.client_secret, 'declined');
    else adyen.sessions.pay(client.session.id, 'Refused');
    await heard();
    expect(await read(id)).toMatchObject({
      status: 'requires_payment_method',
      last_error: { code: 'card_declined' },
      client: { provider },
    });
    if (provider === 'stripe') stripe.payInPage(client.client_secret, '3ds');
    await heard();
    if (provider === 'stripe') {
      expect(await read(id)).toMatchObject({ status: 'requires_action', next_action: { type: 'component' }, client });
      stripe.payInPage(client.client_secret, 'visa');
    }
    const session_result = provider === 'adyen' ? adyen.sessions.pay(client.session.id, 'Authorised') : undefined;
    const brought = session_result === undefined ? {} : { session_result };
    const tabs = await Promise.all([act(confirmPayment, id, brought), act(confirmPayment, id, brought)]);
    for (const tab of tabs) expect(tab).toMatchObject({ statusCode: 200, json: { status: 'captured', client: null } });
    const confirmed = fixture.entries().filter(({ action }) => action?.S === 'payments/confirm');
    // One tab brought the news, which the relay tells; each of the others leaves an entry of its own.
    expect(confirmed.map(({ outcome }) => outcome?.S)).toEqual(['unchanged']);
    await heard();
    expect(await read(id)).toMatchObject({ status: 'captured', amount_captured: 1000, next_action: null });
    expect(chargesOf(id)).toBe(1);
  });

  it('expires by itself when its payer never comes', async () => {
    const { fixture, body, pay, reconcile, read, heard } = await open(provider);
    const { id, client } = (await pay(createPayment, { key: 'expires', body })).json;
    fixture.advance(payerLimits.expiresAfterMs - 1);
    await reconcile();
    expect(await read(id)).toMatchObject({ status: 'requires_payment_method' });
    fixture.advance(1);
    await reconcile();
    expect(await read(id)).toMatchObject({ status: 'expired', client: null });
    if (provider === 'stripe') expect(() => stripe.payInPage(client.client_secret, 'visa')).toThrow();
    await heard();
    expect(await read(id)).toMatchObject({ status: 'expired' });
  });

  it('takes bounds of the payer’s time from its merchant, and repeats its reply when they are past', async () => {
    const { fixture, body, pay } = await open(provider);
    const inMs = (ms: number) => new Date(fixture.now() + ms).toISOString();
    for (const expires_at of [inMs(payerLimits.expiresMinMs - 1), inMs(payerLimits.expiresMaxMs + 1)]) {
      const refused = await pay(createPayment, { key: 'bad', body: { ...body, expires_at } });
      expect(refused).toMatchObject({ statusCode: 400, json: { errors: [{ pointer: '/expires_at' }] } });
    }
    const sent = { key: 'good', body: { ...body, expires_at: inMs(payerLimits.expiresMinMs) } };
    const made = await pay(createPayment, sent);
    expect(made.json.expires_at).toBe(sent.body.expires_at);
    fixture.advance(payerLimits.expiresMinMs);
    expect((await pay(createPayment, sent)).body).toBe(made.body);
  });
});

describe('[PAY-1] a payment that is canceled while it waits for its payer', () => {
  it('is canceled at Stripe, once, and can be paid no more', async () => {
    const { body, pay, read, act, heard } = await open('stripe');
    const { id, client } = (await pay(createPayment, { key: 'c', body })).json;
    const [one, two] = await Promise.all([act(cancelPayment, id), act(cancelPayment, id)]);
    expect([one.statusCode, two.statusCode]).toEqual([200, 200]);
    expect([one.json.status, two.json.status]).toContain('canceled');
    expect(await act(cancelPayment, id)).toMatchObject({ statusCode: 200, json: { status: 'canceled', client: null } });
    expect(stripe.server.calls.filter(({ path }) => path.endsWith('/cancel'))).toHaveLength(1);
    expect(() => stripe.payInPage(client.client_secret, 'visa')).toThrow();
    await heard();
    expect(await read(id)).toMatchObject({ status: 'canceled', amount_authorized: 0 });
  });

  it('is paid where its payer was faster, at Stripe', async () => {
    const { body, pay, read, act, heard } = await open('stripe');
    const { id, client } = (await pay(createPayment, { key: 'f', body })).json;
    stripe.payInPage(client.client_secret, 'visa');
    expect(await act(cancelPayment, id)).toMatchObject({
      statusCode: 200,
      json: { status: 'requires_payment_method' },
    });
    await heard();
    expect(await read(id)).toMatchObject({ status: 'captured', amount_captured: 1000 });
    expect(await act(cancelPayment, id)).toMatchObject({ statusCode: 409, json: { code: 'payment_not_cancelable' } });
  });

  it.each(['cancel', 'expiry'] as const)(
    'after the %s at Adyen, what its payer still pays is recorded',
    async (how) => {
      const { fixture, body, pay, read, act, heard, reconcile } = await open('adyen');
      const { id, client } = (await pay(createPayment, { key: 'late', body })).json;
      if (how === 'cancel') expect((await act(cancelPayment, id)).json.status).toBe('canceled');
      else {
        fixture.advance(payerLimits.expiresAfterMs);
        await reconcile();
      }
      expect(await read(id)).toMatchObject({ status: how === 'cancel' ? 'canceled' : 'expired' });
      adyen.sessions.pay(client.session.id, 'Authorised');
      await heard();
      expect(await read(id)).toMatchObject({ status: 'captured', amount_captured: 1000 });
      expect(fixture.events().map(({ status }) => status?.S)).toEqual(['applied']);
    },
  );

  it('is not one that waits for nobody', async () => {
    const { body, pay, act } = await open('stripe');
    const charged = { ...body, payment_method: 'pm_card_visa', return_url };
    const { id } = (await pay(createPayment, { key: 'n', body: charged })).json;
    expect(await act(cancelPayment, id)).toMatchObject({ statusCode: 409, json: { code: 'payment_not_cancelable' } });
  });
});

describe('[PAY-1] a payer whom Adyen sends away', () => {
  const sentAway = async (card: string) => {
    const all = await open('adyen');
    const body = { ...all.body, payment_method: storedCard(card), capture_method: 'manual' };
    const { json } = await all.pay(createPayment, { key: card, body });
    expect(json.status).toBe('requires_action');
    return { ...all, payment: json, id: json.id };
  };

  it.each(['Authorised', 'Refused'] as const)('comes back with what settles the payment: %s', async (code) => {
    const { payment, id, act, read, heard } = await sentAway('challenge');
    expect(payment.next_action).toMatchObject({ type: 'redirect', method: 'GET', fields: null });
    const redirect_result = adyen.returns(id, code);
    // Two tabs and a click too many: the same result is one request.
    const tabs = await Promise.all([1, 2, 3].map(() => act(confirmPayment, id, { redirect_result })));
    expect(tabs.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200]);
    await heard();
    expect(await read(id)).toMatchObject({ status: code === 'Authorised' ? 'authorized' : 'failed' });
    expect(chargesOf(id)).toBe(code === 'Authorised' ? 1 : 0);
    const used = adyen.server.calls.filter(({ path }) => path.endsWith('/details'));
    expect(new Set(used.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
  });

  it('is settled by the webhook where the answer to what was brought is lost', async () => {
    const { id, act, read, heard } = await sentAway('challenge');
    adyen.server.losses.push('answer', 'answer');
    const redirect_result = adyen.returns(id, 'Authorised');
    expect((await act(confirmPayment, id, { redirect_result })).json.status).toBe('requires_action');
    await heard();
    expect(await read(id)).toMatchObject({ status: 'authorized' });
    expect(chargesOf(id)).toBe(1);
  });

  it('may be sent by posting a form, or be challenged in the page', async () => {
    const { payment } = await sentAway('challengep');
    expect(payment.next_action).toEqual({
      type: 'redirect',
      method: 'POST',
      url: expect.stringMatching(/^https:/),
      fields: { MD: 'md', PaReq: 'pareq', TermUrl: 'https://checkout.example/term' },
    });
    const native = await sentAway('challengen');
    expect(native.payment.next_action).toEqual({ type: 'component' });
    expect(JSON.parse(native.payment.client.action)).toMatchObject({ type: 'threeDS2', token: 'eyJ0' });
  });

  it('settles no other payment with what was brought for this one', async () => {
    const one = await sentAway('challenge');
    const other = await one.pay(createPayment, {
      key: 'other',
      body: { ...one.body, payment_method: storedCard('challenge'), capture_method: 'manual' },
    });
    const redirect_result = adyen.returns(one.id, 'Authorised');
    expect((await one.act(confirmPayment, other.json.id, { redirect_result })).json.status).toBe('requires_action');
    await one.heard();
    expect(await one.read(one.id)).toMatchObject({ status: 'authorized' });
    expect(await one.read(other.json.id)).toMatchObject({ status: 'requires_action' });
    const params = { payment_id: one.id };
    expect((await one.pay(capturePayment, { key: 'cap', params, body: {} })).statusCode).toBe(201);
  });
});
