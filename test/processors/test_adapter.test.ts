// The adapter against the real test processor: every scripted payment method gives the fact that it is named for.

import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PaymentMethod } from '../../contract/kernel/fields.ts';
import type { Processor } from '../../lambdas/processors/processor.ts';
import { testPaymentMethods } from '../../lambdas/processors/test/payment_methods.ts';
import { testProcessor } from '../../lambdas/processors/test/processor.ts';
import { scriptedPaymentMethods } from '../../processor/script.ts';
import {
  chargeLines,
  chargeOrder,
  modificationOrder,
  type RunningProcessor,
  startProcessor,
} from './processor_process.ts';

/** For what is answered: no slow machine may make it unknown. */
const deadlineMs = 20_000;

describe.concurrent('through the adapter', () => {
  let running: RunningProcessor;
  let adapter: Processor;
  beforeAll(async () => {
    running = await startProcessor();
    adapter = testProcessor(running.url);
  });
  afterAll(() => running.kill());

  const charge = async (payment_method: string, capture = true) => {
    const order = chargeOrder(payment_method, { capture });
    return { order, fact: await adapter.send(order, `${order.id}.1`, deadlineMs) };
  };
  const approved = async (payment_method: string, capture: boolean) => {
    const { order, fact } = await charge(payment_method, capture);
    if (fact.kind !== 'approved') throw new Error(`expected approved, got ${fact.kind}`);
    return { order, id: fact.charge };
  };
  const post = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${running.url}${path}`, { method: 'POST', headers, redirect: 'manual' });

  test('the adapter accepts exactly the scripted payment methods, and each is a token that merchants may send', async () => {
    expect([...testPaymentMethods].sort()).toEqual([...scriptedPaymentMethods].sort());
    expect(scriptedPaymentMethods.every((name) => v.is(PaymentMethod, name) && adapter.accepts(name))).toBe(true);
    for (const name of ['pm_test_unheard_of', '', '__proto__', 'constructor'])
      expect(adapter.accepts(name)).toBe(false);
  });

  test('[PAY-1] the declared key lifetime is the one that the processor keeps', async () => {
    const capabilities = (await (await fetch(running.url)).json()) as { key_lifetime_ms: number };
    expect(capabilities.key_lifetime_ms).toBe(adapter.keyLifetimeMs);
  });

  test.for([true, false])('pm_test_visa is approved, captured at once: %s', async (capture) => {
    const { order, fact } = await charge('pm_test_visa', capture);
    expect(fact).toEqual({ kind: 'approved', charge: expect.stringMatching(/^ch_/), captured: capture });
    expect(await adapter.lookUp(order, deadlineMs)).toEqual(fact);
  });

  test.for([
    ['pm_test_declined', 'generic_decline'],
    ['pm_test_insufficient_funds', 'insufficient_funds'],
  ] as const)('%s is declined, and looks it up as declined', async ([method, declineCode]) => {
    const { order, fact } = await charge(method);
    expect(fact).toEqual({ kind: 'declined', declineCode, rawDeclineCode: declineCode, message: expect.any(String) });
    expect(await adapter.lookUp(order, deadlineMs)).toEqual(fact);
    const list = await (await fetch(`${running.url}/charges?reference=${order.id}`)).json();
    expect(list).toMatchObject({ data: [] });
  });

  test('pm_test_3ds asks the payer, and is approved or declined by what the payer does', async () => {
    for (const [act, expected] of [
      ['complete', { kind: 'approved', captured: true }],
      ['fail', { kind: 'declined', declineCode: 'authentication_failed' }],
    ] as const) {
      const { order, fact } = await charge('pm_test_3ds');
      if (fact.kind !== 'requires_action') throw new Error(`expected requires_action, got ${fact.kind}`);
      expect(fact.url).toBe(`${running.url}/actions/${fact.charge}`);
      expect(await adapter.lookUp(order, deadlineMs)).toEqual(fact);
      const page = await fetch(fact.url);
      expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(await page.text()).toContain(`action="/actions/${fact.charge}/${act}"`);
      expect((await post(`/actions/${fact.charge}/${act}`, { accept: 'text/html' })).status).toBe(303);
      expect((await post(`/actions/${fact.charge}/${act}`)).status).toBe(200);
      const other = act === 'complete' ? 'fail' : 'complete';
      expect((await post(`/actions/${fact.charge}/${other}`)).status).toBe(409);
      expect(await adapter.lookUp(order, deadlineMs)).toMatchObject(expected);
    }
  });

  test('pm_test_review waits for people, who approve or reject', async () => {
    for (const [act, expected] of [
      ['approve', { kind: 'approved', captured: false }],
      ['reject', { kind: 'declined', declineCode: 'review_rejected' }],
    ] as const) {
      const { order, fact } = await charge('pm_test_review', false);
      if (fact.kind !== 'in_review') throw new Error(`expected in_review, got ${fact.kind}`);
      expect(await (await fetch(`${running.url}/reviews`)).text()).toContain(order.reference);
      expect((await post(`/charges/${fact.charge}/${act}`)).status).toBe(200);
      expect(await adapter.lookUp(order, deadlineMs)).toMatchObject(expected);
      expect(await (await fetch(`${running.url}/reviews`)).text()).not.toContain(order.reference);
    }
  });

  test('[PAY-1] pm_test_timeout_then_charged charges in silence; a repeat and a look-up both find it', async () => {
    const order = chargeOrder('pm_test_timeout_then_charged');
    expect(await adapter.send(order, `${order.id}.1`, 500)).toEqual({ kind: 'unknown' });
    const found = await adapter.lookUp(order, deadlineMs);
    expect(found).toMatchObject({ kind: 'approved', captured: true });
    expect(await adapter.send(order, `${order.id}.1`, deadlineMs)).toEqual(found);
    expect(chargeLines(running.ledger, order.reference)).toHaveLength(1);
  });

  test('[PAY-1] a repeat is answered while the first request of pm_test_timeout_then_charged still hangs', async ({
    expect,
  }) => {
    const order = chargeOrder('pm_test_timeout_then_charged');
    const first = adapter.send(order, `${order.id}.1`, 1_500);
    await expect.poll(() => chargeLines(running.ledger, order.reference)).toHaveLength(1);
    await expect.poll(() => adapter.send(order, `${order.id}.1`, 1_000)).toMatchObject({ kind: 'approved' });
    expect(await first).toEqual({ kind: 'unknown' });
  });

  test('[PAY-1] pm_test_timeout_not_charged moves nothing, and says so under the same and another key', async () => {
    const order = chargeOrder('pm_test_timeout_not_charged');
    expect(await adapter.send(order, `${order.id}.1`, 300)).toEqual({ kind: 'unknown' });
    expect(await adapter.lookUp(order, deadlineMs)).toEqual({ kind: 'not_charged' });
    expect(await adapter.send(order, `${order.id}.1`, deadlineMs)).toEqual({ kind: 'not_charged' });
    expect(await adapter.send(order, `${order.id}.2`, deadlineMs)).toEqual({ kind: 'not_charged' });
    expect(chargeLines(running.ledger, order.reference)).toHaveLength(0);
  });

  test('[PAY-1] pm_test_overloaded_once is not charged under its first key, ever, and charged under the next', async () => {
    const order = chargeOrder('pm_test_overloaded_once');
    expect(await adapter.send(order, `${order.id}.1`, deadlineMs)).toEqual({ kind: 'not_charged' });
    expect(await adapter.send(order, `${order.id}.2`, deadlineMs)).toMatchObject({ kind: 'approved' });
    expect(await adapter.send(order, `${order.id}.1`, deadlineMs)).toEqual({ kind: 'not_charged' });
    expect(chargeLines(running.ledger, order.reference)).toHaveLength(1);
  });

  test('[PAY-1] pm_test_slow: while it runs, neither a repeat nor a look-up says that nothing was charged', async ({
    expect,
  }) => {
    const order = chargeOrder('pm_test_slow');
    const { reference, id, amount, currency, payment_method, capture } = order;
    expect(await adapter.send(order, `${order.id}.1`, 500)).toEqual({ kind: 'unknown' });
    const repeat = await fetch(`${running.url}/charges`, {
      method: 'POST',
      headers: { 'idempotency-key': `${order.id}.1` },
      body: JSON.stringify({ reference, id, amount, currency, payment_method, capture }),
    });
    expect(repeat.status).toBe(409);
    expect(await repeat.text()).toBe('{"error":{"code":"key_in_use"}}');
    expect(await adapter.send(order, `${order.id}.1`, deadlineMs)).toEqual({ kind: 'unknown' });
    const list = await (await fetch(`${running.url}/charges?reference=${order.id}`)).json();
    expect(list).toEqual({ data: [], has_more: false, requests_running: 1 });
    expect(await adapter.lookUp(order, deadlineMs)).toEqual({ kind: 'unknown' });
    // The caller is long gone; the charge comes all the same.
    await expect.poll(() => adapter.lookUp(order, deadlineMs)).toMatchObject({ kind: 'approved' });
    expect(chargeLines(running.ledger, order.reference)).toHaveLength(1);
  });

  test('[PAY-1] captures, refunds and voids move what they say, once', async () => {
    const { order, id } = await approved('pm_test_visa', false);
    const capture = modificationOrder('capture', order, id, 700);
    const release = modificationOrder('void', order, id, 300);
    const refund = modificationOrder('refund', order, id, 200);
    for (const each of [capture, release, refund]) {
      const fact = { kind: 'approved', charge: id, captured: each.kind === 'capture' };
      expect(await adapter.lookUp(each, deadlineMs)).toEqual({ kind: 'not_charged' });
      expect(await adapter.send(each, `${each.id}.1`, deadlineMs)).toEqual(fact);
      expect(await adapter.send(each, `${each.id}.1`, deadlineMs)).toEqual(fact);
      expect(await adapter.lookUp(each, deadlineMs)).toEqual(fact);
    }
    const list = await (await fetch(`${running.url}/charges?reference=${order.id}`)).json();
    expect(list).toMatchObject({ data: [{ captured: 700, refunded: 200, voided: 300 }] });
    // What was captured later was not captured at once.
    expect(await adapter.lookUp(order, deadlineMs)).toEqual({ kind: 'approved', charge: id, captured: false });
  });

  test('[PAY-1] orders beyond the money are declined and move nothing', async () => {
    const { order, id } = await approved('pm_test_visa', true);
    for (const [kind, amount] of [
      ['capture', 1],
      ['void', 1],
      ['refund', 1001],
    ] as const) {
      const bad = modificationOrder(kind, order, id, amount);
      expect(await adapter.send(bad, `${bad.id}.1`, deadlineMs)).toMatchObject({ kind: 'declined', declineCode: null });
    }
    const stray = modificationOrder('refund', order, 'ch_unknown', 1);
    expect(await adapter.send(stray, `${stray.id}.1`, deadlineMs)).toMatchObject({
      kind: 'declined',
      declineCode: null,
    });
  });

  test('pm_test_refund_fails is charged, and its refunds are declined', async () => {
    const { order, id } = await approved('pm_test_refund_fails', true);
    const refund = modificationOrder('refund', order, id, 100);
    const fact = {
      kind: 'declined',
      declineCode: 'refund_declined',
      rawDeclineCode: 'refund_declined',
      message: 'The refund was declined.',
    };
    expect(await adapter.send(refund, `${refund.id}.1`, deadlineMs)).toEqual(fact);
    expect(await adapter.lookUp(refund, deadlineMs)).toEqual(fact);
  });

  test('pm_test_dispute_fraud is approved and not yet disputed', async () => {
    const { order } = await approved('pm_test_dispute_fraud', true);
    const list = await (await fetch(`${running.url}/charges?reference=${order.id}`)).json();
    expect(list).toMatchObject({ data: [{ disputed: false, captured: 1000 }] });
  });

  test('[PAY-1] a key that was used for another amount is unknown, never not charged', async () => {
    const { order } = await approved('pm_test_visa', true);
    const other = { ...order, amount: 5 };
    expect(await adapter.send(other, `${order.id}.1`, deadlineMs)).toEqual({ kind: 'unknown' });
    expect(await adapter.lookUp(other, deadlineMs)).toEqual({ kind: 'unknown' });
  });

  test('an order that the processor never saw is not charged', async () => {
    expect(await adapter.lookUp(chargeOrder('pm_test_visa'), deadlineMs)).toEqual({ kind: 'not_charged' });
  });

  test('a modification without its charge is a bug of the caller, and no deadline sends nothing', async () => {
    const order = chargeOrder('pm_test_visa');
    await expect(adapter.send({ ...order, kind: 'refund' }, 'x.1', deadlineMs)).rejects.toThrow(TypeError);
    for (const deadlineMs of [0, -1, Number.NaN]) {
      expect(await adapter.send(order, `${order.id}.1`, deadlineMs)).toEqual({ kind: 'unknown' });
      expect(await adapter.lookUp(order, deadlineMs)).toEqual({ kind: 'unknown' });
    }
    expect(chargeLines(running.ledger, order.reference)).toHaveLength(0);
  });
});
