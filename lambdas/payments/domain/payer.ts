// A payment that waits for its payer: when it does, and how it ends where nobody paid. Pure.

import type { Change } from '../../kernel/domain/decision.ts';
import { closeIntent } from './intent.ts';
import { awaitsOutcome, type Payment } from './payment.ts';

/** It is its payer's turn, and the first reply has said so: nobody else works on it. */
export const waitsForPayer = (payment: Payment): boolean =>
  (payment.status === 'requires_payment_method' || payment.status === 'requires_action') &&
  payment.charge !== null &&
  payment.reply !== null &&
  payment.capture_reserved === 0;

/** Whether what its payer does next decides about it. */
export const isAtPayer = (payment: Payment): boolean => awaitsOutcome(payment) && payment.status !== 'processing';

/** A cancellation is under way: the whole of what nobody has authorized yet is held. */
export const isCanceling = ({ amount_authorized, capture_reserved }: Payment): boolean =>
  amount_authorized === 0 && capture_reserved > 0;

/** Whether its payer's time is over. */
export const hasExpired = (payment: Payment, nowMs: number): boolean =>
  waitsForPayer(payment) && payment.expires_at !== null && nowMs >= Date.parse(payment.expires_at);

/** `openAtProcessor`: the processor has no way to end it, and what its payer still pays is recorded (`mayComeLate`). */
export const endWaiting = (payment: Payment, as: 'canceled' | 'expired', openAtProcessor = false): Change<Payment> => ({
  fact: `payment.${as}`,
  next: {
    ...payment,
    status: as,
    next_action: null,
    charge_secrets: undefined,
    ...(openAtProcessor && { open_at_processor: true }),
    intent: closeIntent(payment.intent),
  },
});
