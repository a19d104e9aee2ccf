// Payments whose last write was lost to the other region: what is missing comes back, and what was right stays.

import { describe, expect, it } from 'vitest';
import { lostUpdateLimits as limits } from '../../../contract/payments/limits.ts';
import { afterLook, correct, findLostUpdate } from '../../../lambdas/payments/domain/lost_update.ts';
import { type Modification, releaseRest, settleModification } from '../../../lambdas/payments/domain/modification.ts';
import { type Payment, recordDispute, settleCharge } from '../../../lambdas/payments/domain/payment.ts';
import { approved, authorized, captured, processing, requested, start } from '../payment_states.ts';

const lost = (payment: Payment) => findLostUpdate('stamp', payment, start);

/** Asked for and carried out. */
function done(payment: Payment, kind: 'capture' | 'refund' | 'void', amount: number, id: string) {
  const settled = settleModification(requested(payment, kind, amount, id), approved(kind === 'capture'), start + 3);
  if (settled === null) throw new Error('the story does not allow it');
  return settled.next;
}

const correctedBy = (payment: Payment, gone: Payment, modifications: readonly Modification[]): Payment =>
  correct(payment, lost(gone), modifications)?.next ?? payment;

describe('[RES-4] [PAY-1] a payment whose last write was lost to the other region', () => {
  it('counts a capture that only its own row remembers', () => {
    const before = authorized();
    const { payment: gone, modification } = done(before, 'capture', 600, 'capture_1');
    const change = correct(before, lost(gone), [modification]);
    expect(change?.fact).toBe('payment.corrected');
    expect(change?.next).toMatchObject({ status: 'authorized', amount_captured: 600, capture_reserved: 0 });
    expect(change?.next.modifications).toEqual({ capture: 1, refund: 0, void: 0 });
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

describe('[RES-4] a lost update', () => {
  it('is looked at so often, later each time, and then no more', () => {
    const found = lost(captured());
    const looks = [found, afterLook(found), afterLook(afterLook(found)), afterLook(afterLook(afterLook(found)))];
    expect(looks.map(({ due_at_ms }) => due_at_ms)).toEqual([...limits.looksMs.map((ms) => start + ms), null]);
  });

  it('holds nothing that a merchant wrote, and no reply', () => {
    expect(Object.keys(lost(captured()).written)).not.toEqual(expect.arrayContaining(['sealed_fields']));
    expect(JSON.stringify(lost(captured()).written)).not.toContain('reply');
  });
});
