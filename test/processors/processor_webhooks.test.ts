// The test processor sends webhooks about its charges: signed, again until accepted, the same after a crash, and to
// nobody beyond this machine.

import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Secret } from '../../lambdas/kernel/crypto/secret.ts';
import type { Order, ProviderFact } from '../../lambdas/processors/domain/fact.ts';
import { factFor, type Notification } from '../../lambdas/processors/notification.ts';
import { signatureHeader, testNotifications } from '../../lambdas/processors/test/notifications.ts';
import { testProcessor } from '../../lambdas/processors/test/processor.ts';
import { type Call, type Given, providerServer } from '../../processor/stand_ins/provider_server.ts';
import { chargeOrder, modificationOrder, type RunningProcessor, startProcessor } from './processor_process.ts';

/** For what is answered: no slow machine may make it unknown. */
const deadlineMs = 20_000;

const secret = 'whsec_c3Ryb25ncm9vbS10ZXN0LXNlY3JldA';

/** Stops what a test started when that test ends: others run beside it. */
type Finally = (stop: () => Promise<void>) => void;

/** An ingress: verifies as ours does, stores the notifications, and answers as `answer` says. */
async function ingress(
  running: RunningProcessor,
  atEnd: Finally,
  answer: (call: Call) => Given = () => ({ status: 200, body: '' }),
) {
  const scheme = testNotifications(new URL(`${running.url}/`));
  const accepted: Notification[] = [];
  const refused: string[] = [];
  const server = await providerServer((call) => {
    const given = answer(call);
    const header = call.headers[signatureHeader];
    const lookup = (name: string) => (name === signatureHeader && typeof header === 'string' ? header : undefined);
    const received = scheme.receive(Buffer.from(call.body), lookup, [new Secret(secret)], Date.now());
    if ('refused' in received) refused.push(received.refused);
    else if (given.status === 200) accepted.push(...received.notifications);
    return given;
  });
  atEnd(server.stop);
  return { url: `${server.url}/v1/ingress/test`, accepted, refused, calls: server.calls };
}

async function add(running: RunningProcessor, endpoint: object): Promise<number> {
  const response = await fetch(`${running.url}/webhook_endpoints`, { method: 'POST', body: JSON.stringify(endpoint) });
  expect(await response.text()).not.toContain(secret);
  return response.status;
}

async function start(atEnd: Finally, ledger?: string): Promise<RunningProcessor> {
  const running = await startProcessor(ledger);
  atEnd(running.kill);
  return running;
}

/** An order whose reference begins so: tests that share a processor hear of their own alone. */
function orderFor(references: string, payment_method: string, changes: Partial<Order> = {}): Order {
  const order = chargeOrder(payment_method, changes);
  const id = references + order.id.slice(references.length);
  return { ...order, id, reference: id };
}

describe.concurrent('webhooks of the test processor', () => {
  let running: RunningProcessor;
  beforeAll(async () => {
    running = await startProcessor();
  });
  afterAll(() => running.kill());

  test('[PAY-2] every change of a charge is sent, as the fact that its answer gave', async ({
    expect,
    onTestFinished,
  }) => {
    const adapter = testProcessor(running.url);
    const { url, accepted, refused } = await ingress(running, onTestFinished);
    expect(await add(running, { url, secret, references: 'pay_eu_told' })).toBe(201);
    const order = orderFor('pay_eu_told', 'pm_test_visa', { capture: false });
    const facts: [typeof order, ProviderFact][] = [[order, await adapter.send(order, `${order.id}.1`, deadlineMs)]];
    const [, charged] = facts[0] ?? [];
    if (charged?.kind !== 'approved') throw new Error('not approved');
    for (const [kind, amount] of [
      ['capture', 700],
      ['void', 300],
      ['refund', 200],
    ] as const) {
      const each = modificationOrder(kind, order, charged.charge, amount);
      facts.push([each, await adapter.send(each, `${each.id}.1`, deadlineMs)]);
    }
    await expect.poll(() => accepted).toHaveLength(4);
    for (const [each, fact] of facts) expect(accepted.flatMap((one) => factFor(each, one) ?? [])).toEqual([fact]);
    const declined = orderFor('pay_eu_told', 'pm_test_insufficient_funds');
    const fact = await adapter.send(declined, `${declined.id}.1`, deadlineMs);
    await expect.poll(() => accepted.flatMap((one) => factFor(declined, one) ?? [])).toEqual([fact]);
    expect(refused).toEqual([]);
  });

  test('[PAY-2] a charge whose answer was lost is sent all the same', async ({ expect, onTestFinished }) => {
    const { url, accepted } = await ingress(running, onTestFinished);
    await add(running, { url, secret, references: 'pay_eu_lost' });
    const order = orderFor('pay_eu_lost', 'pm_test_timeout_then_charged');
    expect(await testProcessor(running.url).send(order, `${order.id}.1`, 300)).toEqual({ kind: 'unknown' });
    await expect.poll(() => accepted.map((one) => factFor(order, one)?.kind)).toEqual(['approved']);
  });

  test('[PAY-2] a challenge is sent with its address, and its end as well', async ({ expect, onTestFinished }) => {
    const { url, accepted } = await ingress(running, onTestFinished);
    await add(running, { url, secret, references: 'pay_eu_asks' });
    const order = orderFor('pay_eu_asks', 'pm_test_3ds');
    const fact = await testProcessor(running.url).send(order, `${order.id}.1`, deadlineMs);
    if (fact.kind !== 'requires_action') throw new Error('no challenge');
    await fetch(`${fact.url}/complete`, { method: 'POST' });
    await expect.poll(() => accepted).toHaveLength(2);
    const facts = accepted.map((one) => factFor(order, one));
    expect(facts).toContainEqual(fact);
    expect(facts).toContainEqual({ kind: 'approved', charge: fact.charge, captured: true });
  });

  test('[PAY-2] what is not accepted is sent again, the same event under a new signature', async ({
    expect,
    onTestFinished,
  }) => {
    const statuses = [500, 404, 307];
    const { url, accepted, calls } = await ingress(running, onTestFinished, () => ({
      status: statuses.shift() ?? 200,
      body: '',
    }));
    await add(running, { url, secret, references: 'pay_eu_again' });
    const order = orderFor('pay_eu_again', 'pm_test_visa');
    await testProcessor(running.url).send(order, `${order.id}.1`, deadlineMs);
    await expect.poll(() => accepted).toHaveLength(1);
    expect(calls).toHaveLength(4);
    expect(new Set(calls.map(({ body }) => body)).size).toBe(1);
    expect(new Set(calls.map(({ headers }) => headers[signatureHeader])).size).toBeGreaterThan(1);
  });

  test('[PAY-2] after a crash an endpoint that is added again hears the same events, and those still to come', async ({
    expect,
    onTestFinished,
  }) => {
    const before = await start(onTestFinished);
    const order = chargeOrder('pm_test_visa');
    await testProcessor(before.url).send(order, `${order.id}.1`, deadlineMs);
    const late = chargeOrder('pm_test_late_webhook');
    await testProcessor(before.url).send(late, `${late.id}.1`, deadlineMs);
    const first = await ingress(before, onTestFinished);
    await add(before, { url: first.url, secret, references: 'pay_' });
    await expect.poll(() => first.accepted).toHaveLength(2);
    await before.kill();
    // 4 of the 5 seconds until the late approval are over already.
    const earlier = (text: string) => new Date(Date.parse(text) - 4_000).toISOString();
    const ledger = readFileSync(before.ledger, 'utf8').replace(
      /"at":"([^"]+)"/g,
      (_, at: string) => `"at":"${earlier(at)}"`,
    );
    writeFileSync(before.ledger, ledger);
    const after = await start(onTestFinished, before.ledger);
    const second = await ingress(after, onTestFinished);
    await add(after, { url: second.url, secret, references: 'pay_' });
    await expect.poll(() => second.accepted).toHaveLength(3);
    const ids = (accepted: Notification[]) => accepted.map(({ eventId }) => eventId);
    expect(ids(second.accepted)).toEqual(expect.arrayContaining(ids(first.accepted)));
    expect(second.accepted.flatMap((one) => factFor(late, one)?.kind ?? []).sort()).toEqual(['approved', 'pending']);
  });

  test('an endpoint hears of its own references alone, and each event once', async ({ expect, onTestFinished }) => {
    const [here, there] = [await ingress(running, onTestFinished), await ingress(running, onTestFinished)];
    await add(running, { url: here.url, secret, references: 'pay_eu_here' });
    await add(running, { url: there.url, secret, references: 'pay_eu_there' });
    const [order, abroad] = [orderFor('pay_eu_here', 'pm_test_visa'), orderFor('pay_eu_there', 'pm_test_visa')];
    for (const each of [order, abroad]) await testProcessor(running.url).send(each, `${each.id}.1`, deadlineMs);
    await add(running, { url: here.url, secret, references: 'pay_eu_here' });
    await expect.poll(() => [here.accepted.length, there.accepted.length]).toEqual([1, 1]);
    expect(here.accepted[0]?.reference).toBe(order.id);
    expect(there.accepted[0]?.reference).toBe(abroad.id);
    expect(here.calls).toHaveLength(1);
  });

  test('[PAY-2] nothing leaves this machine, and no odd endpoint is accepted', async ({ expect, onTestFinished }) => {
    const running = await start(onTestFinished);
    const good = { url: 'http://127.0.0.1:9/x', secret, references: 'pay_' };
    for (const url of [
      'http://10.0.0.1/',
      'https://example.com/',
      'http://127.0.0.1.example.com/',
      'http://u:p@127.0.0.1/',
      'x',
    ]) {
      expect([url, await add(running, { ...good, url })]).toEqual([url, 422]);
    }
    for (const changes of [{ secret: 'short' }, { secret: undefined }, { references: '' }, { more: 1 }]) {
      expect(await add(running, { ...good, ...changes })).toBe(400);
    }
    for (let n = 0; n < 16; n += 1) expect(await add(running, { ...good, url: `http://127.0.0.1:9/${n}` })).toBe(201);
    expect(await add(running, { ...good, url: 'http://127.0.0.1:9/16' })).toBe(422);
    expect(await add(running, { ...good, url: 'http://127.0.0.1:9/15' })).toBe(201);
  });

  test('[PAY-3] a dispute is sent once its time has come', async ({ expect, onTestFinished }) => {
    const { url, accepted } = await ingress(running, onTestFinished);
    await add(running, { url, secret, references: 'pay_eu_dispute' });
    const order = orderFor('pay_eu_dispute', 'pm_test_dispute_fraud');
    await testProcessor(running.url).send(order, `${order.id}.1`, deadlineMs);
    await expect.poll(() => accepted.map(({ effect }) => effect.kind)).toEqual(['approved', 'disputed']);
    expect(accepted[1]).toMatchObject({ reference: order.id, order: null, effect: { stage: 1, open: true } });
  });
});
