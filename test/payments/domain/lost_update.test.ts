// Payments whose last write was lost to the other region: what is missing comes back, and what was right stays.

import { describe, expect, it } from 'vitest';
import { lostUpdateLimits as limits } from '../../../contract/payments/limits.ts';
import { processorEventLimits } from '../../../contract/processor_events/limits.ts';
import { adoptModification } from '../../../lambdas/payments/domain/adopt_modification.ts';
import { afterLook, correct, findLostUpdate } from '../../../lambdas/payments/domain/lost_update.ts';
import {
  type Modification,
  releaseRest,
  requestModification,
  settleModification,
} from '../../../lambdas/payments/domain/modification.ts';
import { endWaiting } from '../../../lambdas/payments/domain/payer.ts';
import { type Payment, recordDispute, settleCharge } from '../../../lambdas/payments/domain/payment.ts';
import { approved, at, authorized, captured, processing, requested, sealedFields, start } from '../payment_states.ts';

const lost = (row: Payment | Modification) => findLostUpdate('stamp', row, start);

/** Asked for and carried out. */
function done(payment: Payment, kind: 'capture' | 'refund' | 'void', amount: number, id: string) {
  const settled = settleModification(requested(payment, kind, amount, id), approved(kind === 'capture'), start + 3);
  if (settled === null) throw new Error('the story does not allow it');
  return settled.next;
}

function correctedBy(payment: Payment, gone: Payment | Modification, modifications: readonly Modification[]): Payment {
  const change = correct(payment, lost(gone), modifications);
  if (change === 'contradicts') throw new Error('the story contradicts itself');
  return change?.next.payment ?? payment;
}

describe('[RES-4] [PAY-1] a payment whose last write was lost to the other region', () => {
  it('counts a capture that only its own row remembers', () => {
    const before = authorized();
    const { payment: gone, modification } = done(before, 'capture', 600, 'capture_1');
    const change = correct(before, lost(gone), [modification]);
    const payment = { status: 'authorized', amount_captured: 600, capture_reserved: 0 };
    expect(change).toMatchObject({ fact: 'payment.corrected', next: { payment, modification: null } });
    expect(correctedBy(before, gone, [modification]).modifications).toEqual({ capture: 1, refund: 0, void: 0 });
  });

  it('adds what both regions did apart', () => {
    const before = captured();
    const there = done(before, 'refund', 300, 'refund_1');
    const here = done(before, 'refund', 200, 'refund_2');
    const next = correctedBy(here.payment, there.payment, [there.modification, here.modification]);
    expect(next).toMatchObject({ amount_refunded: 500, refund_reserved: 0, amount_captured: 1000 });
  });

  it('holds what a capture or refund that is still processing may move', () => {
    const before = captured();
    const { payment: gone, modification } = requested(before, 'refund', 300);
    const next = correctedBy(before, gone, [modification]);
    expect(next).toMatchObject({ amount_refunded: 0, refund_reserved: 300 });
  });

  it('takes the charge’s outcome, where its own is not known yet', () => {
    const gone = settleCharge(processing(), approved(true), start + 1)?.next;
    const next = gone && correctedBy(processing(), gone, []);
    expect(next).toMatchObject({ status: 'captured', amount_authorized: 1000, amount_captured: 1000, charge: 'ch_1' });
    expect(next?.intent).toMatchObject({ due_at_ms: null, lease_until_ms: null });
  });

  it('keeps an outcome of its own', () => {
    const declined = { kind: 'declined', declineCode: null, message: 'no' } as const;
    const failed = settleCharge(processing(), declined, start + 1)?.next;
    expect(failed && correct(failed, lost(processing()), [])).toBeNull();
  });

  it('remembers a dispute that only the lost write knew, and never an older stage of one', () => {
    const disputed = (payment: Payment, stage: number, open: boolean) =>
      recordDispute(payment, { dispute: 'dp_1', stage, open }, { minor: 1000, currency: 'EUR' })?.next ?? payment;
    const next = correctedBy(captured(), disputed(captured(), 1, true), []);
    expect(next).toMatchObject({ disputed: true, last_dispute: { id: 'dp_1', status: 'open' } });
    const closed = disputed(captured(), 2, false);
    expect(correct(closed, lost(disputed(captured(), 1, true)), [])).toBeNull();
  });

  it('lets go of what the processor let go of', () => {
    const gone = releaseRest(authorized());
    if (gone === null || gone === 'waits') throw new Error('the story does not allow it');
    expect(correctedBy(authorized(), gone.next, [])).toMatchObject({ status: 'canceled', amount_voided: 1000 });
  });

  it('is canceled by a void that only its own row remembers', () => {
    const { payment: gone, modification } = done(authorized(), 'void', 1000, 'void_1');
    expect(correctedBy(authorized(), gone, [modification])).toMatchObject({ status: 'canceled', amount_voided: 1000 });
  });

  it.each([
    ['captured', captured(), []],
    ['authorized', authorized(), []],
    ['processing', processing(), []],
    [
      'in part captured',
      done(authorized(), 'capture', 600, 'capture_1').payment,
      [done(authorized(), 'capture', 600, 'capture_1').modification],
    ],
    [
      'refunded',
      done(captured(), 'refund', 300, 'refund_1').payment,
      [done(captured(), 'refund', 300, 'refund_1').modification],
    ],
    [
      'voided',
      done(authorized(), 'void', 1000, 'void_1').payment,
      [done(authorized(), 'void', 1000, 'void_1').modification],
    ],
  ] as const)('is left alone where nothing is missing: %s', (_, payment, modifications) => {
    expect(correct(payment, lost(payment), modifications)).toBeNull();
    expect(correct(payment, lost(processing()), modifications)).toBeNull();
  });

  it('comes to the same, whoever corrects it and however often', () => {
    const before = captured();
    const there = done(before, 'refund', 300, 'refund_1');
    const once = correctedBy(before, there.payment, [there.modification]);
    expect(correct(once, lost(there.payment), [there.modification])).toBeNull();
  });
});

describe('[RES-4] [PAY-1] money that moved is never money that nobody sees', () => {
  const ended = (status: 'canceled' | 'expired'): Payment =>
    endWaiting({ ...processing(), status: 'requires_action', charge: 'ch_1', reply: sealedFields }, status, true).next;
  const declined = { kind: 'declined', declineCode: null, message: 'no' } as const;
  const failed = settleCharge(processing(), declined, start + 1)?.next ?? processing();

  it.each([
    ['canceled here alone', ended('canceled')],
    ['expired here alone', ended('expired')],
    ['failed', failed],
  ])('where the region that goes on has it %s, and the lost write captured', (_, here) => {
    const next = correctedBy(here, captured(), []);
    expect(next).toMatchObject({ status: 'captured', amount_authorized: 1000, amount_captured: 1000, charge: 'ch_1' });
    expect(next).not.toHaveProperty('open_at_processor');
  });

  it('where one region voided what the other knew to be authorized, nothing is left of it', () => {
    const waiting = { ...processing(), status: 'requires_action', charge: 'ch_1', reply: sealedFields } as const;
    const request = { kind: 'void', id: 'void_1', amount: undefined, sealedFields: null, bodyDigest: '' } as const;
    const asked = requestModification(waiting, { ...request, cancelsWaiting: true }, at(start));
    if ('refused' in asked) throw new Error('the story does not allow it');
    const voided = settleModification(asked.next, approved(false), start + 1)?.next ?? asked.next;
    expect(voided.payment).toMatchObject({ status: 'canceled', amount_authorized: 0 });
    const next = correctedBy(voided.payment, authorized(), [voided.modification]);
    expect(next).toMatchObject({
      status: 'canceled',
      amount_authorized: 1000,
      amount_voided: 1000,
      amount_captured: 0,
    });
    expect(correct(voided.payment, lost(captured()), [voided.modification])).toBe('contradicts');
  });

  it('and no more is taken from a lost write than its payment allows', () => {
    const forged = { ...captured(), amount_authorized: 9_999, released: 5_000 };
    expect(correctedBy(processing(), forged, [])).toMatchObject({ amount_authorized: 1000, amount_captured: 1000 });
    expect(correctedBy(authorized(), { ...authorized(), released: 5_000 }, [])).toMatchObject({ amount_voided: 1000 });
    const many = Array.from({ length: 200 }, (_, each) => `e${each}`);
    expect(correctedBy(captured(), { ...captured(), executions: many }, []).executions).toHaveLength(20);
    const disputes = Object.fromEntries(many.map((id) => [id, { stage: 1, open: true }]));
    const bound = processorEventLimits.disputesPerPayment;
    expect(Object.keys(correctedBy(captured(), { ...captured(), disputes }, []).disputes ?? {})).toHaveLength(bound);
  });

  it.each(['tenant', 'mode'] as const)('a loss of another %s changes nothing', (name) => {
    const other = { ...lost(captured()), [name]: name === 'mode' ? 'live' : 'ten_us_b' } as const;
    expect(correct(processing(), other, [])).toBe('contradicts');
  });

  it('what was captured and let go of is never more than was authorized, and never less than nothing', () => {
    const gone = releaseRest(authorized());
    if (gone === null || gone === 'waits') throw new Error('the story does not allow it');
    const { payment, modification } = done(authorized(), 'capture', 1000, 'capture_1');
    const next = correctedBy(gone.next, payment, [modification]);
    expect(next).toMatchObject({ status: 'captured', amount_captured: 1000, amount_voided: 0 });
    expect(next).not.toHaveProperty('released');
  });

  it('two captures more than was authorized contradict each other, and change nothing', () => {
    const one = done(authorized(), 'capture', 600, 'capture_1');
    const other = done(authorized(), 'capture', 500, 'capture_2');
    expect(correct(one.payment, lost(other.payment), [one.modification, other.modification])).toBe('contradicts');
  });
});

describe('[RES-4] [PAY-2] a capture, refund or void whose last write was lost', () => {
  const asked = requested(captured(), 'refund', 300, 'ref_1');
  const refunded = done(captured(), 'refund', 300, 'ref_1');

  it('has the outcome that its processor told the other region alone', () => {
    const change = correct(asked.payment, lost(refunded.modification), [asked.modification]);
    expect(change).toMatchObject({
      fact: 'payment.corrected',
      next: {
        payment: { amount_refunded: 300, refund_reserved: 0 },
        modification: { status: 'succeeded', intent: { due_at_ms: null, lease_until_ms: null } },
      },
    });
  });

  it('keeps the outcome that came later, and is carried out where more of its executions were done than failed', () => {
    const failed = { ...refunded.modification, status: 'failed', last_error: null } as const;
    const gaveBack = { ...captured(), modifications: { capture: 0, refund: 1, void: 0 } };
    expect(correct(gaveBack, lost(refunded.modification), [failed])).toBeNull();
    const repeated = { ...refunded.modification, executions: ['e1', 'e2'], failed_executions: ['e1'] };
    const change = correct(gaveBack, lost(repeated), [{ ...failed, executions: ['e1'], failed_executions: ['e1'] }]);
    expect(change).toMatchObject({
      next: { modification: { status: 'succeeded' }, payment: { amount_refunded: 300 } },
    });
  });

  it('changes nothing where it says nothing that is not known, or is of a row that is not there', () => {
    expect(correct(refunded.payment, lost(asked.modification), [refunded.modification])).toBeNull();
    expect(correct(captured(), lost(refunded.modification), [])).toBeNull();
  });
});

describe('[RES-4] [PAY-2] captures at the processor’s own pages, which it reports in one sum', () => {
  const adopted = (payment: Payment, id: string, amount: number, ofAll = true) => {
    const request = { kind: 'capture', id, amount, ofAll, sealedFields: null } as const;
    const change = adoptModification(payment, request, at(start + 5));
    if (change === null || typeof change === 'string') throw new Error('the story does not allow it');
    return change.next;
  };

  it('count once, where each region knew another of the sums', () => {
    const [one, other] = [adopted(authorized(), 'cap_1', 300), adopted(authorized(), 'cap_2', 500)];
    const next = correctedBy(other.payment, one.payment, [one.modification, other.modification]);
    expect(next).toMatchObject({ amount_captured: 500, captured_elsewhere: 500 });
    const third = adopted(next, 'cap_3', 800);
    expect(third.payment.amount_captured).toBe(800);
  });

  it('add up, where each is reported by itself', () => {
    const [one, other] = [adopted(authorized(), 'cap_1', 300, false), adopted(authorized(), 'cap_2', 500, false)];
    const next = correctedBy(other.payment, one.payment, [one.modification, other.modification]);
    expect(next.amount_captured).toBe(800);
  });
});

describe('[RES-4] a lost update', () => {
  it('is looked at so often, later each time, and then no more', () => {
    const found = lost(captured());
    const looks = [found, afterLook(found), afterLook(afterLook(found)), afterLook(afterLook(afterLook(found)))];
    expect(looks.map(({ due_at_ms }) => due_at_ms)).toEqual([...limits.looksMs.map((ms) => start + ms), null]);
  });

  it('holds nothing that a merchant wrote, and no reply', () => {
    expect(Object.keys(lost(captured()).written ?? {})).not.toEqual(expect.arrayContaining(['sealed_fields']));
    expect(JSON.stringify(lost(captured()).written)).not.toContain('reply');
  });
});
