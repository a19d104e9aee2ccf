// Attempts, leases and keys: why a provider key is never abandoned while its request may still act.

import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { moneyLimits } from '../../../contract/payments/limits.ts';
import {
  closeIntent,
  Intent,
  leaveOpen,
  mayResend,
  nextAttempt,
  notFoundIsConclusive,
  openIntent,
  providerKey,
  takeLease,
} from '../../../lambdas/payments/domain/intent.ts';
import {
  intentOf,
  isAwaited,
  isOpen,
  type ProcessorOperation,
  settle,
  targetOf,
  toOrder,
  withIntent,
} from '../../../lambdas/payments/domain/operation.ts';
import { approved, authorized, captured, processing, requested, start } from '../payment_states.ts';

const charge = (): ProcessorOperation => ({ payment: processing(), modification: null });
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
  it('a lease that runs cannot be taken; one that ended or was released can', () => {
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
    const provenAt = start + day / 2 + moneyLimits.notFoundConclusiveAfterMs;
    expect(notFoundIsConclusive(openIntent(start), day, provenAt)).toBe(false);
    expect(notFoundIsConclusive(openIntent(start), day, provenAt + 1)).toBe(true);
  });

  it('once the processor holds the charge, only asking is left', () => {
    expect(isAwaited(charge())).toBe(false);
    const waiting = settle(charge(), { kind: 'pending', charge: 'ch_1' }, sent, start);
    expect(waiting && isAwaited(waiting.next)).toBe(true);
  });

  it('a modification’s order names its own id, its payment and the processor’s charge', () => {
    const { payment, modification } = requested(authorized(), 'capture', 300, 'cap_1');
    expect(toOrder({ payment, modification })).toMatchObject({
      kind: 'capture',
      id: 'cap_1',
      reference: payment.id,
      charge: 'ch_1',
      amount: 300,
    });
  });
});

describe('[PAY-1] an intent', () => {
  const opened = {
    attempt: 1,
    attempt_started_at_ms: start,
    lease_until_ms: start + 20_000,
    due_at_ms: start + 20_000,
    recheck_count: 0,
    resumed: false,
  };

  it('is opened, taken, released and closed, and changes in nothing else', () => {
    const later = start + 20_000;
    expect(openIntent(start)).toEqual(opened);
    expect(v.parse(Intent, opened)).toEqual(opened);
    expect(v.is(Intent, {})).toBe(false);
    expect(takeLease(opened, later)).toEqual({
      ...opened,
      lease_until_ms: later + 20_000,
      due_at_ms: later + 20_000,
      resumed: true,
    });
    expect(nextAttempt(opened, later)).toEqual({ ...opened, attempt: 2, attempt_started_at_ms: later });
    expect(closeIntent(opened)).toEqual({ ...opened, lease_until_ms: null, due_at_ms: null });
  });

  it('is looked at again after 15 s, then twice as long each time, then every hour', () => {
    let intent = openIntent(start);
    const pauses: number[] = [];
    for (let look = 0; look < 10; look += 1) {
      intent = leaveOpen(intent, start);
      expect(intent).toEqual({ ...opened, lease_until_ms: null, due_at_ms: intent.due_at_ms, recheck_count: look + 1 });
      pauses.push(((intent.due_at_ms ?? 0) - start) / 1000);
    }
    expect(pauses).toEqual([15, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
  });
});

describe('[PAY-1] a processor operation', () => {
  const capture = requested(authorized(), 'capture', 300, 'cap_1');

  it('is the modification’s where there is one, and the payment’s own otherwise', () => {
    expect(targetOf(charge())).toEqual(processing());
    expect(targetOf(capture)).toBe(capture.modification);
    const intent = { ...openIntent(start), attempt: 7 };
    expect(withIntent(charge(), intent)).toEqual({ payment: { ...processing(), intent }, modification: null });
    expect(withIntent(capture, intent)).toEqual({
      payment: capture.payment,
      modification: { ...capture.modification, intent },
    });
  });

  it('is open until its own outcome is known', () => {
    expect(isOpen(charge())).toBe(true);
    expect(isOpen({ payment: captured(), modification: null })).toBe(false);
    expect(isOpen(capture)).toBe(true);
    expect(isOpen({ ...capture, modification: { ...capture.modification, status: 'failed' } })).toBe(false);
    expect(isAwaited(capture)).toBe(false);
  });

  it('asks for exactly what was wanted', () => {
    expect(toOrder(charge())).toEqual({
      kind: 'charge',
      id: processing().id,
      reference: processing().id,
      amount: 1000,
      currency: 'EUR',
      payment_method: 'pm_test_visa',
      return_url: null,
      expires_at: null,
      held: null,
      capture: true,
      off_session: false,
      keeps: null,
      charge: null,
    });
    const held = { ...processing(), charge: 'ch_1', expires_at: '2027-01-01T01:00:00.000Z' };
    expect(toOrder({ payment: held, modification: null })).toMatchObject({
      charge: null,
      held: 'ch_1',
      expires_at: held.expires_at,
    });
    expect(toOrder({ payment: processing(1000, 'manual'), modification: null }).capture).toBe(false);
  });

  it('that is settled is settled by nothing else', () => {
    expect(settle({ payment: captured(), modification: null }, { kind: 'not_charged' }, sent, start)).toBeNull();
    expect(settle({ payment: captured(), modification: null }, approved(true), sent, start)).toBeNull();
  });

  it('of a modification changes the modification and its payment together', () => {
    const settlement = settle(capture, approved(true), sent, start);
    expect(settlement).toMatchObject({
      fact: 'capture.succeeded',
      again: false,
      next: { payment: { amount_captured: 300 }, modification: { id: 'cap_1', status: 'succeeded' } },
    });
    expect(settle(capture, { kind: 'not_charged' }, sent, start)).toEqual({
      fact: null,
      again: true,
      next: withIntent(capture, nextAttempt(capture.modification.intent, start)),
    });
  });

  it('of a charge has no modification once it is settled', () => {
    const settlement = settle(charge(), approved(true), sent, start);
    expect(settlement?.next).toMatchObject({ payment: { status: 'captured' }, modification: null });
  });
});
