// The money rules of the processor, pure: what a charge is worth at a moment and which order it must refuse.
// Never more captured than authorized, never more refunded than captured.

import type { ChargeMade, ModificationKind, ModificationMade } from './entry.ts';
import { type Outcome, scriptOf } from './script.ts';

export interface Modification extends ModificationMade {
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface Charge extends ChargeMade {
  readonly at: number;
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

/** The outcome at a moment: a settlement or the passing of time changes what the charge began as. */
export function statusOf(charge: Charge, now: number): Outcome {
  if (charge.settlement !== null) return charge.settlement.approved ? 'approved' : 'declined';
  const afterMs = scriptOf(charge.payment_method)?.approvedAfterMs;
  if (charge.outcome === 'pending' && afterMs !== undefined && now >= charge.at + afterMs) return 'approved';
  return charge.outcome;
}

export const declineCodeOf = (charge: Charge): string | null =>
  charge.settlement === null ? charge.decline_code : charge.settlement.declineCode;

export function amountsOf(charge: Charge, now: number): Amounts {
  const sum = (kind: ModificationKind): number =>
    charge.modifications
      .filter((modification) => modification.kind === kind && modification.status === 'succeeded')
      .reduce((total, modification) => total + modification.amount, 0);
  const approved = statusOf(charge, now) === 'approved';
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
  if (statusOf(charge, now) !== 'approved') return 'charge_not_approved';
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
  if (charge.capture) return charge.settlement?.at ?? charge.at;
  return charge.modifications.find(({ kind, status }) => kind === 'capture' && status === 'succeeded')?.at ?? null;
}
