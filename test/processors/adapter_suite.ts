// What every adapter promises behind the port, whatever the processor: run against the test processor itself and against
// stubs of the real ones.

import { expect, test } from 'vitest';
import type { Order, ProviderFact } from '../../lambdas/processors/domain/fact.ts';
import type { Processor } from '../../lambdas/processors/processor.ts';
import { chargeOrder, modificationOrder } from './processor_process.ts';

export interface Subject {
  readonly adapter: Processor;
  readonly tokens: { readonly approved: string; readonly declined: string; readonly challenge: string };
  /** The token of an order whose first answer will be lost after the charge. */
  loseAnswer(): string;
  /** How many charges of a reference hold money at the processor. */
  charges(reference: string): number;
  /** Whether captures, refunds and voids are done when they are answered; otherwise they are pending. */
  readonly settlesAtOnce: boolean;
  /** Whether charges are found by our reference. */
  readonly findsCharges: boolean;
}

export function adapterSuite(name: string, subject: () => Subject): void {
  const send = (order: Order, attempt = 1, deadlineMs = 2_000): Promise<ProviderFact> =>
    subject().adapter.send(order, `${order.id}.${attempt}`, deadlineMs);
  const approved = async (capture: boolean) => {
    const order = chargeOrder(subject().tokens.approved, { capture });
    const fact = await send(order);
    if (fact.kind !== 'approved') throw new Error(`expected approved, got ${fact.kind}`);
    return { order, fact };
  };

  test.for([true, false])(`[PAY-1] ${name}: a charge is approved once, captured at once: %s`, async (capture) => {
    const { order, fact } = await approved(capture);
    expect(fact).toEqual({ kind: 'approved', charge: expect.any(String), captured: capture });
    expect(await send(order)).toEqual(fact);
    expect(subject().charges(order.reference)).toBe(1);
  });

  test(`[PAY-1] ${name}: twenty parallel repeats make one charge; an answer without it is unknown`, async () => {
    const order = chargeOrder(subject().tokens.approved);
    const facts = await Promise.all(Array.from({ length: 20 }, () => send(order)));
    expect(subject().charges(order.reference)).toBe(1);
    expect(facts.filter(({ kind }) => kind !== 'approved' && kind !== 'unknown')).toEqual([]);
    expect(new Set(facts.flatMap((fact) => (fact.kind === 'approved' ? fact.charge : []))).size).toBe(1);
  });

  test(`[PAY-1] ${name}: a decline is final under its key and moves nothing`, async () => {
    const order = chargeOrder(subject().tokens.declined);
    const fact = await send(order);
    expect(fact).toEqual({
      kind: 'declined',
      declineCode: expect.any(String),
      rawDeclineCode: expect.any(String),
      message: expect.any(String),
    });
    expect(await send(order)).toEqual(fact);
    expect(subject().charges(order.reference)).toBe(0);
  });

  test(`[PAY-1] ${name}: a lost answer is unknown; the repeat finds the one charge`, async ({ expect }) => {
    const order = chargeOrder(subject().loseAnswer());
    expect(await send(order, 1, 700)).toEqual({ kind: 'unknown' });
    await expect.poll(() => subject().charges(order.reference)).toBe(1);
    const fact = await send(order);
    expect(fact).toMatchObject({ kind: 'approved' });
    expect(subject().charges(order.reference)).toBe(1);
    expect(await subject().adapter.lookUp(order, 2_000)).toEqual(subject().findsCharges ? fact : { kind: 'unknown' });
  });

  test(`${name}: a challenge sends the payer somewhere, the same place again`, async () => {
    const order = chargeOrder(subject().tokens.challenge);
    const fact = await send(order);
    expect(fact).toEqual({
      kind: 'requires_action',
      charge: expect.any(String),
      url: expect.stringMatching(/^https?:/),
    });
    expect(await send(order)).toEqual(fact);
    expect(subject().charges(order.reference)).toBe(0);
  });

  test(`[PAY-1] ${name}: captures, a void of the rest and refunds are executed once under their keys`, async () => {
    const { order, fact: charged } = await approved(false);
    const steps = [
      modificationOrder('capture', order, charged.charge, 400),
      modificationOrder('capture', order, charged.charge, 300),
      modificationOrder('void', order, charged.charge, 300),
      modificationOrder('refund', order, charged.charge, 250),
    ].map((step) => ({ ...step, id: `${step.id.replace('capture', 'cap')}` }));
    for (const step of steps) {
      const fact = await send(step);
      expect(fact).toEqual(
        subject().settlesAtOnce
          ? { kind: 'approved', charge: charged.charge, captured: step.kind === 'capture' }
          : { kind: 'pending', charge: charged.charge },
      );
      expect(await send(step)).toEqual(fact);
      expect(await subject().adapter.lookUp(step, 2_000)).toEqual(subject().settlesAtOnce ? fact : { kind: 'unknown' });
    }
  });

  test(`[PAY-1] ${name}: a key that was used for another amount is unknown, never not charged`, async () => {
    const { order } = await approved(true);
    expect(await send({ ...order, amount: 5 })).toEqual({ kind: 'unknown' });
    expect(subject().charges(order.reference)).toBe(1);
  });

  test(`[PAY-1] ${name}: no time left sends nothing, and a modification without its charge is the caller's bug`, async () => {
    const order = chargeOrder(subject().tokens.approved);
    for (const deadlineMs of [0, -1, Number.NaN]) {
      expect(await send(order, 1, deadlineMs)).toEqual({ kind: 'unknown' });
      expect(await subject().adapter.lookUp(order, deadlineMs)).toEqual({ kind: 'unknown' });
    }
    for (const kind of ['capture', 'refund', 'void'] as const) {
      await expect(send({ ...order, kind })).rejects.toThrow(TypeError);
    }
    expect(subject().charges(order.reference)).toBe(0);
  });

  test(`${name}: only its own tokens are accepted`, () => {
    const { adapter, tokens } = subject();
    for (const token of Object.values(tokens)) expect(adapter.accepts(token)).toBe(true);
    for (const token of ['', 'pm_', 'pm_x y', 'tok_visa', '4242424242424242', `pm_${'x'.repeat(101)}`, '__proto__']) {
      expect(adapter.accepts(token)).toBe(false);
    }
  });
}
