// The scripted payment methods, as data: what each one makes the processor do. A method that is not listed is refused.

import { timing } from './timing.ts';

export const outcomes = [
  'approved',
  'declined',
  'requires_payment_method',
  'requires_action',
  'in_review',
  'pending',
] as const;
export type Outcome = (typeof outcomes)[number];

export interface Script {
  /** What the processor answers, once it answers at all. */
  readonly outcome: Outcome;
  readonly declineCode?: string;
  /** The pause before anything is decided or written. */
  readonly delayMs?: number;
  /** Refuses, known not charged: the first request for a reference only, or every one. */
  readonly turnsAway?: {
    readonly status: 429 | 503;
    readonly code: 'overloaded' | 'not_charged';
    readonly once: boolean;
  };
  /** Decides and writes, but never answers: each first request under a key, or the first for a reference. */
  readonly withholds?: 'first_of_key' | 'first_of_reference';
  /** A pending charge is approved this long after it was made. */
  readonly approvedAfterMs?: number;
  /** The payer disputes this long after the first capture. */
  readonly disputedAfterMs?: number;
  readonly refundsFail?: true;
  /** Without its payer it is declined. */
  readonly needsPayer?: true;
}

const scripts: ReadonlyMap<string, Script> = new Map(
  Object.entries({
    pm_test_visa: { outcome: 'approved' },
    pm_test_declined: { outcome: 'declined', declineCode: 'generic_decline' },
    pm_test_insufficient_funds: { outcome: 'declined', declineCode: 'insufficient_funds' },
    pm_test_3ds: { outcome: 'requires_action', needsPayer: true },
    pm_test_authentication_required: { outcome: 'approved', needsPayer: true },
    pm_test_timeout_then_charged: { outcome: 'approved', withholds: 'first_of_key' },
    pm_test_timeout_not_charged: {
      outcome: 'approved',
      turnsAway: { status: 503, code: 'not_charged', once: false },
      withholds: 'first_of_reference',
    },
    pm_test_overloaded_once: { outcome: 'approved', turnsAway: { status: 429, code: 'overloaded', once: true } },
    pm_test_late_webhook: { outcome: 'pending', approvedAfterMs: timing.lateMs },
    pm_test_review: { outcome: 'in_review' },
    pm_test_dispute_fraud: { outcome: 'approved', disputedAfterMs: timing.disputeMs },
    pm_test_refund_fails: { outcome: 'approved', refundsFail: true },
    pm_test_slow: { outcome: 'approved', delayMs: timing.slowMs },
  } satisfies Record<string, Script>),
);

export const scriptedPaymentMethods: readonly string[] = [...scripts.keys()];

/** Numbers that processors publish for tests (docs.stripe.com/testing, read 2026-12), and what each does here. */
const numbers: ReadonlyMap<string, string> = new Map([
  ['4242424242424242', 'pm_test_visa'],
  ['4000000000000002', 'pm_test_declined'],
  ['4000000000009995', 'pm_test_insufficient_funds'],
  ['4000002500003155', 'pm_test_3ds'],
]);

/** Of a number as people type it; it is kept nowhere. Undefined: there is no such card. */
export const methodOfNumber = (typed: string): string | undefined => numbers.get(typed.replaceAll(/[ -]/g, ''));

export const scriptOf = (paymentMethod: string | null): Script | undefined => scripts.get(paymentMethod ?? '');
