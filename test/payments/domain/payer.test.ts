// What becomes of a payment whose payer chooses how to pay: pure.

import { describe, expect, it } from 'vitest';
import { moneyLimits } from '../../../contract/payments/limits.ts';
import { requestModification, settleModification } from '../../../lambdas/payments/domain/modification.ts';
import { settle, settleNotification } from '../../../lambdas/payments/domain/operation.ts';
import { endWaiting, hasExpired, isCanceling, waitsForPayer } from '../../../lambdas/payments/domain/payer.ts';
import { createPayment, type Payment, settleCharge } from '../../../lambdas/payments/domain/payment.ts';
import type { ProviderFact } from '../../../lambdas/processors/domain/fact.ts';
import { at, sealedFields, start } from '../payment_states.ts';

const client = { provider: 'test', url: 'https://processor.example/fields/ch_1' } as const;
const opened: ProviderFact = { kind: 'requires_payment_method', charge: 'ch_1', client, failed: null };
const failed: ProviderFact = {
  kind: 'requires_payment_method',
  charge: 'ch_1',
  client: null,
  failed: { declineCode: 'insufficient_funds', message: 'No.' },
};
const approved: ProviderFact = { kind: 'approved', charge: 'ch_1', captured: true };
const ended: ProviderFact = { kind: 'declined', declineCode: null, message: 'Canceled.', ended: true };

const endMs = start + 600_000;
const asked = (): Payment =>
  createPayment(
    {
      id: 'pay_us_aaaaaaaaaaaaaaaaaaaaaaaaaa',
      tenant: 'ten',
      mode: 'test',
      processor: 'x',
      bodyDigest: '1.x',
      expiresAt: new Date(endMs).toISOString(),
    },
    { amount: 1000, currency: 'EUR', capture_method: 'automatic' },
    sealedFields,
    at(start),
  ).next;
const open = (): Payment => {
  const change = settleCharge(asked(), opened, start);
  if (change === null) throw new Error('not opened');
  return { ...change.next, reply: sealedFields };
};
const sent = { attempt: 1, sent: true };
const whole = (payment: Payment) => ({ payment, modification: null });

describe('[PAY-1] a payment whose payer chooses', () => {
  it('waits for its payer from the answer that opens it on, and hands over what the page needs', () => {
    const settlement = settle(whole(asked()), opened, sent, start);
    expect(settlement).toMatchObject({
      fact: 'payment.requires_payment_method',
      client,
      next: { payment: { status: 'requires_payment_method', charge: 'ch_1', intent: { lease_until_ms: null } } },
    });
    expect(waitsForPayer(open())).toBe(true);
    expect(waitsForPayer({ ...open(), reply: null })).toBe(false);
  });

  it('is not opened by a report, which holds nothing for the page', () => {
    const report = { ...opened, client: null } as const;
    expect(settleNotification(whole(asked()), report, start)).toBeNull();
    expect(settle(whole(asked()), report, sent, start)?.next.payment.status).toBe('processing');
  });

  it('tells of each attempt that failed once, and may be paid afterwards', () => {
    const first = settleNotification(whole(open()), failed, start);
    expect(first).toMatchObject({
      fact: 'payment.attempt_failed',
      next: { payment: { status: 'requires_payment_method', last_error: { decline_code: 'insufficient_funds' } } },
    });
    const after = first?.next.payment ?? open();
    expect(settleNotification(whole(after), failed, start)).toBeNull();
    expect(settleNotification(whole(after), approved, start)?.next.payment).toMatchObject({ status: 'captured' });
  });

  it('goes back to the choice after a challenge that failed', () => {
    const challenge: ProviderFact = { kind: 'requires_component', charge: 'ch_1', client: null };
    const challenged = settleNotification(whole(open()), challenge, start)?.next.payment ?? open();
    expect(challenged).toMatchObject({ status: 'requires_action', next_action: { type: 'component' } });
    const back = settleNotification(whole(challenged), failed, start)?.next.payment;
    expect(back).toMatchObject({ status: 'requires_payment_method', next_action: null });
  });

  it('leaves a payment that has its payment method as it is', () => {
    const charged = { ...asked(), payment_method: 'pm_test_visa' };
    expect(settle(whole(charged), opened, sent, start)?.next.payment.status).toBe('processing');
    const challenge: ProviderFact = { kind: 'requires_component', charge: 'ch_1', client: null };
    expect(settle(whole(charged), challenge, sent, start)?.next.payment.status).toBe('processing');
  });

  it('fails for good where the processor refuses to open it', () => {
    const refused: ProviderFact = { kind: 'declined', declineCode: null, message: 'No.' };
    expect(settle(whole(asked()), refused, sent, start)).toMatchObject({
      fact: 'payment.failed',
      next: { payment: { status: 'failed' } },
    });
  });

  it('is looked at when its payer’s time is over, and not when it is older than that', () => {
    const almost = { ...open().intent, recheck_count: 20 };
    const late = settle(whole({ ...open(), intent: almost }), { kind: 'unknown' }, sent, start);
    expect(late?.next.payment.intent.due_at_ms).toBe(endMs);
    const change = settleCharge({ ...asked(), intent: { ...asked().intent, recheck_count: 20 } }, opened, start);
    expect(change?.next.intent.due_at_ms).toBe(endMs);
    expect(settleCharge({ ...asked(), intent: almost }, opened, endMs)?.next.intent.due_at_ms).toBe(
      endMs + moneyLimits.recheckMaxMs,
    );
    expect([hasExpired(open(), endMs - 1), hasExpired(open(), endMs)]).toEqual([false, true]);
    expect(hasExpired({ ...open(), expires_at: null }, endMs)).toBe(false);
  });
});

describe('[PAY-1] the end of a payment that waits for its payer', () => {
  const ending = (ends: 'canceled' | 'expired') => {
    const request = { kind: 'void', id: 'void_1', amount: undefined, sealedFields: null, bodyDigest: '' } as const;
    const decided = requestModification(open(), { ...request, cancelsWaiting: true, ends }, at(start));
    if ('refused' in decided) throw new Error(decided.refused);
    return decided.next;
  };

  it.each(['canceled', 'expired'] as const)('%s: holds the whole until the processor has ended it', (ends) => {
    const asking = ending(ends);
    expect(isCanceling(asking.payment)).toBe(true);
    expect(waitsForPayer(asking.payment)).toBe(false);
    const done = settleModification(asking, { kind: 'approved', charge: 'ch_1', captured: false }, start);
    expect(done).toMatchObject({
      fact: `payment.${ends}`,
      next: { payment: { status: ends, capture_reserved: 0, amount_voided: 0 }, modification: { status: 'succeeded' } },
    });
  });

  it('is the void’s to tell, though the processor reports it first', () => {
    const { payment, modification } = ending('expired');
    expect(settleNotification(whole(payment), ended, start)).toBeNull();
    const done = settleModification(
      { payment, modification },
      { kind: 'approved', charge: 'c', captured: false },
      start,
    );
    expect(done?.next.payment.status).toBe('expired');
  });

  it('at the processor’s own pages cancels it', () => {
    expect(settleNotification(whole(open()), ended, start)).toMatchObject({
      fact: 'payment.canceled',
      next: { payment: { status: 'canceled', last_error: null } },
    });
  });

  it('lets the payer who was faster win', () => {
    const { payment, modification } = ending('canceled');
    const paid = settleNotification(whole(payment), approved, start)?.next.payment ?? payment;
    const refused: ProviderFact = { kind: 'declined', declineCode: null, message: 'Too late.' };
    const lost = settleModification({ payment: paid, modification }, refused, start);
    expect(lost).toMatchObject({
      fact: 'void.failed',
      next: { payment: { status: 'captured', amount_captured: 1000, capture_reserved: 0 } },
    });
  });

  it('here alone records what its payer still pays; where the processor ended it nothing comes late', () => {
    const here = endWaiting(open(), 'canceled', true).next;
    expect(settleNotification(whole(here), approved, start)).toMatchObject({
      fact: 'payment.captured',
      next: { payment: { status: 'captured', amount_captured: 1000, open_at_processor: undefined } },
    });
    expect(settleNotification(whole(here), failed, start)).toBeNull();
    expect(settleNotification(whole(endWaiting(open(), 'canceled').next), approved, start)).toBeNull();
  });
});
