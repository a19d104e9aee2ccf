// Whatever merchants ask, in whatever order processors and people at their pages answer, and whatever contradicts what: amounts
// never add up to more than was authorized, and what is held is what is undecided.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { adoptModification } from '../../../lambdas/payments/domain/adopt_modification.ts';
import { correct, findLostUpdate } from '../../../lambdas/payments/domain/lost_update.ts';
import {
  type Modification,
  type ModificationKind,
  type Modified,
  releaseRest,
  requestModification,
  reverseModification,
  settleModification,
} from '../../../lambdas/payments/domain/modification.ts';
import { awaitsOutcome, type Payment, settleCharge } from '../../../lambdas/payments/domain/payment.ts';
import type { ProviderFact } from '../../../lambdas/processors/domain/fact.ts';
import { at, processing, sealedFields, start } from '../payment_states.ts';

const declined = { kind: 'declined', declineCode: null, message: 'No.' } as const;
const asked = (kind: ModificationKind, amount?: number) => ({ step: 'ask', kind, amount }) as const;
const facts: ProviderFact[] = [
  { kind: 'approved', charge: 'ch_1', captured: true },
  { kind: 'approved', charge: 'ch_1', captured: false },
  { kind: 'requires_action', charge: 'ch_1', url: 'https://bank.example' },
  { kind: 'pending', charge: 'ch_1' },
  { kind: 'not_charged' },
  { kind: 'unknown' },
  declined,
];
const some = fc.constantFrom(undefined, 1, 300, 1000);
const step = fc.oneof(
  fc.record({ step: fc.constant('charge' as const), fact: fc.constantFrom(...facts) }),
  fc.tuple(fc.constantFrom('capture', 'refund'), some).map(([kind, amount]) => asked(kind, amount)),
  fc.constant(asked('void')),
  fc.record({ step: fc.constant('settle' as const), which: fc.nat(9), fact: fc.constantFrom(...facts) }),
  fc.record({ step: fc.constant('reverse' as const), which: fc.nat(9) }),
  fc.constant({ step: 'release' as const }),
  fc.record({
    step: fc.constant('adopt' as const),
    kind: fc.constantFrom('capture' as const, 'refund' as const),
    amount: fc.constantFrom(1, 300, 1000),
    ofAll: fc.boolean(),
  }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

interface Story {
  readonly payment: Payment;
  readonly modifications: readonly Modification[];
}

function after({ payment, modifications }: Story, taking: Step, index: number): Story {
  const now = at(start + index);
  const changedTo = (changed: Modified | undefined): Story =>
    changed === undefined
      ? { payment, modifications }
      : {
          payment: changed.payment,
          modifications: [...modifications.filter(({ id }) => id !== changed.modification.id), changed.modification],
        };
  const alone = (next: Payment | undefined): Story => ({ payment: next ?? payment, modifications });
  const id = `step_${index}`;
  switch (taking.step) {
    case 'charge':
      return alone(settleCharge(payment, taking.fact, now.ms)?.next);
    case 'ask': {
      const { kind, amount } = taking;
      const request = { kind, id, amount, sealedFields, bodyDigest: '', despiteDispute: true, cancelsWaiting: true };
      const decided = requestModification(payment, request, now);
      return changedTo('refused' in decided ? undefined : decided.next);
    }
    case 'adopt': {
      const decided = adoptModification(payment, { ...taking, id, sealedFields }, now);
      return changedTo(decided === null || typeof decided === 'string' ? undefined : decided.next);
    }
    case 'release': {
      const released = releaseRest(payment);
      return alone(released === null || released === 'waits' ? undefined : released.next);
    }
    default: {
      const modification = modifications[taking.which];
      if (modification === undefined) return alone(undefined);
      const both = { payment, modification };
      const changed =
        taking.step === 'settle' ? settleModification(both, taking.fact, now.ms) : reverseModification(both, declined);
      return changedTo(changed?.next);
    }
  }
}

function wrongIn({ payment, modifications }: Story): string[] {
  const { amount_authorized, amount_captured, amount_voided, amount_refunded, refund_reserved, status } = payment;
  const sum = (kinds: readonly ModificationKind[], statuses: readonly string[]) =>
    modifications
      .filter((each) => kinds.includes(each.object) && statuses.includes(each.status))
      .reduce((all, { amount }) => all + amount, 0);
  const rules: readonly (readonly [string, boolean])[] = [
    ['captured and voided are no more than authorized', amount_captured + amount_voided <= amount_authorized],
    ['refunded is no more than captured', amount_refunded + refund_reserved <= amount_captured],
    ['what is held is what is undecided', payment.capture_reserved === sum(['capture', 'void'], ['processing'])],
    ['what is held of refunds is what is undecided', refund_reserved === sum(['refund'], ['processing'])],
    ['what was refunded is what succeeded', amount_refunded === sum(['refund'], ['succeeded'])],
    [
      'an authorized payment has a rest',
      status !== 'authorized' || amount_captured + amount_voided < amount_authorized,
    ],
    ['a canceled or failed payment has no money', !['canceled', 'failed'].includes(status) || amount_captured === 0],
  ];
  return rules.filter(([, holds]) => !holds).map(([rule]) => rule);
}

it('[PAY-2] no story of a payment makes its amounts say more than was authorized', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('automatic' as const, 'manual' as const),
      fc.array(step, { minLength: 3, maxLength: 16 }),
      (method, steps) => {
        const first: Story = { payment: { ...processing(1000, method), reply: sealedFields }, modifications: [] };
        steps.reduce((story, each, index) => {
          const next = after(story, each, index);
          expect(wrongIn(next)).toEqual([]);
          return next;
        }, first);
      },
    ),
    { numRuns: 3_000 },
  );
});

const shownOf = ({ amount, amount_authorized, amount_captured, amount_refunded, amount_voided, ...rest }: Payment) => {
  const { capture_reserved, refund_reserved, status, modifications } = rest;
  return {
    ...{ amount, amount_authorized, amount_captured, amount_refunded, amount_voided },
    ...{ capture_reserved, refund_reserved, status, modifications },
  };
};

it('[RES-4] [PAY-1] what is counted anew of any story is what it says, and what a region lost of one comes back', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('automatic' as const, 'manual' as const),
      fc.array(step, { minLength: 3, maxLength: 16 }),
      fc.nat(16),
      (method, steps, lost) => {
        const first: Story = { payment: { ...processing(1000, method), reply: sealedFields }, modifications: [] };
        const all = [first];
        for (const [index, each] of steps.entries()) all.push(after(all.at(-1) ?? first, each, index));
        const last = all.at(-1) ?? first;
        const gone = findLostUpdate('stamp', last.payment, start);
        expect(correct(last.payment, gone, last.modifications)).toBeNull();
        // The other region went on from an earlier state, and wrote nothing of what it had not seen.
        const before = all[Math.min(lost, steps.length)] ?? first;
        const change = correct(before.payment, gone, last.modifications);
        if (change === 'contradicts') throw new Error('two parts of one story contradict each other');
        const corrected = change?.next.payment ?? before.payment;
        // What waits for its outcome is looked up by the reconciler, wherever it stands.
        const { status } = awaitsOutcome(last.payment) ? corrected : last.payment;
        expect(shownOf(corrected)).toEqual({ ...shownOf(last.payment), status });
        expect(awaitsOutcome(corrected)).toBe(awaitsOutcome(last.payment));
      },
    ),
    { numRuns: 3_000 },
  );
});

it('[PAY-2] a void of what waited for its payer that succeeds although money came stays unknown', () => {
  const waiting = settleCharge(
    processing(),
    { kind: 'requires_action', charge: 'ch_1', url: 'https://b.example' },
    start,
  );
  const payment = { ...(waiting?.next ?? processing()), reply: sealedFields };
  const request = { kind: 'void', id: 'void_1', amount: undefined, sealedFields: null, bodyDigest: '' } as const;
  const asked = requestModification(payment, { ...request, cancelsWaiting: true }, at(start));
  if ('refused' in asked) throw new Error('it was refused');
  const { payment: held, modification } = asked.next;
  const paid = settleCharge(held, { kind: 'approved', charge: 'ch_1', captured: true }, start);
  const both = { payment: paid?.next ?? held, modification };
  const done = settleModification(both, { kind: 'approved', charge: 'ch_1', captured: false }, start + 1);
  expect(done).toMatchObject({
    fact: null,
    next: {
      payment: { status: 'captured', amount_captured: 1000, amount_voided: 0 },
      modification: { status: 'processing' },
    },
  });
});
