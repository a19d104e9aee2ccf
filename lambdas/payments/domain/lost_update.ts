// Lost updates of payments. A region that failed may have written to a payment what it had not replicated; the other region's
// writes then replace it. Captures, refunds and voids are rows of their own and are not lost with it, so the payment's sums are
// counted anew from them; what only the payment itself says is taken from the write that was lost. Every part is monotone: it
// may be done again, and by two at once.

import { isDeepStrictEqual } from 'node:util';
import * as v from 'valibot';
import { lostUpdateLimits as limits } from '../../../contract/payments/limits.ts';
import type { Change } from '../../kernel/domain/decision.ts';
import { isExecutedWithCharge } from './executions.ts';
import { closeIntent } from './intent.ts';
import { isUndecided, type Modification, statusAfter } from './modification.ts';
import { awaitsOutcome, Payment } from './payment.ts';

/** What only the payment's own row says. */
const LostPayment = v.pick(Payment, [
  'amount',
  'amount_authorized',
  'amount_captured',
  'released',
  'captured_elsewhere',
  'captured_with_charge',
  'charge',
  'disputes',
  'executions',
  'failed_executions',
  'last_dispute',
  'last_error',
  'open_at_processor',
  'status',
]);
export type LostPayment = v.InferOutput<typeof LostPayment>;

export const LostUpdate = v.object({
  /** The write that was lost. */
  id: v.string(),
  payment: v.string(),
  written: LostPayment,
  found_at_ms: v.number(),
  /** Looks that were made. */
  looks: v.number(),
  /** Null: the last was made. */
  due_at_ms: v.nullable(v.number()),
  /** Seconds since the epoch, for the table's time to live. */
  expires_at_s: v.number(),
});
export type LostUpdate = v.InferOutput<typeof LostUpdate>;

const dueAt = ({ looks, found_at_ms }: Pick<LostUpdate, 'looks' | 'found_at_ms'>): number | null => {
  const afterMs = limits.looksMs[looks];
  return afterMs === undefined ? null : found_at_ms + afterMs;
};

/** `payment`: the row that is gone. */
export function findLostUpdate(id: string, payment: Payment, nowMs: number): LostUpdate {
  const seen = { found_at_ms: nowMs, looks: 0 };
  const expires_at_s = Math.floor(nowMs / 1000) + limits.retentionDays * 86_400;
  return {
    id,
    payment: payment.id,
    written: v.parse(LostPayment, payment),
    ...seen,
    due_at_ms: dueAt(seen),
    expires_at_s,
  };
}

export function afterLook(lost: LostUpdate): LostUpdate {
  const looks = lost.looks + 1;
  return { ...lost, looks, due_at_ms: dueAt({ ...lost, looks }) };
}

/** Null: nothing is missing. */
export function correct(
  payment: Payment,
  { written }: Pick<LostUpdate, 'written'>,
  modifications: readonly Modification[],
): Change<Payment> | null {
  const reported = withOutcome(withReports(payment, written), written);
  const next = settled(counted(reported, written, modifications), modifications);
  if (isDeepStrictEqual(next, payment)) return null;
  return { next, fact: 'payment.corrected' };
}

/** Reports of the processor: disputes, and how often it carried out the capture that the charge was made with. */
function withReports(payment: Payment, written: LostPayment): Payment {
  const union = (ours: readonly string[], theirs: readonly string[]): string[] => [...new Set([...ours, ...theirs])];
  const known = payment.disputes ?? {};
  const news = Object.entries(written.disputes ?? {}).filter(([id, { stage }]) => stage > (known[id]?.stage ?? -1));
  const disputes = { ...known, ...Object.fromEntries(news) };
  const isNews = news.some(([id]) => id === written.last_dispute?.id);
  return {
    ...payment,
    ...((payment.captured_with_charge ?? written.captured_with_charge) && { captured_with_charge: true as const }),
    executions: union(payment.executions, written.executions),
    failed_executions: union(payment.failed_executions, written.failed_executions),
    ...(news.length > 0 && { disputes, disputed: Object.values(disputes).some(({ open }) => open) }),
    last_dispute: isNews ? written.last_dispute : payment.last_dispute,
  };
}

/** The charge's outcome, where it is not known here yet. */
function withOutcome(payment: Payment, written: LostPayment): Payment {
  const charge = payment.charge ?? written.charge;
  if (!awaitsOutcome(payment) || awaitsOutcome(written)) return { ...payment, charge };
  const { status, amount_authorized, last_error, open_at_processor } = written;
  const { intent, charge_secrets, ...rest } = payment;
  return {
    ...{ ...rest, charge, status, amount_authorized, last_error },
    ...(open_at_processor && { open_at_processor }),
    next_action: null,
    intent: closeIntent(intent),
  };
}

const sumOf = (some: readonly Modification[]): number => some.reduce((sum, { amount }) => sum + amount, 0);

/** Amounts, from the rows that moved or hold them. */
function counted(payment: Payment, written: LostPayment, modifications: readonly Modification[]): Payment {
  const of = (kind: Modification['object']) => modifications.filter(({ object }) => object === kind);
  const [captures, refunds, voids] = [of('capture'), of('refund'), of('void')];
  const done = (some: readonly Modification[]) => sumOf(some.filter(({ status }) => status === 'succeeded'));
  const held = (some: readonly Modification[]) => sumOf(some.filter(isUndecided));
  const { amount_authorized } = payment;
  const amount_captured = ownCapture(payment) + done(captures);
  const voided = amount_authorized === 0 ? 0 : done(voids);
  // Either region may have heard of it before it knew of a capture: no more was let go of than was left.
  const released = Math.min(
    Math.max(payment.released ?? 0, written.released ?? 0),
    amount_authorized - amount_captured - voided,
  );
  const counts = { capture: captures.length, refund: refunds.length, void: voids.length };
  return {
    ...payment,
    amount_captured,
    amount_refunded: done(refunds),
    amount_voided: voided + released,
    ...(released > 0 && { released }),
    capture_reserved: held([...captures, ...voids]),
    refund_reserved: held(refunds),
    modifications: counts,
    ...elsewhere(payment, written),
  };
}

/** Captured with the charge: it has no row of its own. */
const ownCapture = ({ amount_authorized, captured_with_charge, ...executions }: Payment): number =>
  captured_with_charge && isExecutedWithCharge(executions) ? amount_authorized : 0;

function elsewhere(payment: Payment, written: LostPayment): Pick<Payment, 'captured_elsewhere'> {
  const most = Math.max(payment.captured_elsewhere ?? 0, written.captured_elsewhere ?? 0);
  return most === 0 ? {} : { captured_elsewhere: most };
}

function settled(payment: Payment, modifications: readonly Modification[]): Payment {
  if (payment.amount_authorized > 0) return { ...payment, status: statusAfter({ ...payment, status: 'authorized' }) };
  const ending = modifications.find(({ object, status }) => object === 'void' && status === 'succeeded');
  return ending !== undefined && awaitsOutcome(payment)
    ? { ...payment, status: ending.ends ?? 'canceled', next_action: null, intent: closeIntent(payment.intent) }
    : payment;
}
