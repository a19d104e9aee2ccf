// A refused set-up fails what it was asked for, and only that; and nothing waits for ever: after the longest time that anything
// takes it is unresolved, and only the processor's own word still settles it.

import { describe, expect, it } from 'vitest';
import { moneyLimits as limits } from '../../../contract/payments/limits.ts';
import { takeLease } from '../../../lambdas/payments/domain/intent.ts';
import { modificationKinds, requestModification } from '../../../lambdas/payments/domain/modification.ts';
import {
  isOpen,
  type ProcessorOperation,
  settle,
  settleNotification,
  withIntent,
} from '../../../lambdas/payments/domain/operation.ts';
import type { ProviderFact } from '../../../lambdas/processors/domain/fact.ts';
import { approved, at, authorized, captured, processing, sealedFields, start } from '../payment_states.ts';

const sent = { attempt: 1, sent: true };
const longAfter = start + limits.unresolvedAfterMs + 1;
const charge = (): ProcessorOperation => ({ payment: processing(), modification: null });
const modified = (kind: (typeof modificationKinds)[number]): ProcessorOperation => {
  const payment = kind === 'refund' ? captured() : authorized();
  const asked = requestModification(
    payment,
    { kind, id: 'x_1', amount: 300, sealedFields, bodyDigest: '1.z' },
    at(start),
  );
  if ('refused' in asked) throw new Error(asked.refused);
  return asked.next;
};
const all = (): ProcessorOperation[] => [charge(), ...modificationKinds.map(modified)];
const inconclusive: ProviderFact[] = [
  { kind: 'unknown' },
  { kind: 'pending', charge: 'ch_1' },
  { kind: 'in_review', charge: 'ch_1' },
  { kind: 'requires_action', charge: 'ch_1', url: 'https://bank.example/' },
];

describe('[PAY-1] a set-up that the processor refuses', () => {
  it('fails what was asked for first, with a reason of its own, and gives back what it held', () => {
    for (const operation of all()) {
      const settled = settle(operation, { kind: 'misconfigured' }, sent, start);
      const target = settled?.next.modification ?? settled?.next.payment;
      expect(target).toMatchObject({
        status: 'failed',
        last_error: { code: 'processor_misconfigured', retriable: false },
      });
      expect(settled?.next.payment).toMatchObject({ capture_reserved: 0, refund_reserved: 0 });
    }
  });

  it('says nothing of what may have been sent before under the same key', () => {
    for (const operation of all()) {
      const { intent } = operation.modification ?? operation.payment;
      const resumed = takeLease({ ...intent, lease_until_ms: null }, start);
      const once = settle(operation, { kind: 'unknown' }, sent, start);
      const before = [withIntent(operation, resumed ?? intent), once?.next ?? operation];
      for (const each of before) {
        const settled = settle(each, { kind: 'misconfigured' }, sent, start);
        expect(settled && isOpen(settled.next)).toBe(true);
      }
      const looked = settle(operation, { kind: 'misconfigured' }, { attempt: 1, sent: false }, start);
      expect(looked && isOpen(looked.next)).toBe(true);
    }
  });
});

describe('[PAY-1] nothing waits for ever', () => {
  it.each(inconclusive)(
    'after the longest time that anything takes it is unresolved, holds what it held, and nobody looks (%o)',
    (fact) => {
      for (const operation of all()) {
        expect(settle(operation, fact, sent, longAfter - 1)?.fact ?? '').not.toMatch(/unresolved/);
        const settled = settle(operation, fact, sent, longAfter);
        const { object, status, intent } = settled?.next.modification ?? settled?.next.payment ?? charge().payment;
        expect([settled?.fact, status]).toEqual([`${object}.unresolved`, 'unresolved']);
        expect([intent.due_at_ms, intent.lease_until_ms]).toEqual([null, null]);
        const { capture_reserved, refund_reserved } = operation.payment;
        expect(settled?.next.payment).toMatchObject({ capture_reserved, refund_reserved });
        const again = settled && settle(settled.next, fact, sent, longAfter + 1);
        expect(again?.fact).toBeNull();
        expect(again?.next).toEqual(settled?.next);
      }
    },
  );

  it('the processor’s own word still settles it', () => {
    for (const operation of all()) {
      const { next } = settle(operation, { kind: 'unknown' }, sent, longAfter) ?? { next: operation };
      const { object } = next.modification ?? next.payment;
      const done = settleNotification(next, approved(object === 'payment' || object === 'capture'), longAfter + 1);
      expect(done?.fact).toBe(object === 'payment' ? 'payment.captured' : `${object}.succeeded`);
    }
  });
});
