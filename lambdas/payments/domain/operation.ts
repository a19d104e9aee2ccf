// A processor operation is what a processor is asked to do: a payment's own charge, or one modification of it. Handlers, the
// reconciler and processor events all settle it here, and commit it under a version condition.

import { moneyLimits as limits } from '../../../contract/payments/limits.ts';
import type { Change } from '../../kernel/domain/decision.ts';
import type { Order, ProviderFact } from '../../processors/domain/fact.ts';
import { type Intent, nextAttempt } from './intent.ts';
import { type Modification, reverseModification, settleModification } from './modification.ts';
import { awaitsOutcome, type Payment, settleCharge } from './payment.ts';

/** `modification` is null for the charge itself. */
export interface ProcessorOperation {
  readonly payment: Payment;
  readonly modification: Modification | null;
}

/** The object that asks, and that holds the intent and the first reply. */
export const targetOf = ({ payment, modification }: ProcessorOperation): Payment | Modification =>
  modification ?? payment;

export const intentOf = (operation: ProcessorOperation): Intent => targetOf(operation).intent;

export const isOpen = ({ payment, modification }: ProcessorOperation): boolean =>
  modification === null ? awaitsOutcome(payment) : modification.status === 'processing';

/** The processor holds the charge and only time or people are awaited: it is looked up, and nothing may be sent. */
export const isAwaited = ({ payment, modification }: ProcessorOperation): boolean =>
  modification === null && payment.status !== 'processing';

export const withIntent = ({ payment, modification }: ProcessorOperation, intent: Intent): ProcessorOperation =>
  modification === null
    ? { payment: { ...payment, intent }, modification }
    : { payment, modification: { ...modification, intent } };

export const toOrder = ({ payment, modification }: ProcessorOperation): Order => ({
  kind: modification?.object ?? 'charge',
  id: modification?.id ?? payment.id,
  reference: payment.id,
  amount: modification?.amount ?? payment.amount,
  currency: payment.currency,
  payment_method: payment.payment_method,
  // Sealed in the payment: added when the order is sent (charge_secrets.ts).
  return_url: null,
  capture: payment.capture_method === 'automatic',
  charge: modification === null ? null : payment.charge,
});

export interface Settlement extends Change<ProcessorOperation> {
  /** The provider did nothing and never will under this key: send again under the next one. */
  readonly again: boolean;
}

/**
 * The operation after a provider's fact about attempt `attempt`. Null: the fact changes nothing. `sent`: the fact answers a
 * request; otherwise it is the result of a look-up, after which nothing is ever sent.
 */
export function settle(
  operation: ProcessorOperation,
  fact: ProviderFact,
  about: { readonly attempt: number; readonly sent: boolean },
  nowMs: number,
): Settlement | null {
  if (!isOpen(operation)) return null;
  const intent = intentOf(operation);
  // Money that moved counts whoever moved it; anything else said about an earlier attempt is out of date.
  if (about.attempt !== intent.attempt && fact.kind !== 'approved') return null;
  if (fact.kind === 'not_charged' && about.sent && intent.attempt < limits.attempts) {
    return { next: withIntent(operation, nextAttempt(intent, nowMs)), fact: null, again: true };
  }
  const { payment, modification } = operation;
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
 * The operation after a provider's notification, whoever holds the lease at the time. Null: the notification changes nothing.
 *
 * An outcome settles it: the processor has decided, so the holder of the lease finds it settled, sends nothing more and
 * gives the reply that was written here. While it still waits, its lease and its next recheck stay as they are: a
 * notification releases no lease. Providers name no attempt; a next one begins only after a known "not charged", about which
 * providers send nothing.
 */
export function settleNotification(
  operation: ProcessorOperation,
  fact: ProviderFact,
  nowMs: number,
): Settlement | null {
  const { payment, modification } = operation;
  if (modification?.status === 'succeeded' && fact.kind === 'declined') {
    const change = reverseModification({ payment, modification }, fact);
    return change && { ...change, again: false };
  }
  const intent = intentOf(operation);
  const settlement = settle(operation, fact, { attempt: intent.attempt, sent: false }, nowMs);
  if (settlement === null || !isOpen(settlement.next)) return settlement;
  return settlement.fact === null ? null : { ...settlement, next: withIntent(settlement.next, intent) };
}
