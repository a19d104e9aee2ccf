// The adapter and the notifications against the stand-in for Stripe: what it turns away, and what is done in its Dashboard or goes on
// by itself, told in whole events of the documented version.

import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Secret } from '../../lambdas/kernel/crypto/secret.ts';
import type { Order } from '../../lambdas/processors/domain/fact.ts';
import type { NotificationEffect } from '../../lambdas/processors/notification.ts';
import { stripeNotifications } from '../../lambdas/processors/stripe/notifications.ts';
import { signed } from '../../lambdas/processors/timed_signature.ts';
import { apiVersion } from '../../processor/stand_ins/stripe_objects.ts';
import { StripeStub } from '../../processor/stand_ins/stripe_stub.ts';
import { chargeOrder, modificationOrder } from './processor_process.ts';
import { stripeAdapter } from './stub_adapters.ts';

const secret = new Secret('whsec_c3Ryb25ncm9vbS10ZXN0LXNlY3JldA');
const nowMs = 1_790_000_000_000;
const stub = new StripeStub();
beforeAll(() => stub.start());
afterAll(() => stub.server.stop());
afterEach(() => {
  stub.turnsAway = null;
  stub.events.length = 0;
});

const send = (order: Order) => stripeAdapter(stub).send(order, `${order.id}.1`, 20_000);
const effects = (): NotificationEffect[] =>
  stub.events.splice(0).flatMap((each) => {
    const raw = Buffer.from(JSON.stringify(each));
    const received = stripeNotifications('test').receive(raw, () => signed(raw, [secret], nowMs), [secret], nowMs);
    if ('refused' in received) throw new Error(received.refused);
    return received.notifications.map(({ effect }) => effect);
  });

async function authorized() {
  const charge = chargeOrder('pm_card_visa', { capture: false });
  const fact = await send(charge);
  if (fact.kind !== 'approved') throw new Error('not approved');
  stub.events.length = 0;
  return { charge, id: fact.charge };
}

test.for([
  ['key_unknown', 'misconfigured'],
  ['key_expired', 'misconfigured'],
  ['key_restricted', 'misconfigured'],
  ['account_closed', 'misconfigured'],
  ['rate_limited', 'unknown'],
] as const)('[PAY-1] what Stripe turns away moves nothing, and goes through later: %s', async ([why, kind]) => {
  const { charge, id } = await authorized();
  const orders = [chargeOrder('pm_card_visa'), modificationOrder('refund', charge, id, 100)];
  stub.turnsAway = why;
  for (const order of orders) expect(await send(order)).toEqual({ kind });
  expect(stub.events).toEqual([]);
  stub.turnsAway = null;
  expect(await send(orders[0] ?? charge)).toMatchObject({ kind: 'approved' });
});

test('[PAY-1] neither a payment that Stripe does not know nor a version that it does not have is taken for a decline of the payer', async () => {
  const { charge } = await authorized();
  const stranger = modificationOrder('capture', charge, 'pi_nobody', 100);
  expect(await send(stranger)).toEqual({ kind: 'unknown' });
  expect(stub.events).toEqual([]);
});

describe('[PAY-2] what nobody here asked for is told as Stripe tells it', () => {
  test('captures and refunds in the Dashboard, and a refund that comes back', async () => {
    const { id } = await authorized();
    stub.dashboard.capture(id, 700);
    stub.dashboard.refund(id, 200);
    const made = stub.refunds.at(-1)?.id as string;
    stub.updateRefund(made, 'pending');
    stub.updateRefund(made, 'failed');
    const elsewhere = { kind: 'moved_elsewhere', ofAll: false } as const;
    const moved = effects().filter(({ kind }) => kind !== 'approved');
    expect(moved).toEqual([
      { ...elsewhere, object: 'capture', id: `${id}:700`, ofAll: true, failed: false },
      { ...elsewhere, object: 'refund', id: made, failed: false },
      { kind: 'ignored' },
      { ...elsewhere, object: 'refund', id: made, failed: true },
      { ...elsewhere, object: 'refund', id: made, failed: true },
    ]);
  });

  test('a cancellation in the Dashboard releases what was not captured', async () => {
    const { id } = await authorized();
    stub.dashboard.capture(id, 400);
    stub.dashboard.cancel(id);
    expect(effects().map(({ kind }) => kind)).toContain('released');
    expect(stub.intents.get(id)).toMatchObject({ amount_received: 400, status: 'canceled' });
  });

  test('every status of a dispute that Stripe documents is decided', async () => {
    const typings = new URL('../../node_modules/stripe/cjs/resources/Disputes.d.ts', import.meta.url);
    const [, values = ''] = /Possible values include:(.*)\./.exec(readFileSync(typings, 'utf8')) ?? [];
    const statuses = [...values.matchAll(/`(\w+)`/g)].flatMap(([, status]) => status ?? []);
    expect(statuses.length).toBeGreaterThan(8);
    const { id } = await authorized();
    for (const status of statuses) {
      stub.disputes(id, status);
      expect(effects(), status).toEqual([expect.objectContaining({ kind: 'disputed', dispute: 'du_1' })]);
    }
  });
});

test('every event is whole, of the pinned version, and none is made before another', async () => {
  const { charge, id } = await authorized();
  await send({ ...modificationOrder('capture', charge, id, 300), id: 'cap_whole' });
  await send(modificationOrder('refund', charge, id, 100));
  stub.disputes(id, 'needs_response');
  expect(stub.events.map(({ type }) => type)).toEqual([
    'payment_intent.amount_capturable_updated',
    'refund.created',
    'charge.dispute.updated',
  ]);
  const times = stub.events.map(({ created }) => created);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  for (const each of stub.events) {
    expect(each).toMatchObject({ object: 'event', api_version: apiVersion, livemode: false });
    expect(Object.keys(each.data.object).length).toBeGreaterThan(15);
  }
});
