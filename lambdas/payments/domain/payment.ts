// The payment: its stored form, and the pure decisions about creating and settling it.

import * as v from 'valibot';
import { Amount } from '../../../contract/kernel/fields.ts';
import type { Mode } from '../../../contract/kernel/roles.ts';
import type { EventType } from '../../../contract/kernel/vocabulary.ts';
import { type CreatePayment, disputeStatuses, Payment as PublicPayment } from '../../../contract/payments/payment.ts';
import { processorEventLimits } from '../../../contract/processor_events/limits.ts';
import type { Change } from '../../kernel/domain/decision.ts';
import { IdempotencyRecord } from '../../kernel/domain/idempotency.ts';
import type { Sealed } from '../../kernel/domain/sealed_text.ts';
import { SealedText } from '../../kernel/domain/sealed_text.ts';
import type { DisputeReport, Failed, ProviderFact } from '../../processors/domain/fact.ts';
import { type ExecutionReport, Executions, isExecutedWithCharge, noExecutions, noteExecution } from './executions.ts';
import { closeIntent, Intent, leaveOpen, openIntent } from './intent.ts';

const Dispute = v.object({ stage: v.number(), open: v.boolean(), status: v.optional(v.picklist(disputeStatuses)) });

/** What merchants see, and what only we need. Amounts are minor units of `currency`. */
export const Payment = v.object({
  ...v.omit(PublicPayment, ['description', 'reference', 'metadata', 'client_secret', 'client']).entries,
  ...IdempotencyRecord.entries,
  tenant: v.string(),
  /** A keyed digest of the reference, by which it is found. Null or absent: it has none. */
  reference_digest: v.optional(v.nullable(v.string())),
  /** Description, reference and metadata. */
  sealed_fields: SealedText,
  intent: Intent,
  /** Held by captures and voids that are processing. */
  capture_reserved: Amount,
  /** Held by refunds that are processing. */
  refund_reserved: Amount,
  /** Of what was captured: what somebody captured at the processor's own pages. Absent: nothing. */
  captured_elsewhere: v.optional(Amount),
  /** Of what was voided: what the processor let go of by itself. Absent: nothing. */
  released: v.optional(Amount),
  /** How many of each there were, failed ones too. */
  modifications: v.object({ capture: v.number(), refund: v.number(), void: v.number() }),
  /** It ended here alone: its processor may still take the payer's money. Absent: it may not. */
  open_at_processor: v.optional(v.literal(true)),
  /** What lets the payer's browser in (payer_access.ts). Absent: of a payment that is older than that. */
  payer_access: v.optional(SealedText),
  /** The method that its processor keeps for later payments (reusable_method.ts). Absent: none is known. */
  reusable_method: v.optional(SealedText),
  /** What only sending the charge needs; gone once it is answered. */
  charge_secrets: v.optional(SealedText),
  /** The charge, or a report about it, said that it was captured as it was made. Absent: none did. */
  captured_with_charge: v.optional(v.literal(true)),
  /** Of that capture, which may fail and be carried out anew. */
  ...Executions.entries,
  /** The processor that took it, and its id of the charge. */
  processor: v.string(),
  charge: v.nullable(v.string()),
  /** By the provider's id: of each dispute the highest stage that was reported. Absent: there never was one. */
  disputes: v.optional(v.record(v.string(), Dispute)),
});

export type Payment = v.InferOutput<typeof Payment>;

export interface Origin {
  readonly id: string;
  readonly tenant: string;
  readonly mode: Mode;
  readonly processor: string;
  readonly bodyDigest: string;
  readonly chargeSecrets?: Sealed<string> | undefined;
  readonly payerAccess?: Sealed<string> | undefined;
  readonly referenceDigest?: string | null | undefined;
  /** RFC 3339. */
  readonly expiresAt?: string | undefined;
}

export const createPayment = (
  origin: Origin,
  body: Omit<
    v.InferOutput<typeof CreatePayment>,
    'description' | 'reference' | 'metadata' | 'return_url' | 'expires_at' | 'off_session'
  > & { readonly off_session?: boolean },
  sealedFields: Sealed<string>,
  now: { readonly ms: number; readonly text: string },
): Change<Payment> => ({
  fact: 'payment.created',
  next: {
    id: origin.id,
    object: 'payment',
    tenant: origin.tenant,
    mode: origin.mode,
    status: 'processing',
    amount: body.amount,
    currency: body.currency,
    amount_authorized: 0,
    amount_captured: 0,
    amount_refunded: 0,
    amount_voided: 0,
    capture_reserved: 0,
    refund_reserved: 0,
    modifications: { capture: 0, refund: 0, void: 0 },
    capture_method: body.capture_method,
    setup_future_usage: body.setup_future_usage ?? null,
    off_session: body.off_session ?? false,
    customer: body.customer ?? null,
    payment_method: body.payment_method ?? null,
    connection: body.connection ?? null,
    charge_secrets: origin.chargeSecrets,
    payer_access: origin.payerAccess,
    reference_digest: origin.referenceDigest,
    expires_at: origin.expiresAt ?? null,
    processor: origin.processor,
    charge: null,
    ...noExecutions,
    disputed: false,
    last_dispute: null,
    last_error: null,
    next_action: null,
    sealed_fields: sealedFields,
    created_at: now.text,
    intent: openIntent(now.ms),
    body_digest: origin.bodyDigest,
    reply: null,
  },
});

/** Statuses from which a charge's outcome is still awaited, in the order in which they may follow each other. */
const awaiting: readonly Payment['status'][] = [
  'processing',
  'requires_payment_method',
  'requires_action',
  'requires_approval',
  'pending',
  'unresolved',
];

/** Whether the processor still owes us the outcome of the charge. */
export const awaitsOutcome = ({ status }: Pick<Payment, 'status'>): boolean => awaiting.includes(status);

/**
 * What the charge's outcome makes of a payment. Monotone: an outcome once settled never changes, and a waiting status
 * never goes back. Null: the fact changes nothing.
 */
export function settleCharge(payment: Payment, fact: ProviderFact, nowMs: number): Change<Payment> | null {
  if (!awaitsOutcome(payment) && !(fact.kind === 'approved' && mayComeLate(payment))) return null;
  const sent = { ...payment, next_action: null, charge_secrets: undefined };
  const settled = { ...sent, intent: closeIntent(payment.intent) };
  const waiting = { ...sent, intent: waitUntil(payment, leaveOpen(payment.intent, nowMs), nowMs) };
  const wait = (status: Payment['status'], more: Partial<Payment>): Change<Payment> => {
    const forward = awaiting.indexOf(status) > awaiting.indexOf(payment.status);
    return forward
      ? { next: { ...waiting, ...more, status }, fact: `payment.${status}` as EventType }
      : { next: { ...payment, intent: waiting.intent }, fact: null };
  };
  switch (fact.kind) {
    case 'approved': {
      const status = fact.captured ? 'captured' : 'authorized';
      const amounts = {
        amount_authorized: payment.amount,
        amount_captured: fact.captured ? payment.amount : 0,
        ...(fact.captured && { captured_with_charge: true as const }),
      };
      const next = { ...settled, ...amounts, status, charge: fact.charge, open_at_processor: undefined } as const;
      return { next, fact: `payment.${status}` };
    }
    case 'declined': {
      // A void of ours is under way, and ends it under its own name.
      if (fact.ended && payment.capture_reserved > 0)
        return { next: { ...payment, intent: waiting.intent }, fact: null };
      if (fact.ended && fact.declineCode === null && payment.payment_method === null) {
        return { next: { ...settled, status: 'canceled' }, fact: 'payment.canceled' };
      }
      return {
        next: { ...settled, status: 'failed', last_error: declinedError('card', fact) },
        fact: 'payment.failed',
      };
    }
    case 'requires_payment_method':
      return letChoose(payment, waiting, fact);
    case 'misconfigured':
      return { next: { ...settled, status: 'failed', last_error: processorMisconfigured }, fact: 'payment.failed' };
    case 'not_charged':
      return { next: { ...settled, status: 'failed', last_error: processorUnavailable }, fact: 'payment.failed' };
    case 'requires_action': {
      const { charge, url, fields = null } = fact;
      const method = fields === null ? 'GET' : 'POST';
      return wait('requires_action', { charge, next_action: { type: 'redirect', method, url, fields } });
    }
    case 'requires_component':
      // A report holds nothing for the page: where nothing was opened before, the answer to the order does.
      if (fact.client === null && payment.payment_method !== null) {
        return { next: { ...payment, intent: waiting.intent }, fact: null };
      }
      return wait('requires_action', { charge: fact.charge, next_action: { type: 'component' } });
    case 'in_review':
      return wait('requires_approval', { charge: fact.charge });
    case 'pending':
      return wait('pending', { charge: fact.charge });
    case 'unknown':
      return { next: { ...payment, intent: waiting.intent }, fact: null };
  }
}

/** `what`: a card, or a capture, refund or void. */
export const declinedError = (what: string, { declineCode, rawDeclineCode, message }: Failed) => ({
  code: `${what}_declined`,
  decline_code: declineCode,
  raw_decline_code: rawDeclineCode ?? null,
  message,
  retriable: false,
});

/** The payer may choose how to pay, at first or after an attempt that failed. */
function letChoose(
  payment: Payment,
  waiting: Payment,
  { charge, client, failed }: Extract<ProviderFact, { readonly kind: 'requires_payment_method' }>,
): Change<Payment> {
  const unchanged = { next: { ...payment, intent: waiting.intent }, fact: null };
  const isFirst = payment.status === 'processing';
  // A report holds nothing with which the payer could choose: the answer to the order does.
  if (payment.payment_method !== null || payment.status === 'unresolved' || (isFirst && client === null)) {
    return unchanged;
  }
  const last_error = failed === null ? payment.last_error : declinedError('card', failed);
  // What opened it names it for as long as its payer chooses: an attempt may bear a name of its own.
  const next = { ...waiting, last_error, status: 'requires_payment_method' } as const;
  if (isFirst) return { next: { ...next, charge }, fact: 'payment.requires_payment_method' };
  const known =
    payment.status === 'requires_payment_method' && payment.last_error?.decline_code === last_error?.decline_code;
  return failed === null || known ? unchanged : { next, fact: 'payment.attempt_failed' };
}

/** It is looked at when its payer's time is over, and not only when its turn comes. */
function waitUntil({ expires_at }: Payment, intent: Intent, nowMs: number): Intent {
  const endMs = expires_at === null ? Number.NaN : Date.parse(expires_at);
  const sooner = endMs > nowMs && intent.due_at_ms !== null && endMs < intent.due_at_ms;
  return sooner ? { ...intent, due_at_ms: endMs } : intent;
}

/** It ended here before its payer had paid, and yet the money may come: money that moved is never money that nobody sees. */
export const mayComeLate = ({ open_at_processor }: Payment): boolean => open_at_processor === true;

/**
 * One more report about the capture that a charge was made with, which the processor may carry out anew after it failed: while it
 * stands failed the charge can be captured or voided. Null: it was refunded since, or captured or voided otherwise.
 */
export function reportOwnCapture(payment: Payment, report: ExecutionReport): Change<Payment> | 'known' | null {
  const noted = noteExecution(payment, report);
  if (noted === payment) return 'known';
  const isCaptured = isExecutedWithCharge(noted);
  const { amount_authorized, amount_captured, amount_voided } = payment;
  if (isCaptured === amount_captured > 0) return { next: noted, fact: null };
  const held = payment.capture_reserved + payment.refund_reserved + payment.amount_refunded + amount_voided;
  if (held > 0 || (amount_captured > 0 && amount_captured < amount_authorized)) return null;
  return isCaptured
    ? {
        next: { ...noted, status: 'captured', amount_captured: amount_authorized, captured_with_charge: true },
        fact: 'payment.captured',
      }
    : { next: { ...noted, status: 'authorized', amount_captured: 0 }, fact: 'payment.capture_failed' };
}

/** Records a provider's report about a dispute. Monotone: of one dispute only a higher stage counts. */
export function recordDispute(
  payment: Payment,
  { dispute: id, stage, open, outcome = 'closed' }: DisputeReport,
  about: { readonly minor: number; readonly currency: string } | null = null,
): Change<Payment> | null {
  const known = payment.disputes?.[id];
  const full =
    known === undefined && Object.keys(payment.disputes ?? {}).length >= processorEventLimits.disputesPerPayment;
  if (full || (known !== undefined && known.stage >= stage)) return null;
  const status: (typeof disputeStatuses)[number] = open ? 'open' : outcome;
  const disputes = { ...payment.disputes, [id]: { stage, open, status } };
  const disputed = Object.values(disputes).some((each) => each.open);
  const last_dispute = { id, status, amount: about?.minor ?? null, currency: about?.currency ?? null };
  const fact = known?.status === status ? null : open ? 'payment.disputed' : 'payment.dispute_closed';
  return { fact, next: { ...payment, disputes, disputed, last_dispute } };
}

/** The time in which anything may be told is over: nobody looks any more, and only the processor's word still settles it. */
export const leaveUnresolved = (payment: Payment): Change<Payment> => ({
  next: { ...payment, status: 'unresolved', next_action: null, intent: closeIntent(payment.intent) },
  fact: payment.status === 'unresolved' ? null : 'payment.unresolved',
});

export const processorMisconfigured = {
  code: 'processor_misconfigured',
  decline_code: null,
  raw_decline_code: null,
  message: 'The processor refused the account or set-up of the connection, and nothing moved.',
  retriable: false,
} as const;

export const processorUnavailable = {
  code: 'processor_unavailable',
  decline_code: null,
  raw_decline_code: null,
  message: 'The processor did not carry this out, and nothing was charged.',
  retriable: true,
} as const;
