// The test processor's own promises, over HTTP: one effect per key, and a ledger that survives whatever ends the process.

import { once } from 'node:events';
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testProcessor } from '../../lambdas/processors/test/processor.ts';
import {
  chargeLines,
  chargeOrder,
  ledgerLines,
  newLedger,
  type RunningProcessor,
  startProcessor,
} from './processor_process.ts';

/** For what is answered: no slow machine may make it unknown. */
const deadlineMs = 20_000;

/** What time would do: everything in the ledger happened so long before. */
function age(ledger: string, ms: number): void {
  const earlier = (text: string) => new Date(Date.parse(text) - ms).toISOString();
  const text = readFileSync(ledger, 'utf8').replace(/"at":"([^"]+)"/g, (_, at: string) => `"at":"${earlier(at)}"`);
  writeFileSync(ledger, text);
}

async function post(url: string, key: string, body: unknown) {
  const headers = { 'idempotency-key': key, 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: response.status, text: await response.text() };
}

const bodyOf = (order: ReturnType<typeof chargeOrder>) => ({
  reference: order.reference,
  id: order.id,
  amount: order.amount,
  currency: order.currency,
  payment_method: order.payment_method,
  capture: order.capture,
});

describe.concurrent('a key has one effect', () => {
  let running: RunningProcessor;
  beforeAll(async () => {
    running = await startProcessor();
  });
  afterAll(() => running.kill());

  test('[PAY-1] twenty parallel requests under one key make one charge', async () => {
    const order = chargeOrder('pm_test_visa');
    const key = `${order.id}.1`;
    const send = () => post(`${running.url}/charges`, key, bodyOf(order));
    const answers = await Promise.all(Array.from({ length: 20 }, send));
    expect(chargeLines(running.ledger, order.reference)).toHaveLength(1);
    const charged = answers.filter(({ status }) => status === 201);
    expect(new Set(charged.map(({ text }) => text)).size).toBe(1);
    expect(answers.filter(({ status }) => status !== 201 && status !== 409)).toEqual([]);
    expect((await send()).text).toBe(charged[0]?.text);
  });

  test('[PAY-1] a hundred parallel charges are all in the ledger when they are answered', async () => {
    const orders = Array.from({ length: 100 }, () => chargeOrder('pm_test_visa'));
    const answers = await Promise.all(
      orders.map((order) => post(`${running.url}/charges`, `${order.id}.1`, bodyOf(order))),
    );
    expect(answers.every(({ status }) => status === 201)).toBe(true);
    for (const order of orders) expect(chargeLines(running.ledger, order.reference)).toHaveLength(1);
  });

  test('[PAY-1] a key with another body or another purpose is refused without a promise', async () => {
    const order = chargeOrder('pm_test_visa');
    await post(`${running.url}/charges`, `${order.id}.1`, bodyOf(order));
    const other = await post(`${running.url}/charges`, `${order.id}.1`, { ...bodyOf(order), amount: 1001 });
    expect(other).toEqual({ status: 422, text: '{"error":{"code":"idempotency_key_reused"}}' });
    const path = `${running.url}/charges/ch_1/refunds`;
    const purpose = await post(path, `${order.id}.1`, { reference: order.id, id: 'ref_1', amount: 1 });
    expect(purpose.text).toBe('{"error":{"code":"idempotency_key_reused"}}');
  });

  test('[PAY-1] parallel captures under different keys never capture more than was authorized', async () => {
    const order = chargeOrder('pm_test_visa', { capture: false });
    const { id } = JSON.parse((await post(`${running.url}/charges`, `${order.id}.1`, bodyOf(order))).text);
    const capture = (n: number) =>
      post(`${running.url}/charges/${id}/captures`, `cap_${order.id}_${n}.1`, {
        reference: order.id,
        id: `cap_${n}`,
        amount: 400,
      });
    const statuses = (await Promise.all([1, 2, 3, 4, 5].map(capture))).map(({ status }) => status).sort();
    expect(statuses).toEqual([201, 201, 422, 422, 422]);
    const list = await (await fetch(`${running.url}/charges?reference=${order.id}`)).json();
    expect(list).toMatchObject({
      data: [{ captured: 800, refunded: 0, voided: 0, status: 'approved' }],
      requests_running: 0,
    });
  });

  test('a refused order stays refused under its key, though it would be allowed by now', async () => {
    const order = chargeOrder('pm_test_visa', { capture: false });
    const { id } = JSON.parse((await post(`${running.url}/charges`, `${order.id}.1`, bodyOf(order))).text);
    const refund = () =>
      post(`${running.url}/charges/${id}/refunds`, `${order.id}r.1`, { reference: order.id, id: 'ref_x', amount: 5 });
    const refused = { status: 422, text: '{"error":{"code":"amount_exceeds_captured","charged":false}}' };
    expect(await refund()).toEqual(refused);
    await post(`${running.url}/charges/${id}/captures`, `${order.id}c.1`, {
      reference: order.id,
      id: 'cap_x',
      amount: 5,
    });
    expect(await refund()).toEqual(refused);
  });

  test('a body that does not fit or a missing key is refused, known not charged', async () => {
    const order = chargeOrder('pm_test_visa');
    const bad = await post(`${running.url}/charges`, `${order.id}.1`, { ...bodyOf(order), amount: 1.5 });
    expect(bad).toEqual({ status: 400, text: '{"error":{"code":"invalid_request","charged":false}}' });
    const keyless = await fetch(`${running.url}/charges`, { method: 'POST', body: JSON.stringify(bodyOf(order)) });
    expect(keyless.status).toBe(400);
    const huge = await post(`${running.url}/charges`, `${order.id}.1`, { text: 'x'.repeat(100_000) });
    expect(huge.status).toBe(413);
    const unknown = await post(`${running.url}/charges`, `${order.id}.1`, {
      ...bodyOf(order),
      payment_method: 'pm_test_x',
    });
    expect(unknown).toEqual({ status: 422, text: '{"error":{"code":"unknown_payment_method","charged":false}}' });
    expect(chargeLines(running.ledger, order.reference)).toHaveLength(0);
  });

  test('lists come in bounded pages', async () => {
    for (let n = 0; n < 3; n += 1) {
      const order = chargeOrder('pm_test_visa');
      await post(`${running.url}/charges`, `${order.id}.1`, bodyOf(order));
    }
    const page = async (query: string) => {
      const response = await fetch(`${running.url}/charges?${query}`);
      return (await response.json()) as { data: { id: string }[]; has_more: boolean };
    };
    const first = await page('limit=2');
    expect(first.has_more).toBe(true);
    const second = await page(`limit=1&after=${first.data[1]?.id}`);
    expect(first.data.map(({ id }) => id)).not.toContain(second.data[0]?.id);
    expect((await fetch(`${running.url}/charges?limit=101`)).status).toBe(400);
  });

  test('a page of another site can press no button, and no other host name is served', async () => {
    const site = { method: 'POST', headers: { 'sec-fetch-site': 'cross-site' } };
    expect((await fetch(`${running.url}/charges/ch_1/approve`, site)).status).toBe(403);
    const rebound = await new Promise((resolve, reject) => {
      const request = get(running.url, { headers: { host: 'evil.example' } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      request.on('error', reject);
    });
    expect(rebound).toBe(421);
  });
});

describe.concurrent('the ledger outlives the process', () => {
  test('[PAY-1] a crash between the ledger and the answer leaves one charge and its answer', async ({ expect }) => {
    const before = await startProcessor();
    const order = chargeOrder('pm_test_timeout_then_charged');
    const lost = testProcessor(before.url).send(order, `${order.id}.1`, 5_000);
    await expect.poll(() => chargeLines(before.ledger, order.reference)).toHaveLength(1);
    await before.kill();
    expect(await lost).toEqual({ kind: 'unknown' });
    const after = await startProcessor(before.ledger);
    expect(await testProcessor(after.url).send(order, `${order.id}.1`, deadlineMs)).toMatchObject({ kind: 'approved' });
    expect(chargeLines(after.ledger, order.reference)).toHaveLength(1);
    await after.kill();
  });

  test('[PAY-1] kill -9 amid a stream of charges loses none that was answered and doubles none', async () => {
    const before = await startProcessor();
    const adapter = testProcessor(before.url);
    const orders = Array.from({ length: 60 }, () => chargeOrder('pm_test_visa'));
    const sent = orders.map((order) => adapter.send(order, `${order.id}.1`, deadlineMs));
    await Promise.race(sent);
    await before.kill();
    const facts = await Promise.all(sent);
    const after = await startProcessor(before.ledger);
    const again = testProcessor(after.url);
    const repeated = await Promise.all(orders.map((order) => again.send(order, `${order.id}.1`, deadlineMs)));
    for (const [n, order] of orders.entries()) {
      expect(repeated[n]?.kind).toBe('approved');
      if (facts[n]?.kind === 'approved') expect(repeated[n]).toEqual(facts[n]);
      expect(chargeLines(after.ledger, order.reference)).toHaveLength(1);
    }
    await after.kill();
  });

  test('a torn last line is dropped with a note; what follows is whole', async () => {
    const before = await startProcessor();
    const order = chargeOrder('pm_test_visa');
    await testProcessor(before.url).send(order, `${order.id}.1`, deadlineMs);
    await before.kill();
    appendFileSync(before.ledger, '{"at":"2026-01-01T00:0');
    const after = await startProcessor(before.ledger);
    expect(after.notes()).toContain('dropped a torn last line');
    const next = chargeOrder('pm_test_visa');
    await testProcessor(after.url).send(next, `${next.id}.1`, deadlineMs);
    await after.kill();
    expect(ledgerLines(after.ledger).map((line) => JSON.parse(line).effect.reference)).toEqual([order.id, next.id]);
  });

  test('a damaged line before the last one refuses to start', async () => {
    const ledger = newLedger();
    writeFileSync(ledger, 'nonsense\n{}\n');
    await expect(startProcessor(ledger)).rejects.toThrow('line 1 of the ledger is damaged');
  });

  test('[PAY-1] a key is forgotten after its lifetime, as at a real processor: a repeat charges again and shows', async () => {
    const lifetime = ['--key-lifetime-ms', '600000'];
    const before = await startProcessor(newLedger(), ...lifetime);
    const order = chargeOrder('pm_test_visa');
    const send = (running: RunningProcessor) => testProcessor(running.url).send(order, `${order.id}.1`, deadlineMs);
    const first = await send(before);
    expect(await send(before)).toEqual(first);
    await before.kill();
    age(before.ledger, 500_000);
    const meanwhile = await startProcessor(before.ledger, ...lifetime);
    expect(await send(meanwhile)).toEqual(first);
    await meanwhile.kill();
    age(before.ledger, 100_001);
    const after = await startProcessor(before.ledger, ...lifetime);
    await send(after);
    expect(chargeLines(after.ledger, order.reference)).toHaveLength(2);
    expect(await testProcessor(after.url).lookUp(order, deadlineMs)).toEqual(first);
    await after.kill();
  });

  test('it stops rather than go on without its ledger or beside another writer', async () => {
    const deleted = await startProcessor();
    const changed = await startProcessor();
    const order = chargeOrder('pm_test_visa');
    rmSync(deleted.ledger);
    appendFileSync(changed.ledger, '\n');
    for (const running of [deleted, changed]) {
      const ended = once(running.child, 'exit');
      expect(await testProcessor(running.url).send(order, `${order.id}.1`, deadlineMs)).toEqual({ kind: 'unknown' });
      expect((await ended)[0]).toBe(1);
    }
    expect(deleted.notes()).toContain('deleted');
    expect(changed.notes()).toContain('another process');
  });

  test('"later" is computed from the ledger: it happens although nobody ran meanwhile', async () => {
    const before = await startProcessor();
    const late = chargeOrder('pm_test_late_webhook');
    const disputed = chargeOrder('pm_test_dispute_fraud');
    const adapter = testProcessor(before.url);
    expect(await adapter.send(late, `${late.id}.1`, deadlineMs)).toMatchObject({ kind: 'pending' });
    expect(await adapter.lookUp(late, deadlineMs)).toMatchObject({ kind: 'pending' });
    await adapter.send(disputed, `${disputed.id}.1`, deadlineMs);
    await before.kill();
    age(before.ledger, 5_000);
    const after = await startProcessor(before.ledger);
    const again = testProcessor(after.url);
    expect(await again.lookUp(late, deadlineMs)).toMatchObject({ kind: 'approved', captured: true });
    expect(await again.send(late, `${late.id}.1`, deadlineMs)).toMatchObject({ kind: 'pending' });
    const list = await (await fetch(`${after.url}/charges?reference=${disputed.id}`)).json();
    expect(list).toMatchObject({ data: [{ disputed: true }] });
    await after.kill();
  });
});
