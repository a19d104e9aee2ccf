// Captures, refunds and voids: bounds, reservations, and money that is conserved under every interleaving.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Modification,
  type ModificationKind,
  modificationKinds,
  requestModification,
  settleModification,
} from '../../lambdas/domain/modification.ts';
import type { Payment } from '../../lambdas/domain/payment.ts';
import type { ProviderFact } from '../../lambdas/domain/provider_fact.ts';
import { approved, at, authorized, captured, processing, requested, start } from './given.ts';

const declined: ProviderFact = { kind: 'declined', declineCode: null, message: 'No.' };

const refusal = (payment: Payment, kind: ModificationKind, amount?: number) => {
  const decided = requestModification(payment, { kind, id: 'x', amount, reason: undefined, bodyDigest: '' }, at(start));
  return 'refused' in decided ? decided.refused : null;
};

const settled = (
  payment: Payment,
  kind: ModificationKind,
  amount?: number,
  fact: ProviderFact = approved(true),
): Payment => {
  const reserved = requested(payment, kind, amount);
  return settleModification(reserved, fact, start)?.next.payment ?? payment;
};

describe('[PAY-1] captures', () => {
  it('a capture without an amount takes all that is left, and the payment is captured', () => {
    expect(settled(authorized(), 'capture')).toMatchObject({
      status: 'captured',
      amount_captured: 1000,
      capture_reserved: 0,
    });
  });

  it('a partial capture leaves the payment authorized', () => {
    expect(settled(authorized(), 'capture', 400)).toMatchObject({ status: 'authorized', amount_captured: 400 });
  });

  it('what one capture reserved, another cannot take', () => {
    const { payment } = requested(authorized(), 'capture', 700);
    expect(refusal(payment, 'capture', 301)).toBe('amount_exceeds_authorized');
    expect(refusal(payment, 'capture', 300)).toBeNull();
  });

  it('a declined capture gives its reservation back', () => {
    expect(settled(authorized(), 'capture', 700, declined)).toMatchObject({ amount_captured: 0, capture_reserved: 0 });
  });

  it('an unknown outcome keeps the reservation', () => {
    const reserved = requested(authorized(), 'capture', 700);
    const change = settleModification(reserved, { kind: 'unknown' }, start);
    expect(change?.fact).toBeNull();
    expect(change?.next.payment.capture_reserved).toBe(700);
    expect(change?.next.modification.status).toBe('processing');
  });

  it.each([processing(), captured(), { ...captured(), status: 'failed' } as Payment])(
    'only an authorized payment can be captured ($status)',
    (payment) => {
      expect(refusal(payment, 'capture', 1)).toBe('payment_not_capturable');
    },
  );
});

describe('[PAY-1] refunds', () => {
  it('a refund beyond what is captured changes nothing', () => {
    expect(refusal(captured(), 'refund', 1001)).toBe('amount_exceeds_captured');
  });

  it('what is refunded in full can be refunded no more', () => {
    expect(refusal(settled(captured(), 'refund'), 'refund')).toBe('amount_exceeds_captured');
  });

  it('what is not captured cannot be refunded', () => {
    expect(refusal(authorized(), 'refund', 1)).toBe('payment_not_refundable');
  });
});

describe('[PAY-1] voids', () => {
  it('wholly voided is canceled', () => {
    expect(settled(authorized(), 'void')).toMatchObject({ status: 'canceled', amount_voided: 1000 });
  });

  it('the rest voided after a partial capture is captured', () => {
    const partly = settled(authorized(), 'capture', 400);
    expect(settled(partly, 'void')).toMatchObject({ status: 'captured', amount_captured: 400, amount_voided: 600 });
  });

  it('while a capture is in flight nothing is voided: it may yet give its amount back', () => {
    expect(refusal(requested(authorized(), 'capture', 400).payment, 'void')).toBe('payment_not_voidable');
  });
});

describe('[PAY-1] money is conserved', () => {
  it('a payment takes a bounded number of modifications', () => {
    expect(refusal({ ...captured(), modifications: { capture: 100, refund: 0, void: 0 } }, 'refund', 1)).toBeNull();
    const full = { ...captured(), modifications: { capture: 0, refund: 100, void: 0 } };
    expect(refusal(full, 'refund', 1)).toBe('too_many_modifications');
  });

  it('under any interleaving of requests and answers, repeated and out-of-date ones too', () => {
    const facts: ProviderFact[] = [approved(true), declined, { kind: 'not_charged' }, { kind: 'unknown' }];
    const step = fc.oneof(
      fc.record({
        kind: fc.constantFrom(...modificationKinds),
        amount: fc.option(fc.integer({ min: 1, max: 700 }), { nil: undefined }),
      }),
      fc.record({ answer: fc.nat(), fact: fc.constantFrom(...facts) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.boolean(), (steps, manual) => {
        let payment = manual ? authorized() : captured();
        const modifications: Modification[] = [];
        for (const [index, one] of steps.entries()) {
          if ('kind' in one) {
            const request = {
              kind: one.kind,
              id: String(index),
              amount: one.amount,
              reason: undefined,
              bodyDigest: '',
            };
            const decided = requestModification(payment, request, at(start));
            if ('refused' in decided) continue;
            payment = decided.next.payment;
            modifications.push(decided.next.modification);
          } else if (modifications.length > 0) {
            const which = one.answer % modifications.length;
            const change = settleModification(
              { payment, modification: modifications[which] as Modification },
              one.fact,
              start,
            );
            if (change === null) continue;
            payment = change.next.payment;
            modifications[which] = change.next.modification;
          }
          const sum = (kind: ModificationKind, status: Modification['status']) =>
            modifications.filter((m) => m.object === kind && m.status === status).reduce((all, m) => all + m.amount, 0);
          expect(payment.amount_captured).toBe((manual ? 0 : 1000) + sum('capture', 'succeeded'));
          expect(payment.amount_refunded).toBe(sum('refund', 'succeeded'));
          expect(payment.amount_voided).toBe(sum('void', 'succeeded'));
          expect(payment.capture_reserved).toBe(sum('capture', 'processing') + sum('void', 'processing'));
          expect(payment.refund_reserved).toBe(sum('refund', 'processing'));
          expect(payment.amount_captured + payment.amount_voided + payment.capture_reserved).toBeLessThanOrEqual(
            payment.amount_authorized,
          );
          expect(payment.amount_refunded + payment.refund_reserved).toBeLessThanOrEqual(payment.amount_captured);
          const closed = payment.amount_captured + payment.amount_voided === payment.amount_authorized;
          expect(payment.status).toBe(!closed ? 'authorized' : payment.amount_captured === 0 ? 'canceled' : 'captured');
        }
      }),
      { numRuns: 300 },
    );
  });
});
