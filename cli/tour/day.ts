// The merchant's day, chapter by chapter. The payment whose answer is lost is sent early and shown late, because finding out
// its outcome takes half a minute by design.

import type { Ready } from './cloud.ts';
import { showCustomer } from './customers.ts';
import type { Printer } from './printer.ts';
import { type Caller, dataOf, paymentFields, Tour, text } from './steps.ts';
import { showWebhooks } from './webhooks.ts';
import type { Client, Reply, Sent } from './wire.ts';

const partFields = ['id', 'object', 'status', 'amount'];

const visa = { amount: 1999, currency: 'EUR', payment_method: 'pm_test_visa' };

export async function playTour(ready: Ready, client: Client, print: Printer): Promise<void> {
  const day = new Tour(ready, client, print);
  const shop = await makeKey(day, 'shop', ['payments:read', 'payments:write']);
  const lost = loseAnswer(day, shop.who);
  const payment = await captureAtOnce(day, shop.who);
  await captureInParts(day, shop.who);
  await decline(day, shop.who);
  await repeat(day, shop.who, payment);
  await refuse(day, shop, payment);
  await showWebhooks(day, shop.who);
  await showCustomer(day);
  await showSettled(day, await lost);
  await showAuditEntries(day);
}

interface MadeKey {
  readonly id: string;
  readonly who: Caller;
}

async function makeKey(day: Tour, name: string, scopes: readonly string[]): Promise<MadeKey> {
  day.chapter(`A key for the ${name}`);
  const sent: Sent = { method: 'POST', path: '/v1/keys', as: day.owner, key: `key-${name}`, body: { name, scopes } };
  const reply = await day.send(sent, 201, ['id', 'name', 'scopes', 'mode']);
  day.says('It holds these scopes and no others; its secret was in this reply and is stored nowhere.');
  return { id: text(reply, 'id'), who: { name, secret: text(reply, 'secret') } };
}

function loseAnswer(day: Tour, as: Caller): Promise<Reply> {
  day.chapter('A charge whose answer is lost');
  const body = { ...visa, payment_method: 'pm_test_timeout_then_charged' };
  const reply = day.begin({ method: 'POST', path: '/v1/payments', as, key: 'order-1', body });
  day.says('The processor charges, and its answer never arrives. The request waits; meanwhile the day goes on.');
  return reply;
}

async function captureAtOnce(day: Tour, as: Caller): Promise<Reply> {
  day.chapter('A payment, captured at once');
  const reply = await day.send({ method: 'POST', path: '/v1/payments', as, key: 'order-2', body: visa }, 201);
  day.holds('the payment is captured', reply.json.status === 'captured', reply.text);
  day.says('Authorized and captured in one step.');
  return reply;
}

async function captureInParts(day: Tour, as: Caller): Promise<void> {
  day.chapter('Authorized first, captured in parts');
  const body = { ...visa, amount: 1000, capture_method: 'manual', reference: 'order-3' };
  const payment = await day.send({ method: 'POST', path: '/v1/payments', as, key: 'order-3', body }, 201);
  day.holds('the payment is authorized', payment.json.status === 'authorized', payment.text);
  const path = `/v1/payments/${text(payment, 'id')}`;
  const part = (what: string, key: string, more: object) =>
    day.send({ method: 'POST', path: `${path}/${what}`, as, key, body: more }, 201, partFields);
  await part('captures', 'order-3-parcel-1', { amount: 300 });
  await part('captures', 'order-3-parcel-2', { amount: 200 });
  await part('refunds', 'order-3-damaged', { amount: 100, reason: 'damaged' });
  await part('voids', 'order-3-sold-out', {});
  const found = await day.send({ method: 'GET', path: '/v1/payments?reference=order-3', as }, 200, []);
  day.holds('it is found by the shop’s own name of it', dataOf(found.json)[0]?.id === payment.json.id, found.text);
  const now = await day.send({ method: 'GET', path, as }, 200);
  const { amount_captured, amount_refunded, amount_voided } = now.json;
  day.holds(
    '500 captured, 100 refunded, 500 voided',
    `${[amount_captured, amount_refunded, amount_voided]}` === '500,100,500',
    now.text,
  );
  const charges = await day.charges(text(payment, 'id'));
  day.holds('the ledger says the same', charges[0]?.captured === 500 && charges[0]?.refunded === 100, charges);
  day.says('Two parcels, one of them refunded in part, the rest released: our books and the processor’s agree.');
}

async function decline(day: Tour, as: Caller): Promise<void> {
  day.chapter('A decline');
  const body = { ...visa, payment_method: 'pm_test_declined' };
  const reply = await day.send({ method: 'POST', path: '/v1/payments', as, key: 'order-4', body }, 201);
  day.holds('the payment failed', reply.json.status === 'failed', reply.text);
  day.says('A decline is no error: the payment was made, and says why it failed.');
}

async function repeat(day: Tour, as: Caller, first: Reply): Promise<void> {
  day.chapter('The same request again');
  const again = await day.send({ method: 'POST', path: '/v1/payments', as, key: 'order-2', body: visa }, 201);
  day.holds('the reply is the first one, byte for byte', again.text === first.text, again.text);
  const header = again.headers.get('Idempotent-Replayed');
  day.holds('it says that it is a repeat', header === 'true', String(header));
  const charges = await day.charges(text(first, 'id'));
  day.holds('there is one charge', charges.length === 1, charges);
  day.says('Repeat as often as you like: one intention, one charge.');

  day.chapter('The same key, another amount');
  const body = { ...visa, amount: 2999 };
  await day.refused({ method: 'POST', path: '/v1/payments', as, key: 'order-2', body }, 422, 'idempotency_mismatch');
  day.says('A key that was used for one thing cannot be used for another.');
}

async function refuse(day: Tour, shop: MadeKey, payment: Reply): Promise<void> {
  const reader = await makeKey(day, 'book-keeper', ['payments:read']);
  const at = `/v1/payments/${text(payment, 'id')}`;

  day.chapter('A scope that is missing');
  const refund: Sent = { method: 'POST', path: `${at}/refunds`, as: reader.who, key: 'refund-1', body: {} };
  await day.refused(refund, 403, 'scope_missing');
  day.says('Whoever may read may not refund.');

  day.chapter('Somebody else’s payment');
  await day.refused({ method: 'GET', path: at, as: day.neighbour }, 404, 'payment_not_found');
  day.says('Another tenant cannot even tell that it exists.');

  day.chapter('A revoked key');
  await day.send({ method: 'GET', path: at, as: reader.who }, 200, ['id', 'status']);
  await day.send({ method: 'DELETE', path: `/v1/keys/${reader.id}`, as: day.owner }, 200, ['id', 'status']);
  await day.refused({ method: 'GET', path: at, as: reader.who }, 401, 'key_revoked');
  await day.send({ method: 'GET', path: at, as: shop.who }, 200, ['id', 'status']);
  day.says('The very next request with it is refused; the shop’s own key works on.');
}

async function showSettled(day: Tour, reply: Reply): Promise<void> {
  day.chapter('What became of the lost answer');
  day.received(reply, 201, paymentFields);
  day.holds('the payment was processing', reply.json.status === 'processing', reply.text);
  await day.reconcile();
  const path = `/v1/payments/${text(reply, 'id')}`;
  const settled = await day.send({ method: 'GET', path, as: day.owner }, 200);
  day.holds('the payment is captured', settled.json.status === 'captured', settled.text);
  const charges = await day.charges(text(reply, 'id'));
  day.holds('there is one charge', charges.length === 1, charges);
  day.says('Nothing was sent twice: the reconciler asked the processor, found the charge, and settled the payment.');
}

async function showAuditEntries(day: Tour): Promise<void> {
  day.chapter('Who did what');
  const wanted = [
    'key.revoked',
    'payment.captured',
    'refund.succeeded',
    'scope_missing',
    'idempotency_mismatch',
    'key_revoked',
  ];
  const entries = await day.auditEntries(wanted);
  const times = entries.map(({ occurred_at }) => String(occurred_at));
  day.holds(
    'the newest stands first',
    times.every((time, at) => at === 0 || time <= (times[at - 1] ?? '')),
    times,
  );
  const refusals = entries.filter(({ outcome }) => outcome === 'refused');
  day.holds(
    'the neighbour’s request stands in its own trail alone',
    !refusals.some(({ code }) => code === 'payment_not_found'),
    refusals,
  );
  const cell = (value: unknown): string => (value === null || value === undefined ? '–' : String(value));
  const actorOf = ({ actor }: Record<string, unknown>): string => cell({ ...(actor as { id?: unknown }) }.id);
  day.table([
    ['at', 'actor', 'action', 'outcome', 'code', 'target', 'from'],
    ...entries.map((entry) => [
      cell(entry.occurred_at).slice(11, 23),
      actorOf(entry),
      cell(entry.action),
      cell(entry.outcome),
      cell(entry.code),
      cell(entry.target),
      cell(entry.address),
    ]),
  ]);
  day.says('Every change, read, repeat and refusal, with who, when and from where.');
}
