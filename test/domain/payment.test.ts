// Given a payment, when the processor tells something, then exactly this changes.

import { describe, expect, it } from 'vitest';
import { settleCharge } from '../../lambdas/domain/payment.ts';
import type { ProviderFact } from '../../lambdas/domain/provider_fact.ts';
import { approved, captured, processing, start } from './given.ts';

const waiting: ProviderFact[] = [
  { kind: 'unknown' },
  { kind: 'pending', charge: 'ch_1' },
  { kind: 'in_review', charge: 'ch_1' },
  { kind: 'requires_action', charge: 'ch_1', url: 'https://bank.example/3ds' },
];
const final: ProviderFact[] = [
  approved(true),
  approved(false),
  { kind: 'declined', declineCode: 'insufficient_funds', message: 'Not enough funds.' },
  { kind: 'not_charged' },
];

describe('[PAY-1] settling a charge', () => {
  it('approved and captured: the whole amount is captured, once', () => {
    const change = settleCharge(processing(), approved(true), start);
    expect(change?.fact).toBe('payment.captured');
    expect(change?.next).toMatchObject({
      status: 'captured',
      amount_authorized: 1000,
      amount_captured: 1000,
      charge: 'ch_1',
    });
    expect(change?.next.intent).toMatchObject({ lease_until_ms: null, due_at_ms: null });
  });

  it('approved and not captured: authorized, nothing captured', () => {
    const change = settleCharge(processing(1000, 'manual'), approved(false), start);
    expect(change?.fact).toBe('payment.authorized');
    expect(change?.next).toMatchObject({ status: 'authorized', amount_authorized: 1000, amount_captured: 0 });
  });

  it('declined: failed, with the issuer’s reason, and nothing authorized', () => {
    const change = settleCharge(processing(), final[2] as ProviderFact, start);
    expect(change?.fact).toBe('payment.failed');
    expect(change?.next).toMatchObject({ status: 'failed', amount_authorized: 0, amount_captured: 0 });
    expect(change?.next.last_error).toEqual({
      code: 'card_declined',
      decline_code: 'insufficient_funds',
      message: 'Not enough funds.',
      retriable: false,
    });
  });

  it('unknown: still processing, the lease let go, the sweeper told when to look, and no fact', () => {
    const change = settleCharge(processing(), { kind: 'unknown' }, start);
    expect(change?.fact).toBeNull();
    expect(change?.next.status).toBe('processing');
    expect(change?.next.intent.lease_until_ms).toBeNull();
    expect(change?.next.intent.due_at_ms).toBeGreaterThan(start);
  });

  it('an action asked of the payer is shown, and gone once the outcome is known', () => {
    const asked = settleCharge(processing(), waiting[3] as ProviderFact, start);
    expect(asked?.next).toMatchObject({
      status: 'requires_action',
      next_action: { type: 'redirect', url: 'https://bank.example/3ds' },
    });
    expect(asked && settleCharge(asked.next, approved(true), start)?.next.next_action).toBeNull();
  });

  it.each(final)('a settled payment is never settled again (%o)', (fact) => {
    const once = settleCharge(processing(), fact, start);
    for (const later of [...final, ...waiting]) expect(once && settleCharge(once.next, later, start)).toBeNull();
  });

  it('waiting statuses only go forward', () => {
    const pending = settleCharge(processing(), { kind: 'pending', charge: 'ch_1' }, start);
    const back = pending && settleCharge(pending.next, waiting[3] as ProviderFact, start);
    expect(back?.next.status).toBe('pending');
    expect(back?.fact).toBeNull();
  });

  it('each look that finds nothing new waits longer than the last, up to a bound', () => {
    let payment = processing();
    let last = 0;
    for (let look = 0; look < 30; look += 1) {
      payment = settleCharge(payment, { kind: 'unknown' }, start)?.next ?? payment;
      const pause = (payment.intent.due_at_ms ?? 0) - start;
      expect(pause).toBeGreaterThanOrEqual(last);
      expect(pause).toBeLessThanOrEqual(3_600_000);
      last = pause;
    }
  });

  it('a captured payment bears no more than was asked', () => {
    expect(captured(1)).toMatchObject({ amount: 1, amount_authorized: 1, amount_captured: 1 });
  });
});
