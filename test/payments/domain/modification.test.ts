// Captures, refunds and voids: bounds, reservations, and money that is conserved under every interleaving.

import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { derivedId } from '../../../lambdas/kernel/platform/ids.ts';
import {
  capturable,
  Modification,
  type ModificationKind,
  modificationKinds,
  publicModification,
  refundable,
  requestModification,
  settleModification,
} from '../../../lambdas/payments/domain/modification.ts';
import type { Payment } from '../../../lambdas/payments/domain/payment.ts';
import type { ProviderFact } from '../../../lambdas/processors/domain/fact.ts';
import { approved, at, authorized, captured, processing, requested, sealedFields, start } from '../payment_states.ts';

const declined: ProviderFact = { kind: 'declined', declineCode: null, message: 'No.' };

const refusal = (payment: Payment, kind: ModificationKind, amount?: number) => {
  const decided = requestModification(
    payment,
    { kind, id: 'x', amount, sealedFields: null, bodyDigest: '' },
    at(start),
  );
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
              sealedFields: null,
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

describe('[PAY-1] a modification', () => {
  const base = { capture: authorized(), refund: captured(), void: authorized() };
  const open = { lease_until_ms: start + 20_000, due_at_ms: start + 20_000, recheck_count: 0, resumed: false };

  it.each(modificationKinds)('a %s reserves its amount, counts, and begins without an outcome', (kind) => {
    const payment = base[kind];
    const request = { kind, id: 'x_1', amount: 300, sealedFields, bodyDigest: '1.z' };
    expect(requestModification(payment, request, at(start))).toEqual({
      fact: `${kind}.created`,
      next: {
        payment: {
          ...payment,
          capture_reserved: kind === 'refund' ? 0 : 300,
          refund_reserved: kind === 'refund' ? 300 : 0,
          modifications: { capture: 0, refund: 0, void: 0, [kind]: 1 },
        },
        modification: {
          id: 'x_1',
          object: kind,
          tenant: payment.tenant,
          mode: payment.mode,
          status: 'processing',
          amount: 300,
          currency: 'EUR',
          payment: payment.id,
          sealed_fields: sealedFields,
          last_error: null,
          created_at: '2027-01-01T00:00:00.000Z',
          intent: { attempt: 1, attempt_started_at_ms: start, ...open },
          executions: [],
          failed_executions: [],
          body_digest: '1.z',
          reply: null,
        },
      },
    });
  });

  it.each(modificationKinds)('a %s is read as it was written, and shown without what is ours', (kind) => {
    const { modification } = requested(base[kind], kind, 300, derivedId(kind, 'us', ['x']));
    expect(v.parse(Modification, modification)).toEqual(modification);
    expect(v.is(Modification, { ...modification, object: 'charge' })).toBe(false);
    expect(v.is(Modification, { ...modification, status: 'done' })).toBe(false);
    expect(v.is(Modification, { ...modification, tenant: undefined })).toBe(false);
    const shown = v.parse(publicModification[kind], { ...modification, reason: null });
    expect(shown).not.toHaveProperty('sealed_fields');
    expect(shown).toMatchObject({ object: kind, amount: 300 });
    expect(shown).not.toHaveProperty('tenant');
  });

  it.each([
    ['capture', 'amount_exceeds_authorized'],
    ['refund', 'amount_exceeds_captured'],
    ['void', 'payment_not_voidable'],
  ] as const)('a %s takes at least 1 and at most what is left', (kind, code) => {
    for (const amount of [-1, 0, 1001]) expect(refusal(base[kind], kind, amount)).toBe(code);
    for (const amount of [1, 1000, undefined]) expect(refusal(base[kind], kind, amount)).toBeNull();
  });

  it('what is left is neither moved nor held', () => {
    const payment = {
      ...authorized(),
      amount_captured: 400,
      amount_voided: 100,
      capture_reserved: 50,
      amount_refunded: 30,
      refund_reserved: 7,
    };
    expect(capturable(payment)).toBe(450);
    expect(refundable(payment)).toBe(363);
  });

  it.each([
    ['capture', 'amount_captured', 'capture_reserved'],
    ['refund', 'amount_refunded', 'refund_reserved'],
    ['void', 'amount_voided', 'capture_reserved'],
  ] as const)('a %s that succeeds moves what it held, once', (kind, moved, held) => {
    const before = requested(base[kind], kind, 300);
    const closed = { ...before.modification.intent, lease_until_ms: null, due_at_ms: null };
    const change = settleModification(before, approved(true), start);
    expect(change).toEqual({
      fact: `${kind}.succeeded`,
      next: {
        payment: { ...before.payment, [moved]: 300, [held]: 0 },
        modification: { ...before.modification, status: 'succeeded', intent: closed },
      },
    });
    for (const fact of [approved(true), declined, { kind: 'not_charged' }, { kind: 'unknown' }] as ProviderFact[])
      expect(change && settleModification(change.next, fact, start)).toBeNull();
  });

  it.each(modificationKinds)('a %s that fails gives back what it held, and says why', (kind) => {
    const before = requested(base[kind], kind, 300);
    const closed = { ...before.modification.intent, lease_until_ms: null, due_at_ms: null };
    const failed = (last_error: object) => ({
      fact: `${kind}.failed`,
      next: {
        payment: { ...base[kind], modifications: before.payment.modifications },
        modification: { ...before.modification, status: 'failed', intent: closed, last_error },
      },
    });
    const refused = { kind: 'declined', declineCode: 'expired_card', rawDeclineCode: '54', message: 'No.' } as const;
    expect(settleModification(before, refused, start)).toEqual(
      failed({
        code: `${kind}_declined`,
        decline_code: 'expired_card',
        raw_decline_code: '54',
        message: 'No.',
        retriable: false,
      }),
    );
    expect(settleModification(before, { kind: 'not_charged' }, start)).toMatchObject(
      failed({ code: 'processor_unavailable', retriable: true }),
    );
  });

  it.each<ProviderFact>([
    { kind: 'unknown' },
    { kind: 'pending', charge: 'ch_1' },
    { kind: 'in_review', charge: 'ch_1' },
    { kind: 'requires_action', charge: 'ch_1', url: 'https://bank.example' },
  ])('%o leaves all as it is, but for when to look again', (fact) => {
    const before = requested(authorized(), 'capture', 300);
    const intent = { ...before.modification.intent, lease_until_ms: null, due_at_ms: start + 15_000, recheck_count: 1 };
    expect(settleModification(before, fact, start)).toEqual({
      fact: null,
      next: { payment: before.payment, modification: { ...before.modification, intent } },
    });
  });
});
