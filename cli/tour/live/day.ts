// A merchant's way from nobody to live money: verified by two operators, connected to its own accounts at Stripe and Adyen, paid in
// the processor's own fields with a challenge, paid again without the payer, and stopped at once when an operator says so.

import type { Ready } from '../cloud.ts';
import type { Printer } from '../printer.ts';
import { type Caller, paymentFields, Tour, text } from '../steps.ts';
import type { Client, Reply, Sent } from '../wire.ts';
import { connected, type Live, verified } from './onboarding.ts';
import { type Processors, stripeAccount, tellAdyen, tellStripe } from './processors.ts';

const order = { amount: 1999, currency: 'EUR' };
const return_url = 'https://shop.example.com/done';
export interface Operators {
  readonly first: string;
  readonly second: string;
}

export async function playLiveDay(
  ready: Ready,
  client: Client,
  print: Printer,
  { processors, operators }: { readonly processors: Processors; readonly operators: Operators },
): Promise<void> {
  const day = new Tour(ready, client, print);
  const tenant = ready.tenants.find(({ zone }) => zone === 'us')?.id ?? '';
  const decides = {
    first: { name: 'an operator', secret: operators.first },
    second: { name: 'another operator', secret: operators.second },
  };
  const shop = await verified(day, tenant, decides);
  const live = await connected(day, shop, processors);
  const payment = await firstPayment(live);
  const saved = await savedCard(live, payment);
  await withoutPayer(live, saved);
  await atAdyen(live);
  await canceled(live);
  await rotated(live);
  await suspended(live, tenant, decides.first, payment);
}

const post = (as: Caller, path: string, key: string, body: object): Sent => ({ method: 'POST', path, as, key, body });

/** What the processor tells of its own accord, and what became of the payment. */
async function heard(live: Live, expectation: string, id: string, status: string): Promise<void> {
  const { day, processors, shop, stripe, adyen } = live;
  const statuses = [
    ...(await tellStripe(processors, stripe.ingressUrl, stripeAccount.webhook_secret)),
    ...(await tellAdyen(processors, adyen.ingressUrl)),
  ];
  day.arrived(
    `${statuses.length} signed webhook${statuses.length === 1 ? '' : 's'} of the processor, answered ${statuses.join(', ')}`,
  );
  day.holds(
    'each webhook is taken',
    statuses.every((each) => each < 300),
    statuses,
  );
  await day.eventually(expectation, async () =>
    (await day.read(`/v1/payments/${id}`, shop)).status === status ? true : undefined,
  );
  await day.send({ method: 'GET', path: `/v1/payments/${id}`, as: shop }, 200, paymentFields);
}

async function firstPayment(live: Live): Promise<{ readonly id: string; readonly customer: string }> {
  const { day, shop, stripe, processors } = live;
  day.chapter('A first payment, and no card touches the shop');
  const customer = text(await day.send(post(shop, '/v1/customers', 'reader', {}), 201, ['id']), 'id');
  const body = { ...order, connection: stripe.id, customer, setup_future_usage: 'off_session' };
  const made = await day.send(post(shop, '/v1/payments', 'live-1', body), 201, [
    ...paymentFields,
    'setup_future_usage',
  ]);
  day.holds('it waits for its payer', made.json.status === 'requires_payment_method', made.text);
  const client = made.json.client as { readonly client_secret: string };
  day.says('The payer’s page gets what Stripe’s own fields need, and gives the card to Stripe alone.');

  day.chapter('The payer’s bank wants to see the payer');
  processors.stripe.payInPage(client.client_secret, '3ds');
  await heard(live, 'the payment needs its payer', text(made, 'id'), 'requires_action');
  day.says('3-D Secure: Stripe’s own script shows the challenge in the page.');
  processors.stripe.payInPage(client.client_secret, 'visa');
  const paid = await day.send(post(shop, `/v1/payments/${text(made, 'id')}/confirm`, 'none', {}), 200, paymentFields);
  day.holds('the payment is captured', paid.json.status === 'captured', paid.text);
  await tellStripe(processors, stripe.ingressUrl, stripeAccount.webhook_secret);
  const charges = processors.stripe.chargesOf(text(made, 'id'));
  day.holds('there is one charge at Stripe', charges.length === 1, charges);
  day.says('Confirmed by asking Stripe, whatever the browser says; the webhook that came later changed nothing.');
  return { id: text(made, 'id'), customer };
}

async function savedCard({ day, shop }: Live, { id, customer }: { readonly id: string; readonly customer: string }) {
  day.chapter('The card is kept, by Stripe');
  const path = `/v1/customers/${customer}/payment_methods`;
  const saved = await day.send(post(shop, path, 'save-1', { payment: id }), 201, ['id', 'card', 'usage']);
  day.says(
    'The function that asks Stripe can’t read what is known of a person; the one that can reads this of a payment and no more.',
  );
  return { customer, method: text(saved, 'id') };
}

async function withoutPayer(
  { day, shop, processors }: Live,
  { customer, method }: { readonly customer: string; readonly method: string },
) {
  day.chapter('Later, without the payer');
  const body = { ...order, customer, payment_method: method, off_session: true };
  const sent = post(shop, '/v1/payments', 'live-2', body);
  const paid = await day.send(sent, 201, [...paymentFields, 'off_session']);
  day.holds('the payment is captured', paid.json.status === 'captured', paid.text);
  const again = await day.send(sent, 201, paymentFields);
  day.holds('a repeat is the same payment', again.text === paid.text, again.text);
  const charges = processors.stripe.chargesOf(text(paid, 'id'));
  day.holds('there is one charge at Stripe', charges.length === 1, charges);
}

async function atAdyen(live: Live): Promise<void> {
  const { day, shop, adyen, processors } = live;
  day.chapter('The same, at Adyen');
  const body = { ...order, connection: adyen.id, return_url };
  const made = await day.send(post(shop, '/v1/payments', 'live-3', body), 201, paymentFields);
  const client = made.json.client as { readonly session: { readonly id: string } };
  const session_result = processors.adyen.sessions.pay(client.session.id, 'Authorised');
  const confirm = post(shop, `/v1/payments/${text(made, 'id')}/confirm`, 'none', { session_result });
  const paid = await day.send(confirm, 200, paymentFields);
  day.holds('the payment is captured', paid.json.status === 'captured', paid.text);
  await heard(live, 'the payment stays captured', text(made, 'id'), 'captured');
  const charges = processors.adyen.chargesOf(text(made, 'id'));
  day.holds('there is one charge at Adyen', charges.length === 1, charges);
  day.says('Asked at the account’s own live address; no address of test mode was.');
}

async function canceled(live: Live): Promise<void> {
  const { day, shop, stripe, processors } = live;
  day.chapter('A payer who never comes back');
  const made = await day.send(
    post(shop, '/v1/payments', 'live-4', { ...order, connection: stripe.id }),
    201,
    paymentFields,
  );
  const path = `/v1/payments/${text(made, 'id')}`;
  const ended = await day.send({ method: 'POST', path: `${path}/cancel`, as: shop, body: {} }, 200, paymentFields);
  day.holds('the payment is canceled', ended.json.status === 'canceled', ended.text);
  const [intent] = [...processors.stripe.intents.values()].filter(
    ({ metadata }) => metadata.reference === text(made, 'id'),
  );
  day.holds('it is canceled at Stripe too', intent?.status === 'canceled', intent);
  await tellStripe(processors, stripe.ingressUrl, stripeAccount.webhook_secret);
}

async function rotated(live: Live): Promise<void> {
  const { day, shop, stripe, processors } = live;
  day.chapter('New credentials, with a payment on its way');
  const body = { ...order, connection: stripe.id, capture_method: 'manual' };
  const made = await day.send(post(shop, '/v1/payments', 'live-5', body), 201, paymentFields);
  const client = made.json.client as { readonly client_secret: string };
  const api_key = 'sk_live_52StrongroomTourKey';
  const path = `/v1/connections/providers/${stripe.id}`;
  const replaced: Sent = {
    method: 'PATCH',
    path,
    as: shop,
    body: { provider: 'stripe', api_key },
    shown: { provider: 'stripe', api_key: 'sk_live_…' },
  };
  await day.send(replaced, 200, ['id', 'credentials_replaced_at']);
  processors.stripe.apiKey = api_key;
  day.says('The old key is dead at Stripe from here on.');
  processors.stripe.payInPage(client.client_secret, 'visa');
  await heard(live, 'the payment is authorized', text(made, 'id'), 'authorized');
  const capture: Sent = post(shop, `/v1/payments/${text(made, 'id')}/captures`, 'capture-5', { amount: 1500 });
  const done = await day.send(capture, 201, ['id', 'status', 'amount']);
  day.holds('the capture has succeeded', done.json.status === 'succeeded', done.text);
  day.says('The payment began under the old key and was captured under the new one.');
}

async function suspended(
  live: Live,
  tenant: string,
  operator: Caller,
  payment: { readonly id: string },
): Promise<void> {
  const { day, shop, stripe, processors } = live;
  day.chapter('An operator suspends the merchant');
  const before = processors.stripe.server.calls.length;
  const suspend: Sent = {
    method: 'POST',
    path: `/v1/tenants/${tenant}/suspend`,
    as: operator,
    body: { reason: 'disputes' },
  };
  await day.send(suspend, 200, ['id', 'capabilities']);
  const charge: Sent = post(shop, '/v1/payments', 'live-6', { ...order, connection: stripe.id });
  await day.refused(charge, 403, 'charges_disabled');
  day.holds(
    'Stripe was asked for nothing',
    processors.stripe.server.calls.length === before,
    processors.stripe.server.calls.length,
  );
  const refund = post(shop, `/v1/payments/${payment.id}/refunds`, 'refund-1', {});
  const back: Reply = await day.send(refund, 201, ['id', 'status', 'amount']);
  day.holds('the refund has succeeded', back.json.status === 'succeeded', back.text);
  day.says(
    'The very next charge is refused, in the transaction that would have made it. Payers still get their money back.',
  );
}
