// A processor operation is what a processor is asked to do: a payment's own charge, or one modification of it. Handlers, the
// reconciler and processor events all settle it here, and commit it under a version condition.

import { moneyLimits as limits } from '../../../contract/payments/limits.ts';
import type { Change } from '../../kernel/domain/decision.ts';
import type { Client, Order, ProviderFact } from '../../processors/domain/fact.ts';
import { type ExecutionReport, isExecuted, noteExecution } from './executions.ts';
import { type Intent, isOverdue, nextAttempt } from './intent.ts';
import {
  holdAgain,
  isUndecided,
  leaveModificationUnresolved,
  type Modification,
  type Modified,
  reverseModification,
  settleModification,
} from './modification.ts';
import { awaitsOutcome, leaveUnresolved, mayComeLate, type Payment, settleCharge } from './payment.ts';

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
  modification === null ? awaitsOutcome(payment) : isUndecided(modification);

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
  expires_at: payment.expires_at,
  held: modification === null ? payment.charge : null,
  capture: payment.capture_method === 'automatic',
  off_session: payment.off_session,
  keeps: payment.setup_future_usage,
  charge: modification === null ? null : payment.charge,
});

export interface Settlement extends Change<ProcessorOperation> {
  /** What the processor gave for the payer's browser; it is sealed into the payment in the same commit. */
  readonly client?: Client | null;
  /** The provider did nothing and never will under this key: send again under the next one. */
  readonly again: boolean;
}

/**
 * The operation after a provider's fact about attempt `attempt`. Null: the fact changes nothing. `sent`: the fact answers a
 * request; otherwise it is the result of a look-up, after which nothing is ever sent.
 */
export function settle(
  operation: ProcessorOperation,
  answer: ProviderFact,
  about: { readonly attempt: number; readonly sent: boolean },
  nowMs: number,
): Settlement | null {
  const isLate = operation.modification === null && answer.kind === 'approved' && mayComeLate(operation.payment);
  if (!isOpen(operation) && !isLate) return null;
  const intent = intentOf(operation);
  // A refused set-up says that this request moved nothing, and of an earlier one under the same key it says nothing.
  const isKnown = answer.kind !== 'misconfigured' || (about.sent && !intent.resumed && intent.recheck_count === 0);
  const fact: ProviderFact = isKnown ? answer : { kind: 'unknown' };
  if (!isOutcome(fact) && isOverdue(intent, nowMs)) return unresolved(operation);
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
  const client = 'client' in fact && change.fact !== null ? fact.client : null;
  return { next, fact: change.fact, again: false, ...(client !== null && { client }) };
}

const isOutcome = ({ kind }: ProviderFact): boolean =>
  ['approved', 'declined', 'not_charged', 'misconfigured'].includes(kind);

function unresolved({ payment, modification }: ProcessorOperation): Settlement {
  if (modification !== null) return { ...leaveModificationUnresolved({ payment, modification }), again: false };
  const { next, fact } = leaveUnresolved(payment);
  return { next: { payment: next, modification }, fact, again: false };
}

/**
 * What one more report makes of a modification that had an outcome: a processor may carry out anew what failed afterwards. Null:
 * nothing that was not known.
 */
function settleAgain(
  { payment, modification }: Modified,
  fact: ExecutionReport,
  nowMs: number,
): Change<Modified> | null {
  const { status, failed_executions } = modification;
  const noted = noteExecution(modification, fact);
  if (noted === modification || (status === 'failed' && failed_executions.length === 0)) return null;
  const only = { fact: null, next: { payment, modification: noted } };
  if (isExecuted(noted) === (status === 'succeeded')) return only;
  if (fact.kind === 'declined') return reverseModification({ payment, modification: noted }, fact) ?? only;
  const held = holdAgain({ payment, modification: noted });
  return held === null ? only : settleModification(held, fact, nowMs);
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
  const isReport = fact.kind === 'approved' || fact.kind === 'declined';
  if (modification !== null && isReport && fact.execution !== undefined && !isUndecided(modification)) {
    const change = settleAgain({ payment, modification }, fact, nowMs);
    return change && { ...change, again: false };
  }
  if (modification?.status === 'succeeded' && fact.kind === 'declined') {
    const change = reverseModification({ payment, modification }, fact);
    return change && { ...change, again: false };
  }
  const intent = intentOf(operation);
  const settlement = settle(operation, fact, { attempt: intent.attempt, sent: false }, nowMs);
  if (settlement === null || !isOpen(settlement.next)) return settlement;
  return settlement.fact === null ? null : { ...settlement, next: withIntent(settlement.next, intent) };
}
