// Attempts, leases and keys: why a provider key is never abandoned while its request may still act.

import { describe, expect, it } from 'vitest';
import { moneyLimits } from '../../contract/limits.ts';
import {
  type Instruction,
  intentOf,
  isAwaited,
  orderOf,
  settle,
  withIntent,
} from '../../lambdas/domain/instruction.ts';
import {
  absenceProves,
  mayResend,
  nextAttempt,
  openIntent,
  providerKey,
  takeLease,
} from '../../lambdas/domain/intent.ts';
import { approved, authorized, processing, requested, start } from './given.ts';

const charge = (): Instruction => ({ payment: processing(), modification: null });
const sent = { attempt: 1, sent: true };

describe('[PAY-1] attempts', () => {
  it('the provider’s key is the object and its attempt', () => {
    expect(providerKey('pay_1', openIntent(start))).toBe('pay_1.1');
    expect(providerKey('pay_1', nextAttempt(openIntent(start), start))).toBe('pay_1.2');
  });

  it('the attempt rises after a known "not charged", and after nothing else', () => {
    expect(settle(charge(), { kind: 'not_charged' }, sent, start)).toMatchObject({ again: true, fact: null });
    for (const fact of [{ kind: 'unknown' }, { kind: 'pending', charge: 'c' }, approved(true)] as const) {
      const settlement = settle(charge(), fact, sent, start);
      expect(settlement?.again).toBe(false);
      expect(settlement && intentOf(settlement.next).attempt).toBe(1);
    }
  });

  it('attempts are bounded: the last "not charged" fails the payment, retriably', () => {
    const second = withIntent(charge(), nextAttempt(intentOf(charge()), start));
    const settlement = settle(second, { kind: 'not_charged' }, { attempt: 2, sent: true }, start);
    expect(settlement).toMatchObject({ again: false, fact: 'payment.failed' });
    expect(settlement?.next.payment.last_error?.retriable).toBe(true);
  });

  it('a look-up that finds nothing fails the payment: after a look-up nothing is ever sent', () => {
    expect(settle(charge(), { kind: 'not_charged' }, { attempt: 1, sent: false }, start)).toMatchObject({
      again: false,
      fact: 'payment.failed',
    });
  });

  it('what is said about an earlier attempt is out of date, unless money moved', () => {
    const second = withIntent(charge(), nextAttempt(intentOf(charge()), start));
    expect(settle(second, { kind: 'declined', declineCode: null, message: '' }, sent, start)).toBeNull();
    expect(settle(second, { kind: 'unknown' }, sent, start)).toBeNull();
    expect(settle(second, approved(true), sent, start)?.fact).toBe('payment.captured');
  });
});

describe('[PAY-1] leases', () => {
  it('a lease that runs cannot be taken; one that ended or was let go can', () => {
    const intent = openIntent(start);
    expect(takeLease(intent, start)).toBeNull();
    expect(takeLease(intent, (intent.lease_until_ms ?? 0) - 1)).toBeNull();
    expect(takeLease(intent, intent.lease_until_ms ?? 0)).not.toBeNull();
    expect(takeLease({ ...intent, lease_until_ms: null }, start)).not.toBeNull();
  });

  it('a request is sent again only within half of the provider’s key lifetime', () => {
    const day = 24 * 3_600_000;
    expect(mayResend(openIntent(start), day, start + day / 2)).toBe(true);
    expect(mayResend(openIntent(start), day, start + day / 2 + 1)).toBe(false);
  });

  it('an order that is not found proves nothing until none of ours can still be on its way', () => {
    const day = 86_400_000;
    const provenAt = start + day / 2 + moneyLimits.absenceProvesAfterMs;
    expect(absenceProves(openIntent(start), day, provenAt)).toBe(false);
    expect(absenceProves(openIntent(start), day, provenAt + 1)).toBe(true);
  });

  it('once the processor holds the charge, only asking is left', () => {
    expect(isAwaited(charge())).toBe(false);
    const waiting = settle(charge(), { kind: 'pending', charge: 'ch_1' }, sent, start);
    expect(waiting && isAwaited(waiting.next)).toBe(true);
  });

  it('a modification’s order names its own id, its payment and the processor’s charge', () => {
    const { payment, modification } = requested(authorized(), 'capture', 300, 'cap_1');
    expect(orderOf({ payment, modification })).toMatchObject({
      kind: 'capture',
      id: 'cap_1',
      reference: payment.id,
      charge: 'ch_1',
      amount: 300,
    });
  });
});
