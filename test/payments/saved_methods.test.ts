// Payment methods that a processor keeps of a payment: saved for the customer, and charged later, with or without the payer. The real
// handlers, with stand-ins for Stripe and Adyen on loopback that keep ledgers of their own.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCustomer, deleteCustomer, savePaymentMethod } from '../../contract/customers/operations.ts';
import { confirmPayment, createPayment } from '../../contract/payments/operations.ts';
import { adyenLimits } from '../../lambdas/processors/adyen/processor.ts';
import { loopbackTransport } from '../../lambdas/processors/https_exchange.ts';
import { stripeLimits } from '../../lambdas/processors/stripe/processor.ts';
import { AdyenStub, messageOf, storedCard } from '../../processor/stand_ins/adyen_stub.ts';
import { StripeStub } from '../../processor/stand_ins/stripe_stub.ts';
import { merchant } from '../kit/requests.ts';
import { openIngressFixture } from '../processor_events/ingress_fixture.ts';
import { tenantsOf } from '../tenants/business_fixture.ts';

let stripe: StripeStub;
let adyen: AdyenStub;
beforeEach(async () => {
  [stripe, adyen] = await Promise.all([new StripeStub().start(), new AdyenStub().start()]);
});
afterEach(() => Promise.all([stripe.server.stop(), adyen.server.stop()]));

const return_url = 'https://shop.example/done';
type Provider = 'stripe' | 'adyen';

async function open(provider: Provider) {
  const fixture = openIngressFixture();
  const connection = await fixture.connect(provider);
  const { pay } = fixture.moving({
    stripe: loopbackTransport(stripe.server.url, stripeLimits),
    adyen: loopbackTransport(`${adyen.server.url}/v71`, adyenLimits),
    adyenLive: () => {
      throw new Error('nothing of live mode is asked');
    },
  });
  const { ask } = tenantsOf(fixture.platform);
  const authorizer = { ...merchant, scopes: 'customers:read customers:write' };
  const { json: customer } = await ask(createCustomer, { key: fixture.nextKey(), body: {}, authorizer });
  const params = { customer_id: customer.id };
  const body = { amount: 1000, currency: 'EUR', connection: connection.id, customer: customer.id, return_url };
  const charge = (more: object) => pay(createPayment, { key: fixture.nextKey(), body: { ...body, ...more } });
  const save = (sent: object) => ask(savePaymentMethod, { key: fixture.nextKey(), params, body: sent, authorizer });
  const confirm = (id: string, sent: object = {}) => pay(confirmPayment, { params: { payment_id: id }, body: sent });
  /** In the processor's own fields; what the page brings back. */
  const paysInPage = ({
    client,
  }: {
    readonly client: Record<string, string> & { session?: { id: string } };
  }): object => {
    if (provider === 'adyen') return { session_result: adyen.sessions.pay(client.session?.id ?? '', 'Authorised') };
    stripe.payInPage(client.client_secret ?? '', 'visa');
    return {};
  };
  const paidAndStored = async () => {
    const { json: payment } = await charge({ setup_future_usage: 'off_session' });
    await confirm(payment.id, paysInPage(payment));
    return payment.id as string;
  };
  return { fixture, connection, ask, authorizer, params, charge, save, confirm, paidAndStored, paysInPage };
}

describe.each(['stripe', 'adyen'] as const)('[PAY-1] a payment method that %s keeps of a payment', (provider) => {
  it('is saved for the payment’s customer, and charged without its payer', async () => {
    const { charge, save, paidAndStored, connection } = await open(provider);
    const saved = await save({ payment: await paidAndStored() });
    expect(saved).toMatchObject({
      statusCode: 201,
      json: { connection: connection.id, usage: 'off_session', card: { brand: 'visa' } },
    });
    const later = await charge({ payment_method: saved.json.id, off_session: true });
    expect(later).toMatchObject({ statusCode: 201, json: { status: 'captured', off_session: true } });
    const calls = (provider === 'stripe' ? stripe : adyen).server.calls;
    const sent = calls.findLast(({ method, path }) => method === 'POST' && /payment_intents$|payments$/.test(path));
    if (provider === 'stripe') expect(sent?.body).toMatch(/off_session=true/);
    else expect(JSON.parse(sent?.body ?? '')).toMatchObject({ recurringProcessingModel: 'UnscheduledCardOnFile' });
  });

  it('is not there to be saved before it was paid, nor of a payment that was not to keep it, nor for another customer', async () => {
    const { ask, authorizer, fixture, charge, save, paidAndStored, confirm, paysInPage } = await open(provider);
    const { json: waiting } = await charge({ setup_future_usage: 'off_session' });
    expect((await save({ payment: waiting.id })).json.code).toBe('payment_keeps_no_method');
    const { json: plain } = await charge({});
    await confirm(plain.id, paysInPage(plain));
    expect((await save({ payment: plain.id })).json.code).toBe('payment_keeps_no_method');
    const { json: other } = await ask(createCustomer, { key: fixture.nextKey(), body: {}, authorizer });
    const sent = {
      key: 'other',
      params: { customer_id: other.id },
      body: { payment: await paidAndStored() },
      authorizer,
    };
    expect((await ask(savePaymentMethod, sent)).json.code).toBe('payment_not_found');
  });

  it('is asked for again where the processor’s webhook was faster than the payer’s page', async () => {
    const { fixture, connection, charge, save, confirm, paysInPage } = await open(provider);
    const { json: payment } = await charge({ setup_future_usage: 'on_session' });
    const brought = paysInPage(payment);
    for (const event of stripe.events.splice(0)) await fixture.stripe(connection, event);
    for (const item of adyen.items.splice(0)) await fixture.post(connection, messageOf(item));
    await fixture.settle();
    expect((await save({ payment: payment.id })).json.code).toBe('payment_keeps_no_method');
    expect((await confirm(payment.id, brought)).json.status).toBe('captured');
    const saved = await save({ payment: payment.id });
    expect(saved.json.usage).toBe('on_session');
    // Its payer agreed to less.
    const refused = await charge({ payment_method: saved.json.id, off_session: true });
    expect(refused).toMatchObject({ statusCode: 400, json: { errors: [{ pointer: '/off_session' }] } });
    expect((await charge({ payment_method: saved.json.id })).json.status).toBe('captured');
  });

  it('that its issuer wants its payer for is declined, and says so', async () => {
    const { charge, save, connection } = await open(provider);
    const token = provider === 'stripe' ? 'pm_card_authenticate' : storedCard('authenticate');
    if (provider === 'stripe') stripe.methods.attached.set(token, 'cus_99');
    const owner = provider === 'stripe' ? { processor_customer: 'cus_99' } : {};
    const { json: method } = await save({ token, connection: connection.id, ...owner });
    const { json } = await charge({ payment_method: method.id, off_session: true });
    expect(json).toMatchObject({ status: 'failed', last_error: { decline_code: 'authentication_required' } });
    expect((await charge({ payment_method: method.id })).json.status).toBe('captured');
  });

  it('goes with its customer: after the customer is deleted nobody saves or charges it', async () => {
    const { ask, authorizer, params, charge, save, paidAndStored } = await open(provider);
    const payment = await paidAndStored();
    const { json: method } = await save({ payment });
    await ask(deleteCustomer, { params, authorizer });
    expect((await save({ payment })).json.code).toBe('customer_deleted');
    expect((await charge({ payment_method: method.id, off_session: true })).json.code).toBe('customer_deleted');
  });
});

describe('[PAY-1] what makes no sense is refused, and nothing is asked of anybody', () => {
  it.each([
    [{ off_session: true }, '/off_session'],
    [{ off_session: true, payment_method: 'pm_card_visa' }, '/off_session'],
    [{ setup_future_usage: 'off_session', customer: undefined }, '/customer'],
    [{ setup_future_usage: 'sometimes' }, '/setup_future_usage'],
    [{ setup_future_usage: 'on_session', payment_method: `pmt_us_${'a'.repeat(26)}` }, '/setup_future_usage'],
  ])('%j', async (more, pointer) => {
    const { charge } = await open('stripe');
    const calls = stripe.server.calls.length;
    expect(await charge(more)).toMatchObject({ statusCode: 400, json: { errors: [{ pointer }] } });
    expect(stripe.server.calls).toHaveLength(calls);
  });

  it.each([{}, { payment: 'pay_us_x' }, { token: 'pm_1', payment: `pay_us_${'a'.repeat(26)}` }])(
    'saving %j',
    async (sent) => {
      const { save } = await open('stripe');
      expect((await save(sent)).statusCode).toBe(400);
    },
  );
});

describe('[PAY-1] a customer at Stripe', () => {
  it('is made once for a payment, and the same order is sent again', async () => {
    const { charge } = await open('stripe');
    const before = stripe.methods.customers.size;
    const { json } = await charge({ setup_future_usage: 'off_session', payment_method: 'pm_1a' });
    expect(json.status).toBe('captured');
    expect(stripe.methods.customers.size).toBe(before + 1);
    const made = stripe.server.calls.filter(({ path }) => path === '/v1/customers').at(-1);
    // It says nothing of a person, and has a key of its own that follows from the order's.
    expect(made?.body).toBe(new URLSearchParams({ 'metadata[reference]': json.id }).toString());
    expect(made?.headers['idempotency-key']).toBe(`${json.id}.1.customer`);
  });
});
