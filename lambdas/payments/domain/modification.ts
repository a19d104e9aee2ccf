// Captures, refunds and voids. Each first reserves its amount on the payment, then asks the processor, then settles or
// releases; while the outcome is unknown the reservation stays. So captured ≤ authorized and refunded ≤ captured under
// every interleaving.

import * as v from 'valibot';
import type { ErrorCode } from '../../../contract/capabilities.ts';
import { Amount } from '../../../contract/kernel/fields.ts';
import { moneyLimits as limits } from '../../../contract/payments/limits.ts';
import { Capture, modificationStatuses, Refund, Void } from '../../../contract/payments/modification.ts';
import type { Change, Refused } from '../../kernel/domain/decision.ts';
import { IdempotencyRecord } from '../../kernel/domain/idempotency.ts';
import type { Sealed } from '../../kernel/domain/sealed_text.ts';
import { SealedText } from '../../kernel/domain/sealed_text.ts';
import type { ProviderFact } from '../../processors/domain/fact.ts';
import { Executions, noExecutions, noteExecution } from './executions.ts';
import { closeIntent, Intent, leaveOpen, openIntent } from './intent.ts';
import { endWaiting, waitsForPayer } from './payer.ts';
import { awaitsOutcome, declinedError, type Payment, processorMisconfigured, processorUnavailable } from './payment.ts';

export const modificationKinds = ['capture', 'refund', 'void'] as const;
export type ModificationKind = (typeof modificationKinds)[number];

export const Modification = v.object({
  ...Capture.entries,
  id: v.string(),
  object: v.picklist(modificationKinds),
  status: v.picklist(modificationStatuses),
  ...IdempotencyRecord.entries,
  tenant: v.string(),
  intent: Intent,
  /** Refunds only: the reason. */
  sealed_fields: v.nullable(SealedText),
  /** Of a void that ends a payment which waits for its payer: what that is called. Absent: "canceled", under the void's own name. */
  ends: v.optional(v.picklist(['canceled', 'expired'])),
  /** Captures at the processor's own pages, where it reports them in one sum: all that was captured so by then. */
  elsewhere_by_then: v.optional(Amount),
  ...Executions.entries,
});

export type Modification = v.InferOutput<typeof Modification>;

/** Public shapes, by kind. */
export const publicModification = { capture: Capture, refund: Refund, void: Void } as const;

/** Authorized and neither captured, voided nor held by a capture or void. */
export const capturable = (payment: Payment): number =>
  payment.amount_authorized - payment.amount_captured - payment.amount_voided - payment.capture_reserved;

/** Captured and neither refunded nor held by a refund. */
export const refundable = (payment: Payment): number =>
  payment.amount_captured - payment.amount_refunded - payment.refund_reserved;

/** How the three kinds differ. */
const rules = {
  capture: {
    reserved: 'capture_reserved',
    moved: 'amount_captured',
    bound: capturable,
    open: (payment: Payment) => payment.status === 'authorized',
    closed: 'payment_not_capturable',
    exceeded: 'amount_exceeds_authorized',
  },
  refund: {
    reserved: 'refund_reserved',
    moved: 'amount_refunded',
    bound: refundable,
    open: (payment: Payment) => payment.amount_captured > 0,
    closed: 'payment_not_refundable',
    exceeded: 'amount_exceeds_captured',
  },
  void: {
    reserved: 'capture_reserved',
    moved: 'amount_voided',
    bound: capturable,
    // A capture in flight may still fail and give its amount back: the rest is not known yet.
    open: (payment: Payment) => payment.status === 'authorized' && payment.capture_reserved === 0,
    closed: 'payment_not_voidable',
    exceeded: 'payment_not_voidable',
  },
} as const satisfies Record<
  ModificationKind,
  {
    reserved: 'capture_reserved' | 'refund_reserved';
    moved: 'amount_captured' | 'amount_refunded' | 'amount_voided';
    bound: (payment: Payment) => number;
    open: (payment: Payment) => boolean;
    closed: ErrorCode;
    exceeded: ErrorCode;
  }
>;

export interface Modified {
  readonly payment: Payment;
  readonly modification: Modification;
}

/** Reserves on the payment. Without an amount: all that is left. */
export function requestModification(
  payment: Payment,
  request: {
    readonly kind: ModificationKind;
    readonly id: string;
    readonly amount: number | undefined;
    readonly sealedFields: Sealed<string> | null;
    readonly bodyDigest: string;
    /** Refunds only: asked for although the payer disputes the payment. */
    readonly despiteDispute?: boolean | undefined;
    /** Voids only: the processor can cancel a charge that waits for its payer. */
    readonly cancelsWaiting?: boolean | undefined;
    /** Voids only: what ends is called so, in its own event. */
    readonly ends?: 'canceled' | 'expired' | undefined;
  },
  now: { readonly ms: number; readonly text: string },
): Change<Modified> | Refused {
  const rule = rules[request.kind];
  const cancels = request.kind === 'void' && request.cancelsWaiting === true && waitsForPayer(payment);
  // What a payer may yet authorize is held at once: authorized while the void runs, it cannot be captured.
  const left = cancels ? payment.amount : rule.bound(payment);
  const amount = request.amount ?? left;
  if (!cancels && !rule.open(payment)) return { refused: rule.closed };
  if (request.kind === 'refund' && payment.disputed && !request.despiteDispute) return { refused: 'payment_disputed' };
  if (amount > left || amount < 1) return { refused: rule.exceeded };
  const before = payment.modifications[request.kind];
  if (before >= limits.modificationsPerKind) return { refused: 'too_many_modifications' };
  return {
    // A void that ends a payment is told of by its end: a row whose fact is of an earlier state of it must not be left behind.
    fact: request.ends === undefined ? `${request.kind}.created` : null,
    next: {
      payment: {
        ...payment,
        [rule.reserved]: payment[rule.reserved] + amount,
        modifications: { ...payment.modifications, [request.kind]: before + 1 },
      },
      modification: {
        id: request.id,
        object: request.kind,
        tenant: payment.tenant,
        mode: payment.mode,
        status: 'processing',
        amount,
        currency: payment.currency,
        payment: payment.id,
        sealed_fields: request.sealedFields,
        ...(request.ends !== undefined && { ends: request.ends }),
        ...noExecutions,
        last_error: null,
        created_at: now.text,
        intent: openIntent(now.ms),
        body_digest: request.bodyDigest,
        reply: null,
      },
    },
  };
}

export const isUndecided = ({ status }: Pick<Modification, 'status'>): boolean =>
  status === 'processing' || status === 'unresolved';

/** The time in which anything may be told is over. What it holds stays held: money may have moved. */
export const leaveModificationUnresolved = ({ payment, modification }: Modified): Change<Modified> => ({
  fact: modification.status === 'unresolved' ? null : `${modification.object}.unresolved`,
  next: { payment, modification: { ...modification, status: 'unresolved', intent: closeIntent(modification.intent) } },
});

/** Holds its amount once more, as when it was asked for. Null: that is no longer there. */
export function holdAgain({ payment, modification }: Modified): Modified | null {
  const rule = rules[modification.object];
  if (modification.amount > rule.bound(payment)) return null;
  const held = { ...payment, [rule.reserved]: payment[rule.reserved] + modification.amount };
  return { payment: held, modification: { ...modification, status: 'processing' } };
}

/** What the processor's fact makes of a modification and its payment. Monotone; null: the fact changes nothing. */
export function settleModification(
  { payment, modification }: Modified,
  fact: ProviderFact,
  nowMs: number,
): Change<Modified> | null {
  if (!isUndecided(modification)) return null;
  const rule = rules[modification.object];
  const released = { ...payment, [rule.reserved]: payment[rule.reserved] - modification.amount };
  const closed = { ...modification, intent: closeIntent(modification.intent) };
  const fail = (last_error: Modification['last_error']): Change<Modified> => ({
    fact: `${modification.object}.failed`,
    next: { payment: released, modification: { ...closed, status: 'failed', last_error } },
  });
  const stillUnknown: Change<Modified> = {
    fact: null,
    next: { payment, modification: { ...modification, intent: leaveOpen(modification.intent, nowMs) } },
  };
  switch (fact.kind) {
    case 'approved': {
      const succeeded = { ...noteExecution(closed, fact), status: 'succeeded', last_error: null } as const;
      if (modification.object === 'void' && payment.amount_authorized === 0) {
        const ended = endedUnpaid(released, modification.ends ?? 'canceled');
        const { ends } = modification;
        const isNamed = ends !== undefined && ended !== released;
        return {
          fact: isNamed ? `payment.${ends}` : 'void.succeeded',
          next: { payment: ended, modification: succeeded },
        };
      }
      // Canceled, and yet its payer's money came: both can't be, so which of them is so is unknown.
      if (modification.amount > rule.bound(released)) return stillUnknown;
      const executed = { ...released, [rule.moved]: payment[rule.moved] + modification.amount };
      const moved = fact.restReleased && executed.capture_reserved === 0 ? withoutRest(executed) : executed;
      return {
        fact: `${modification.object}.succeeded`,
        next: {
          payment: { ...moved, status: statusAfter(moved) },
          modification: succeeded,
        },
      };
    }
    case 'declined': {
      const failed = fail(declinedError(modification.object, fact));
      return { ...failed, next: { ...failed.next, modification: noteExecution(failed.next.modification, fact) } };
    }
    case 'misconfigured':
      return fail(processorMisconfigured);
    case 'not_charged':
      return fail(processorUnavailable);
    case 'requires_payment_method':
    case 'requires_action':
    case 'requires_component':
    case 'in_review':
    case 'pending':
    case 'unknown':
      return stillUnknown;
  }
}

/**
 * The money came back: a capture or refund failed after the processor had reported it as done. It fails for good, and ends as
 * it would have if the failure had been reported first. Null: nothing had moved, or it was refunded since.
 */
export function reverseModification(
  { payment, modification }: Modified,
  fact: Extract<ProviderFact, { readonly kind: 'declined' }>,
): Change<Modified> | null {
  const { object, amount, status } = modification;
  if (status !== 'succeeded' || object === 'void') return null;
  if (object === 'capture' && refundable(payment) < amount) return null;
  const { moved } = rules[object];
  const back = { ...payment, [moved]: payment[moved] - amount };
  const rest = back.amount_captured + back.amount_voided < back.amount_authorized;
  return {
    fact: `${object}.failed`,
    next: {
      payment: { ...back, status: rest ? 'authorized' : statusAfter(back) },
      modification: { ...modification, status: 'failed', last_error: declinedError(object, fact) },
    },
  };
}

/**
 * The provider released whatever was not captured, though nobody here asked. Null: nothing was left to release.
 * `waits`: a capture or void that is still processing comes first.
 */
export function releaseRest(payment: Payment): Change<Payment> | 'waits' | null {
  if (payment.status !== 'authorized') return null;
  if (payment.capture_reserved > 0) return 'waits';
  const next = withoutRest(payment);
  return { fact: 'payment.released', next: { ...next, status: statusAfter(next) } };
}

/** Voided before its payer authorized anything. A charge that failed in the meantime stays failed. */
const endedUnpaid = (payment: Payment, as: 'canceled' | 'expired'): Payment =>
  awaitsOutcome(payment) ? endWaiting(payment, as).next : payment;

const withoutRest = (payment: Payment): Payment => ({
  ...payment,
  amount_voided: payment.amount_voided + capturable(payment),
  released: (payment.released ?? 0) + capturable(payment),
});

/** `authorized` until captured in full or the rest voided; wholly voided is `canceled`. */
export function statusAfter(payment: Payment): Payment['status'] {
  if (payment.amount_captured + payment.amount_voided < payment.amount_authorized) return payment.status;
  return payment.amount_captured === 0 ? 'canceled' : 'captured';
}
