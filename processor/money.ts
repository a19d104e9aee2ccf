// The money rules of the processor, pure: what a charge is worth at a moment and which order it must refuse.
// Never more captured than authorized, never more refunded than captured.

import type { Attempt, ChargeMade, ModificationKind, ModificationMade } from './entry.ts';
import { type Outcome, scriptOf } from './script.ts';

export interface Modification extends ModificationMade {
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export type PayerAttempt = Attempt & { readonly at: number };

export interface Charge extends ChargeMade {
  readonly at: number;
  /** When its payment method was known, which decides all that follows. */
  readonly decidedAt: number;
  /** Of a charge that was made without a payment method. */
  readonly attempts: readonly PayerAttempt[];
  readonly settlement: { readonly approved: boolean; readonly declineCode: string | null; readonly at: number } | null;
  readonly modifications: readonly Modification[];
}

export interface Amounts {
  readonly captured: number;
  readonly refunded: number;
  readonly voided: number;
  /** Authorized and neither captured nor voided. */
  readonly open: number;
}

/** Canceled: it waited for its payer when it was voided, and waits no more. */
export type Status = Outcome | 'canceled';

const waitsForPayer = (outcome: Status): boolean =>
  outcome === 'requires_payment_method' || outcome === 'requires_action';

/** Whether it was made without a payment method. */
export const isBegunWithout = ({ payment_method, attempts }: Charge): boolean =>
  payment_method === null || attempts.length > 0;

/** A charge whose payer chose: declined, it waits for another choice. */
export function afterAttempt(charge: Charge, attempt: PayerAttempt): Partial<Charge> {
  const attempts = [...charge.attempts, attempt];
  if (attempt.outcome === 'declined') return { attempts, outcome: 'requires_payment_method' };
  return { attempts, outcome: attempt.outcome, payment_method: attempt.payment_method, decidedAt: attempt.at };
}

/** The outcome at a moment: a settlement or the passing of time changes what the charge began as. */
export function statusOf(charge: Charge, now: number): Status {
  const voided = charge.modifications.some(({ kind, status }) => kind === 'void' && status === 'succeeded');
  if (voided && charge.settlement === null && waitsForPayer(charge.outcome)) return 'canceled';
  if (charge.settlement !== null) return charge.settlement.approved ? 'approved' : 'declined';
  const afterMs = scriptOf(charge.payment_method)?.approvedAfterMs;
  if (charge.outcome === 'pending' && afterMs !== undefined && now >= charge.decidedAt + afterMs) return 'approved';
  return charge.outcome;
}

export const declineCodeOf = (charge: Charge): string | null =>
  charge.settlement === null ? charge.decline_code : charge.settlement.declineCode;

export function amountsOf(charge: Charge, now: number): Amounts {
  const sum = (kind: ModificationKind): number =>
    charge.modifications
      .filter((modification) => modification.kind === kind && modification.status === 'succeeded')
      .reduce((total, modification) => total + modification.amount, 0);
  const status = statusOf(charge, now);
  if (status === 'canceled') return { captured: 0, refunded: 0, voided: 0, open: 0 };
  const approved = status === 'approved';
  const captured = (approved && charge.capture ? charge.amount : 0) + sum('capture');
  const voided = sum('void');
  return { captured, refunded: sum('refund'), voided, open: approved ? charge.amount - captured - voided : 0 };
}

export type BrokenRule =
  | 'charge_not_approved'
  | 'amount_exceeds_authorized'
  | 'amount_exceeds_captured'
  | 'amount_exceeds_voidable';

/** The rule that a modification would break, or null. */
export function brokenRule(charge: Charge, kind: ModificationKind, amount: number, now: number): BrokenRule | null {
  const status = statusOf(charge, now);
  // What waits for its payer is voided as a whole.
  if (kind === 'void' && waitsForPayer(status) && amount === charge.amount) return null;
  if (status !== 'approved') return 'charge_not_approved';
  const { captured, refunded, open } = amountsOf(charge, now);
  if (kind === 'capture' && amount > open) return 'amount_exceeds_authorized';
  if (kind === 'void' && amount > open) return 'amount_exceeds_voidable';
  if (kind === 'refund' && amount > captured - refunded) return 'amount_exceeds_captured';
  return null;
}

/** Whether the payer has disputed the charge by now. */
export function disputedAt(charge: Charge, now: number): boolean {
  const dueAt = disputeDueAt(charge, now);
  return dueAt !== null && now >= dueAt;
}

/** When the payer will dispute or did; null: never, as far as is known by now. */
export function disputeDueAt(charge: Charge, now: number): number | null {
  const afterMs = scriptOf(charge.payment_method)?.disputedAfterMs;
  const capturedAt = firstCaptureAt(charge, now);
  return afterMs === undefined || capturedAt === null ? null : capturedAt + afterMs;
}

function firstCaptureAt(charge: Charge, now: number): number | null {
  if (statusOf(charge, now) !== 'approved') return null;
  if (charge.capture) return charge.settlement?.at ?? charge.decidedAt;
  return charge.modifications.find(({ kind, status }) => kind === 'capture' && status === 'succeeded')?.at ?? null;
}
