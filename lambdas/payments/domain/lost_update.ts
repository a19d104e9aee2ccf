// Lost updates of payments. A region that failed may have written to a payment, or to a capture, refund or void of it, what it had
// not replicated; the other region's writes then replace it. The payment's sums are counted anew from its captures, refunds and
// voids, which are rows of their own; what only the replaced row said is taken from the write that was lost. Every part is
// monotone: it may be done again, and by two at once. Nothing is taken beyond what the payment itself allows.

import { isDeepStrictEqual } from 'node:util';
import * as v from 'valibot';
import { lostUpdateLimits as limits } from '../../../contract/payments/limits.ts';
import { processorEventLimits } from '../../../contract/processor_events/limits.ts';
import type { Change } from '../../kernel/domain/decision.ts';
import { isExecuted, isExecutedWithCharge, joinExecutions } from './executions.ts';
import { closeIntent } from './intent.ts';
import { isUndecided, Modification, statusAfter } from './modification.ts';
import { awaitsOutcome, Payment } from './payment.ts';

/** What only the payment's own row says. */
const LostPayment = v.pick(Payment, [
  'amount_authorized',
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
type LostPayment = v.InferOutput<typeof LostPayment>;

/** What only the row of a capture, refund or void says. */
const LostModification = v.pick(Modification, ['id', 'executions', 'failed_executions', 'last_error', 'status']);
type LostModification = v.InferOutput<typeof LostModification>;

export const LostUpdate = v.object({
  /** The write that was lost. */
  id: v.string(),
  payment: v.string(),
  /** Whose payment it was: nobody else's is touched. */
  ...v.pick(Payment, ['tenant', 'mode']).entries,
  /** Of the payment's own row. Null: it was another's. */
  written: v.nullable(LostPayment),
  /** Of a capture's, refund's or void's row. Null: it was the payment's. */
  modification: v.nullable(LostModification),
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

/** `lost`: the row that is gone, of a payment or of one of its modifications. */
export function findLostUpdate(id: string, lost: Payment | Modification, nowMs: number): LostUpdate {
  const seen = { found_at_ms: nowMs, looks: 0 };
  const isPayment = lost.object === 'payment';
  return {
    id,
    payment: isPayment ? lost.id : lost.payment,
    tenant: lost.tenant,
    mode: lost.mode,
    written: isPayment ? v.parse(LostPayment, lost) : null,
    modification: isPayment ? null : v.parse(LostModification, lost),
    ...seen,
    due_at_ms: dueAt(seen),
    expires_at_s: Math.floor(nowMs / 1000) + limits.retentionDays * 86_400,
  };
}

/** Whether the row that is there now holds the sealed fields of the row that was lost, byte for byte. */
export const isSameSealedText = (lost: unknown, present: unknown): boolean => isDeepStrictEqual(lost, present);

export function afterLook(lost: LostUpdate): LostUpdate {
  const looks = lost.looks + 1;
  return { ...lost, looks, due_at_ms: dueAt({ ...lost, looks }) };
}

type Lost = Pick<LostUpdate, 'tenant' | 'mode' | 'written' | 'modification'>;

/** The payment, and the modification whose own row was replaced (null: none has changed). */
export interface Corrected {
  readonly payment: Payment;
  readonly modification: Modification | null;
}

/**
 * Null: nothing is missing. `contradicts`: the two regions say what can't both be, or the loss is not of this payment; then nothing
 * changes, and people must look.
 */
export function correct(
  payment: Payment,
  { tenant, mode, written, modification }: Lost,
  modifications: readonly Modification[],
): Change<Corrected> | 'contradicts' | null {
  if (payment.tenant !== tenant || payment.mode !== mode) return 'contradicts';
  const before = modifications.find(({ id }) => id === modification?.id);
  const after = before && modification && withLostOutcome(before, modification);
  const known = modifications.map((each) => (each === before && after ? after : each));
  const reported = written === null ? payment : withOutcome(withReports(payment, written), written);
  const next = settled(counted(reported, known), known);
  if (!isPossible(next)) return 'contradicts';
  const changed = after && !isDeepStrictEqual(after, before) ? after : null;
  if (changed === null && isDeepStrictEqual(next, payment)) return null;
  return { next: { payment: next, modification: changed }, fact: 'payment.corrected' };
}

const isPossible = ({ amount_authorized, amount_captured, amount_refunded, amount_voided }: Payment): boolean =>
  amount_captured + amount_voided <= amount_authorized && amount_refunded <= amount_captured;

/**
 * A modification whose row was replaced: an outcome that is not known here; of two outcomes the one that its executions show, and
 * else the one that is here, which was heard of later.
 */
function withLostOutcome(here: Modification, lost: LostModification): Modification {
  const joined = { ...here, ...joinExecutions(here, lost) };
  const outcome = ({ status, last_error }: LostModification) => ({
    status,
    last_error,
    intent: closeIntent(here.intent),
  });
  if (isUndecided(lost)) return joined;
  if (isUndecided(here)) return { ...joined, ...outcome(lost) };
  const isReported = joined.executions.length + joined.failed_executions.length > 0;
  const contradicts = here.object !== 'void' && isReported && (here.status === 'succeeded') !== isExecuted(joined);
  return contradicts ? { ...joined, ...outcome(lost) } : joined;
}

/** Reports of the processor: disputes, and how often it carried out the capture that the charge was made with. */
function withReports(payment: Payment, written: LostPayment): Payment {
  const known = payment.disputes ?? {};
  const reported = Object.entries(written.disputes ?? {}).filter(([id, { stage }]) => stage > (known[id]?.stage ?? -1));
  const room = Math.max(0, processorEventLimits.disputesPerPayment - Object.keys(known).length);
  const news = [...reported.filter(([id]) => id in known), ...reported.filter(([id]) => !(id in known)).slice(0, room)];
  const disputes = { ...known, ...Object.fromEntries(news) };
  const isNews = news.some(([id]) => id === written.last_dispute?.id);
  const captured_elsewhere = Math.max(payment.captured_elsewhere ?? 0, written.captured_elsewhere ?? 0);
  const released = Math.max(payment.released ?? 0, written.released ?? 0);
  return {
    ...payment,
    ...joinExecutions(payment, written),
    ...((payment.captured_with_charge ?? written.captured_with_charge) && { captured_with_charge: true as const }),
    ...(news.length > 0 && { disputes, disputed: Object.values(disputes).some(({ open }) => open) }),
    last_dispute: isNews ? written.last_dispute : payment.last_dispute,
    ...(captured_elsewhere > 0 && { captured_elsewhere }),
    ...(released > 0 && { released }),
  };
}

/**
 * The charge's outcome, where none is known here; and an approval always. The region that did not know of it may have ended the
 * payment: money that moved is never money that nobody sees.
 */
function withOutcome(payment: Payment, written: LostPayment): Payment {
  const isApproved = written.amount_authorized > 0;
  const isNews = isApproved ? payment.amount_authorized === 0 : awaitsOutcome(payment) && !awaitsOutcome(written);
  if (!isNews) return { ...payment, charge: payment.charge ?? written.charge };
  const { last_error, status } = written;
  const { charge_secrets, open_at_processor, ...rest } = payment;
  const ended = { ...rest, next_action: null, intent: closeIntent(payment.intent) };
  if (isApproved) {
    const charge = written.charge ?? payment.charge;
    return { ...ended, charge, status: 'authorized', amount_authorized: payment.amount, last_error };
  }
  const isOpen = open_at_processor ?? written.open_at_processor;
  return {
    ...{ ...ended, charge: payment.charge ?? written.charge, status, last_error },
    ...(isOpen && { open_at_processor: isOpen }),
  };
}

const sumOf = (some: readonly Modification[]): number => some.reduce((sum, { amount }) => sum + amount, 0);

/** Of captures. Two regions may each have made one of what was captured elsewhere in between: what both cover counts once. */
function sumOfCaptures(captures: readonly Modification[]): number {
  const from = ({ amount, elsewhere_by_then = 0 }: Modification): number => elsewhere_by_then - amount;
  let [sum, covered] = [0, 0];
  for (const capture of captures.toSorted((one, other) => from(one) - from(other))) {
    const { amount, elsewhere_by_then: to } = capture;
    sum += to === undefined ? amount : Math.max(0, to - Math.max(from(capture), covered));
    covered = Math.max(covered, to ?? 0);
  }
  return sum;
}

/** Amounts, from the rows that moved or hold them. */
function counted(payment: Payment, modifications: readonly Modification[]): Payment {
  const of = (kind: Modification['object']) => modifications.filter(({ object }) => object === kind);
  const [captures, refunds, voids] = [of('capture'), of('refund'), of('void')];
  const done = (some: readonly Modification[]) => some.filter(({ status }) => status === 'succeeded');
  const held = (some: readonly Modification[]) => sumOf(some.filter(isUndecided));
  const { released: reported = 0, ...rest } = payment;
  const { amount_authorized } = payment;
  const amount_captured = ownCapture(payment) + sumOfCaptures(done(captures));
  const voided = amount_authorized === 0 ? 0 : sumOf(done(voids));
  // Either region may have heard of it before it knew of a capture: no more was let go of than was left.
  const released = Math.max(0, Math.min(reported, amount_authorized - amount_captured - voided));
  return {
    ...rest,
    amount_captured,
    amount_refunded: sumOf(done(refunds)),
    amount_voided: voided + released,
    ...(released > 0 && { released }),
    capture_reserved: held([...captures, ...voids]),
    refund_reserved: held(refunds),
    modifications: { capture: captures.length, refund: refunds.length, void: voids.length },
  };
}

/** Captured with the charge: it has no row of its own. */
const ownCapture = ({ amount_authorized, captured_with_charge, ...executions }: Payment): number =>
  captured_with_charge && isExecutedWithCharge(executions) ? amount_authorized : 0;

function settled(payment: Payment, modifications: readonly Modification[]): Payment {
  if (payment.amount_authorized > 0) return { ...payment, status: statusAfter({ ...payment, status: 'authorized' }) };
  const ending = modifications.find(({ object, status }) => object === 'void' && status === 'succeeded');
  return ending !== undefined && awaitsOutcome(payment)
    ? { ...payment, status: ending.ends ?? 'canceled', next_action: null, intent: closeIntent(payment.intent) }
    : payment;
}
