// Publishable keys: what anybody may see of a merchant's page lets nobody do more than a payer may do with one payment.

import { beforeAll, describe, expect, it } from 'vitest';
import { operations } from '../../contract/capabilities.ts';
import { clientSecretHeader } from '../../contract/kernel/headers.ts';
import { cancelPayment, confirmPayment, createPayment, getPayment } from '../../contract/payments/operations.ts';
import { loopbackTransport } from '../../lambdas/processors/https_exchange.ts';
import { stripeLimits } from '../../lambdas/processors/stripe/processor.ts';
import { StripeStub } from '../../processor/stand_ins/stripe_stub.ts';
import { merchant, other } from '../kit/requests.ts';
import { openIngressFixture } from '../processor_events/ingress_fixture.ts';

const payer = { ...merchant, actor_kind: 'payer', actor_id: `key_us_${'p'.repeat(26)}`, scopes: '' };

async function open() {
  const stripe = await new StripeStub().start();
  const fixture = openIngressFixture();
  const connection = await fixture.connect('stripe');
  const transport = loopbackTransport(stripe.server.url, stripeLimits);
  const { pay } = fixture.moving({ stripe: transport, adyen: transport, adyenLive: () => transport });
  const body = { amount: 1000, currency: 'EUR', connection: connection.id, description: 'Order 42' };
  const payment = (await pay(createPayment, { key: 'one', body })).json;
  const second = (await pay(createPayment, { key: 'two', body })).json;
  const as = (secret: string | undefined, authorizer: Record<string, unknown> = payer) => ({
    params: { payment_id: payment.id },
    authorizer,
    headers: secret === undefined ? undefined : { [clientSecretHeader]: secret },
  });
  return { stripe, fixture, pay, payment, second, as };
}

let opened: Awaited<ReturnType<typeof open>>;
beforeAll(async () => {
  opened = await open();
  return () => opened.stripe.server.stop();
});

describe('[PCI-1] a payer’s browser', () => {
  it('reads its own payment: how much it is and what to do next, and nothing of the merchant’s', async () => {
    const { fixture, payment, as } = opened;
    const seen = await fixture.reads(getPayment, as(payment.client_secret));
    expect(seen).toMatchObject({ statusCode: 200, headers: { 'Access-Control-Allow-Origin': '*' } });
    const { id, status, amount, currency, client } = payment;
    expect(seen.json).toEqual({
      ...{ id, object: 'payment', mode: 'test', status, amount, currency, client, expires_at: payment.expires_at },
      ...{ last_error: null, next_action: null },
    });
  });

  it('confirms its own payment, and is answered as it reads', async () => {
    const { stripe, pay, payment, as } = opened;
    stripe.payInPage(payment.client.client_secret, 'visa');
    const confirmed = await pay(confirmPayment, { ...as(payment.client_secret), body: {} });
    expect(confirmed).toMatchObject({ statusCode: 200, json: { id: payment.id, status: 'captured', client: null } });
    expect(Object.keys(confirmed.json)).not.toContain('client_secret');
    expect(Object.keys(confirmed.json)).not.toContain('description');
  });

  it.each([
    ['none', () => undefined],
    ['an empty one', () => ''],
    ['one that was made up', () => `${opened.payment.id}_secret_${'a'.repeat(39)}`],
    ['a part of it', () => String(opened.payment.client_secret).slice(0, -1)],
    ['another payment’s', () => opened.second.client_secret],
  ])('finds no payment with a secret that is wrong: %s', async (_, secretOf) => {
    const { fixture, pay, as } = opened;
    const sent = stripeCalls();
    for (const reply of [
      await fixture.reads(getPayment, as(secretOf())),
      await pay(confirmPayment, { ...as(secretOf()), body: {} }),
    ]) {
      expect(reply).toMatchObject({ statusCode: 404, json: { code: 'payment_not_found' } });
      // The page must be able to read why.
      expect(reply.headers).toMatchObject({ 'Access-Control-Allow-Origin': '*' });
    }
    expect(stripeCalls()).toBe(sent);
  });

  it('finds no payment of another tenant or mode, whatever it brings', async () => {
    const { fixture, payment, as } = opened;
    for (const elsewhere of [
      { ...payer, tenant: other.tenant },
      { ...payer, mode: 'live' },
    ]) {
      const reply = await fixture.reads(getPayment, as(payment.client_secret, elsewhere));
      expect(reply).toMatchObject({ statusCode: 404, json: { code: 'payment_not_found' } });
    }
  });

  it('may call two operations, and no other', async () => {
    const open = operations.filter(({ actors }) => actors.includes('payer')).map(({ id }) => id);
    expect(open.sort()).toEqual(['payments/confirm', 'payments/get']);
    const { pay, payment, as } = opened;
    const refused = await pay(cancelPayment, { ...as(payment.client_secret), body: {} });
    expect(refused).toMatchObject({ statusCode: 403, json: { code: 'actor_not_allowed' } });
    expect(refused.headers).not.toHaveProperty('Access-Control-Allow-Origin');
  });

  it('needs no secret where its merchant’s own key asks', async () => {
    const { fixture, payment, as } = opened;
    expect((await fixture.reads(getPayment, as(undefined, merchant))).json.description).toBe('Order 42');
    expect((await fixture.reads(getPayment, as('anything', merchant))).json.id).toBe(payment.id);
  });
});

const stripeCalls = (): number => opened.stripe.server.calls.length;
