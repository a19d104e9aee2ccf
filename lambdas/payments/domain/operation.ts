// An instruction is what has to be carried to the processor: a payment's own charge, or one modification of it.
// Handler, sweeper and provider webhooks all settle it through `settle`, under a version condition.

import type { EventType } from '../../../contract/kernel/vocabulary.ts';
import { moneyLimits as limits } from '../../../contract/payments/limits.ts';
import type { Order, ProviderFact } from '../../processors/domain/fact.ts';
import { type Intent, nextAttempt } from './intent.ts';
import { type Modification, reverseModification, settleModification } from './modification.ts';
import { awaitsOutcome, type Payment, settleCharge } from './payment.ts';

/** `modification` is null where the charge itself is meant. */
export interface ProcessorOperation {
  readonly payment: Payment;
  readonly modification: Modification | null;
}

/** The object that asks, and that holds the intent and the first reply. */
export const subjectOf = ({ payment, modification }: ProcessorOperation): Payment | Modification =>
  modification ?? payment;

export const intentOf = (instruction: ProcessorOperation): Intent => subjectOf(instruction).intent;

export const isOpen = ({ payment, modification }: ProcessorOperation): boolean =>
  modification === null ? awaitsOutcome(payment) : modification.status === 'processing';

/** Once the processor holds the charge and only time or people are awaited, asking is enough: nothing may be sent. */
export const isAwaited = ({ payment, modification }: ProcessorOperation): boolean =>
  modification === null && payment.status !== 'processing';

export const withIntent = ({ payment, modification }: ProcessorOperation, intent: Intent): ProcessorOperation =>
  modification === null
    ? { payment: { ...payment, intent }, modification }
    : { payment, modification: { ...modification, intent } };

export const orderOf = ({ payment, modification }: ProcessorOperation): Order => ({
  kind: modification?.object ?? 'charge',
  id: modification?.id ?? payment.id,
  reference: payment.id,
  amount: modification?.amount ?? payment.amount,
  currency: payment.currency,
  payment_method: payment.payment_method,
  // Whoever sends the order opens what is only sent.
  return_url: null,
  capture: payment.capture_method === 'automatic',
  charge: modification === null ? null : payment.charge,
});

export interface Settlement {
  readonly next: ProcessorOperation;
  readonly fact: EventType | null;
  /** The provider did nothing and never will under this key: send again under the next one. */
  readonly again: boolean;
}

/**
 * What a provider's fact about attempt `attempt` makes of the instruction. Null: it changes nothing.
 * `sent` tells an answer to a request from the result of a look-up, after which nothing is ever sent.
 */
export function settle(
  instruction: ProcessorOperation,
  fact: ProviderFact,
  about: { readonly attempt: number; readonly sent: boolean },
  nowMs: number,
): Settlement | null {
  if (!isOpen(instruction)) return null;
  const intent = intentOf(instruction);
  // Money that moved counts whoever moved it; anything else said about an earlier attempt is out of date.
  if (about.attempt !== intent.attempt && fact.kind !== 'approved') return null;
  if (fact.kind === 'not_charged' && about.sent && intent.attempt < limits.attempts) {
    return { next: withIntent(instruction, nextAttempt(intent, nowMs)), fact: null, again: true };
  }
  const { payment, modification } = instruction;
  const change =
    modification === null
      ? settleCharge(payment, fact, nowMs)
      : settleModification({ payment, modification }, fact, nowMs);
  // Stryker disable next-line ConditionalExpression: what is open is always changed; the types cannot say so.
  if (change === null) return null;
  const next = 'payment' in change.next ? change.next : { payment: change.next, modification: null };
  return { next, fact: change.fact, again: false };
}

/**
 * What a provider makes of an instruction by telling of its own accord, whoever works on it at the time. Null: nothing.
 *
 * An outcome settles it: the processor has decided, so the holder of the lease finds it settled, sends nothing more and
 * gives the reply that was written here. While it still waits its lease and its next look stay those of whoever works on
 * it: one who only heard of something lets go of nothing. Providers name no attempt; a next one begins only after a known
 * "not charged", of which there is nothing to tell.
 */
export function settleNotification(
  instruction: ProcessorOperation,
  fact: ProviderFact,
  nowMs: number,
): Settlement | null {
  const { payment, modification } = instruction;
  if (modification?.status === 'succeeded' && fact.kind === 'declined') {
    const change = reverseModification({ payment, modification }, fact);
    return change && { ...change, again: false };
  }
  const intent = intentOf(instruction);
  const settlement = settle(instruction, fact, { attempt: intent.attempt, sent: false }, nowMs);
  if (settlement === null || !isOpen(settlement.next)) return settlement;
  return settlement.fact === null ? null : { ...settlement, next: withIntent(settlement.next, intent) };
}
