// Given a payment, when a provider notifies, then exactly this changes, and never backwards.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { processorEventLimits } from '../../contract/processor_events/limits.ts';
import {
  capturable,
  refundable,
  releaseRest,
  requestModification,
  reverseModification,
} from '../../lambdas/payments/domain/modification.ts';
import { settleNotification } from '../../lambdas/payments/domain/operation.ts';
import { type Payment, recordDispute } from '../../lambdas/payments/domain/payment.ts';
import {
  contradicts,
  receiveEvent,
  recordRetry,
  worst,
} from '../../lambdas/processor_events/domain/processor_event.ts';
import type { ProviderFact } from '../../lambdas/processors/domain/fact.ts';
import {
  approved,
  at,
  authorized,
  captured,
  processing,
  requested,
  sealedFields,
  start,
} from '../payments/payment_states.ts';

const declined = { kind: 'declined', declineCode: null, message: 'No.' } as const;
const waiting: ProviderFact[] = [
  { kind: 'pending', charge: 'ch_1' },
  { kind: 'in_review', charge: 'ch_1' },
  { kind: 'requires_action', charge: 'ch_1', url: 'https://bank.example/3ds' },
];

describe('[PAY-2] an operation whose lease is held', () => {
  it.each(waiting)('keeps its lease and its next recheck when a notification says that it waits (%o)', (fact) => {
    const payment = processing();
    const settlement = settleNotification({ payment, modification: null }, fact, start + 5);
    expect(settlement?.next.payment.intent).toEqual(payment.intent);
    expect(settlement?.fact).not.toBeNull();
    // A repeat changes nothing, so that nothing is written.
    expect(settlement && settleNotification(settlement.next, fact, start + 6)).toBeNull();
    const { payment: at, modification } = requested(captured(), 'refund', 400);
    expect(settleNotification({ payment: at, modification }, fact, start + 5)).toBeNull();
  });

  it.each([approved(true), approved(false), declined])('is settled by an outcome, for good (%o)', (fact) => {
    const settlement = settleNotification({ payment: processing(), modification: null }, fact, start + 5);
    expect(settlement?.next.payment.intent).toMatchObject({ lease_until_ms: null, due_at_ms: null });
    expect(settlement?.again).toBe(false);
    for (const later of [approved(true), declined, ...waiting]) {
      expect(settlement && settleNotification(settlement.next, later, start + 6)).toBeNull();
    }
  });

  it('is never sent again after a notification: only an answer to a request allows that', () => {
    const settlement = settleNotification(
      { payment: processing(), modification: null },
      { kind: 'not_charged' },
      start + 5,
    );
    expect(settlement).toMatchObject({ again: false, next: { payment: { status: 'failed' } } });
  });

  it('is settled whichever attempt runs', () => {
    const payment = processing();
    const second = { ...payment, intent: { ...payment.intent, attempt: 2 } };
    const settlement = settleNotification({ payment: second, modification: null }, declined, start + 5);
    expect(settlement?.next.payment.status).toBe('failed');
  });
});

describe('[PAY-2] what had moved and came back', () => {
  const kinds = [
    ['capture', authorized()],
    ['refund', captured()],
  ] as const;

  it.each(kinds)('a %s ends the same whether its failure comes before or after its success', (kind, payment) => {
    const open = requested(payment, kind, 400);
    const first = settleNotification(open, declined, start + 5);
    const done = settleNotification(open, approved(kind === 'capture'), start + 5);
    const after = done && settleNotification(done.next, declined, start + 6);
    expect(done && settleNotification(done.next, approved(true), start + 6)).toBeNull();
    expect(after).toMatchObject({ fact: `${kind}.failed`, again: false });
    expect(after?.next.payment).toEqual(first?.next.payment);
    expect(after?.next.modification).toEqual(first?.next.modification);
    expect(after && settleNotification(after.next, approved(true), start + 7)).toBeNull();
  });

  it('what has not moved has not come back', () => {
    for (const open of [requested(authorized(), 'capture', 400), requested(captured(), 'refund', 400)]) {
      expect(reverseModification(open, declined)).toBeNull();
    }
  });

  it('a capture of all leaves the payment authorized again', () => {
    const done = settleNotification(requested(authorized(), 'capture'), approved(true), start + 5);
    expect(done?.next.payment.status).toBe('captured');
    const after = done && settleNotification(done.next, declined, start + 6);
    expect(after?.next.payment).toMatchObject({ status: 'authorized', amount_captured: 0 });
  });

  it('a refund of more than is left to refund comes back whole, and what was released stays so', () => {
    const part = settleNotification(requested(authorized(), 'capture', 400), approved(true), start + 5);
    const rest = part && releaseRest(part.next.payment);
    if (rest === null || rest === 'waits') throw new Error('not released');
    const done = settleNotification(requested(rest.next, 'refund', 300), approved(true), start + 6);
    const after = done && settleNotification(done.next, declined, start + 7);
    expect(after?.next.payment).toMatchObject({ status: 'captured', amount_captured: 400, amount_refunded: 0 });
  });

  it('a capture that was refunded since stays, and a void never comes back', () => {
    const done = settleNotification(requested(authorized(), 'capture'), approved(true), start + 5);
    if (done?.next.modification == null) throw new Error('not captured');
    const { modification } = done.next;
    const { payment } = requested(done.next.payment, 'refund', 1);
    expect(reverseModification({ payment, modification }, declined)).toBeNull();
    expect(contradicts({ payment, modification }, { kind: 'reversed' }, 'declined')).toBe(true);
    const voided = settleNotification(requested(authorized(), 'void'), approved(false), start + 5);
    expect(voided && settleNotification(voided.next, declined, start + 6)).toBeNull();
  });
});

describe('[PAY-2] what the provider released', () => {
  it('in the answer to a capture is voided with it, unless another capture is still in flight', () => {
    const last: ProviderFact = { kind: 'approved', charge: 'ch_1', captured: true, restReleased: true };
    const done = settleNotification(requested(authorized(), 'capture', 800), last, start + 5);
    expect(done?.next.payment).toMatchObject({ status: 'captured', amount_captured: 800, amount_voided: 200 });
    const first = requested(authorized(), 'capture', 100, 'capture_1');
    const second = requested(first.payment, 'capture', 800, 'capture_2');
    const settled = settleNotification(second, last, start + 5);
    expect(settled?.next.payment).toMatchObject({ status: 'authorized', amount_voided: 0, capture_reserved: 100 });
    const failed =
      settled && settleNotification({ ...settled.next, modification: first.modification }, declined, start + 6);
    expect(failed && releaseRest(failed.next.payment)).toMatchObject({ next: { amount_voided: 200 } });
  });

  it('is voided: nothing captured is canceled, the rest of a part is captured', () => {
    expect(releaseRest(authorized())).toMatchObject({
      fact: 'payment.released',
      next: { status: 'canceled', amount_voided: 1000, amount_captured: 0 },
    });
    const part = settleNotification(requested(authorized(), 'capture', 400), approved(true), start + 5);
    const released = part && releaseRest(part.next.payment);
    expect(released).toMatchObject({ next: { status: 'captured', amount_voided: 600, amount_captured: 400 } });
  });

  it('waits for what is in flight, and says nothing of what is not authorized', () => {
    expect(releaseRest(requested(authorized(), 'capture', 400).payment)).toBe('waits');
    expect(releaseRest(requested(authorized(), 'void').payment)).toBe('waits');
    for (const payment of [processing(), captured()]) expect(releaseRest(payment)).toBeNull();
    const once = releaseRest(authorized());
    if (once === null || once === 'waits') throw new Error('not released');
    expect(releaseRest(once.next)).toBeNull();
  });
});

it('[PAY-1] bounds hold under every notification, in any order', () => {
  const step = fc.constantFrom('capture', 'refund', 'approve', 'decline', 'release');
  fc.assert(
    fc.property(fc.array(fc.tuple(step, fc.nat(5), fc.integer({ min: 1, max: 600 })), { maxLength: 40 }), (steps) => {
      let payment: Payment = authorized();
      const parts: ReturnType<typeof requested>['modification'][] = [];
      for (const [what, which, amount] of steps) {
        if (what === 'release') {
          const change = releaseRest(payment);
          if (change !== null && change !== 'waits') payment = change.next;
        } else if (what === 'capture' || what === 'refund') {
          const left = what === 'capture' ? capturable(payment) : refundable(payment);
          const open = what === 'capture' ? payment.status === 'authorized' : payment.amount_captured > 0;
          if (!open || amount > left) continue;
          const asked = requested(payment, what, amount, `${what}_${parts.length}`);
          payment = asked.payment;
          parts.push(asked.modification);
        } else {
          const at = which % Math.max(1, parts.length);
          const modification = parts[at];
          if (modification === undefined) continue;
          const settlement = settleNotification(
            { payment, modification },
            what === 'approve' ? approved(true) : declined,
            start,
          );
          if (settlement?.next.modification == null) continue;
          payment = settlement.next.payment;
          parts[at] = settlement.next.modification;
        }
        expect(capturable(payment)).toBeGreaterThanOrEqual(0);
        expect(refundable(payment)).toBeGreaterThanOrEqual(0);
        const sum = (object: string) =>
          parts.reduce(
            (all, each) => all + (each.object === object && each.status === 'succeeded' ? each.amount : 0),
            0,
          );
        expect(payment).toMatchObject({ amount_captured: sum('capture'), amount_refunded: sum('refund') });
      }
    }),
    { numRuns: 300 },
  );
});

describe('[PAY-3] a dispute', () => {
  it.each(['won', 'lost', 'closed'] as const)(
    'that was %s says so in the payment, with what was disputed',
    (outcome) => {
      const about = { minor: 400, currency: 'EUR' };
      const opened = recordDispute(captured(), { dispute: 'd1', stage: 1, open: true }, about);
      expect(opened?.next.last_dispute).toEqual({ id: 'd1', status: 'open', amount: 400, currency: 'EUR' });
      const closed = opened && recordDispute(opened.next, { dispute: 'd1', stage: 5, open: false, outcome }, about);
      expect(closed).toMatchObject({ fact: 'payment.dispute_closed', next: { disputed: false } });
      expect(closed?.next.last_dispute).toEqual({ id: 'd1', status: outcome, amount: 400, currency: 'EUR' });
    },
  );

  it('that is open has refunds refused, unless they are asked for in spite of it; one that ended has not', () => {
    const disputed = recordDispute(captured(), { dispute: 'd1', stage: 1, open: true })?.next ?? captured();
    const request = { kind: 'refund', id: 'refund_1', amount: 400, sealedFields, bodyDigest: '1.y' } as const;
    const asked = (payment: Payment, despiteDispute?: boolean) =>
      requestModification(payment, { ...request, despiteDispute }, at(start + 2));
    for (const absent of [undefined, false]) expect(asked(disputed, absent)).toEqual({ refused: 'payment_disputed' });
    expect(asked(disputed, true)).toMatchObject({ next: { payment: { refund_reserved: 400 } } });
    const ended = recordDispute(disputed, { dispute: 'd1', stage: 5, open: false, outcome: 'won' })?.next ?? disputed;
    expect(asked(ended)).toMatchObject({ next: { payment: { refund_reserved: 400 } } });
  });

  const stages = [
    { dispute: 'd1', stage: 1, open: true },
    { dispute: 'd1', stage: 2, open: false },
    { dispute: 'd2', stage: 1, open: true },
    { dispute: 'd1', stage: 3, open: true },
    { dispute: 'd1', stage: 4, open: false },
    { dispute: 'd2', stage: 2, open: false },
  ];

  it('opens and closes with its facts; a repeat changes nothing', () => {
    const opened = recordDispute(captured(), { dispute: 'd1', stage: 1, open: true });
    expect(opened).toMatchObject({ fact: 'payment.disputed', next: { disputed: true, status: 'captured' } });
    const further = opened && recordDispute(opened.next, { dispute: 'd1', stage: 2, open: true });
    expect(further).toMatchObject({ fact: null, next: { disputed: true } });
    const closed = further && recordDispute(further.next, { dispute: 'd1', stage: 3, open: false });
    expect(closed).toMatchObject({ fact: 'payment.dispute_closed', next: { disputed: false } });
    for (const stage of [1, 2, 3]) {
      expect(closed && recordDispute(closed.next, { dispute: 'd1', stage, open: true })).toBeNull();
    }
  });

  it('ends the same in whatever order its stages come: the highest counts, and one that is open is enough', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...stages, ...stages], { minLength: 12 }), (order) => {
        const end = order.reduce((payment, each) => recordDispute(payment, each)?.next ?? payment, captured());
        expect(end.disputed).toBe(false);
        expect(end.disputes).toMatchObject({ d1: { stage: 4, open: false }, d2: { stage: 2, open: false } });
      }),
    );
    const half = stages
      .slice(0, 5)
      .reduce((payment, each) => recordDispute(payment, each)?.next ?? payment, captured());
    expect(half.disputed).toBe(true);
  });

  it('is one of a bounded number', () => {
    let payment = captured();
    for (let number = 0; number < processorEventLimits.disputesPerPayment; number += 1) {
      payment = recordDispute(payment, { dispute: `d${number}`, stage: 1, open: true })?.next ?? payment;
    }
    expect(recordDispute(payment, { dispute: 'one more', stage: 1, open: true })).toBeNull();
    expect(recordDispute(payment, { dispute: 'd0', stage: 2, open: false })).not.toBeNull();
  });
});

describe('[PAY-2] an event of a provider', () => {
  const notification = (kind: 'ignored' | 'released') => ({
    eventId: 'e',
    occurredAtMs: 0,
    reference: null,
    order: null,
    charge: null,
    amount: null,
    effect: { kind },
  });
  const event = (...notifications: ReturnType<typeof notification>[]) =>
    receiveEvent({
      id: 'pev_1',
      tenant: 'ten_us_a',
      mode: 'test',
      connection: 'conn_us_a',
      provider: 'stripe',
      notifications,
      received: new Uint8Array(),
      received_at_ms: start,
      request_id: 'r',
    });

  it('is work for nobody where all of it is ignored', () => {
    expect(event(notification('ignored'), notification('ignored')).status).toBe('ignored');
    expect(event(notification('ignored'), notification('released')).status).toBe('received');
  });

  it('waits by its schedule, whatever was missed of it, and ends', () => {
    const offsets = processorEventLimits.retryOffsetsMs;
    let now = event(notification('released'));
    for (const offsetMs of offsets) {
      now = recordRetry(now, 'waiting', now.due_at_ms ?? start);
      expect(now).toMatchObject({ status: 'waiting', due_at_ms: start + offsetMs });
    }
    expect(recordRetry(now, 'waiting', now.due_at_ms ?? 0)).toMatchObject({ status: 'unmatched', due_at_ms: null });
    const late = recordRetry(event(notification('released')), 'waiting', start + 6 * 3_600_000);
    expect(late.due_at_ms).toBe(start + 24 * 3_600_000);
    expect(recordRetry(now, 'applied', start)).toMatchObject({ status: 'applied', due_at_ms: null });
  });

  it('of several outcomes the one that asks for most counts', () => {
    expect(worst([])).toBe('ignored');
    expect(worst(['ignored', 'applied'])).toBe('applied');
    expect(worst(['applied', 'waiting', 'ignored'])).toBe('waiting');
    expect(worst(['waiting', 'contradicted'])).toBe('contradicted');
  });

  it('contradicts where money moved that should not have; a late failure or success of a refund does not', () => {
    const failed = { ...processing(), status: 'failed' as const };
    const effect = { kind: 'approved', charge: 'ch_1', captured: true } as const;
    expect(contradicts({ payment: failed, modification: null }, effect, 'approved')).toBe(true);
    expect(contradicts({ payment: captured(), modification: null }, effect, 'approved')).toBe(false);
    expect(contradicts({ payment: captured(), modification: null }, { kind: 'reversed' }, 'declined')).toBe(true);
    expect(contradicts({ payment: captured(), modification: null }, { kind: 'released' }, 'declined')).toBe(false);
    const refund = settleNotification(requested(captured(), 'refund', 1), declined, start);
    expect(refund && contradicts(refund.next, effect, 'approved')).toBe(false);
    const voided = settleNotification(requested(authorized(), 'void'), declined, start);
    expect(voided && contradicts(voided.next, effect, 'approved')).toBe(true);
  });
});
