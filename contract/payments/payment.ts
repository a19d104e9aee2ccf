// Payment: one intention to charge (docs/decisions/0003 has its states). Shapes as merchants see them.

import * as v from 'valibot';
import {
  Amount,
  Currency,
  Id,
  Metadata,
  Mode,
  PaymentMethod,
  RequestedAmount,
  RequestedCurrency,
  Text,
  Timestamp,
} from '../kernel/fields.ts';
import { requestLimits as limits } from '../kernel/limits.ts';

export const paymentStatuses = [
  'processing',
  'requires_action',
  'requires_approval',
  'pending',
  /** Its outcome was never told in the time that anything may take; only the processor's own word still settles it. */
  'unresolved',
  'authorized',
  'captured',
  'failed',
  'canceled',
  'expired',
] as const;

export const captureMethods = ['automatic', 'manual'] as const;

/** Where the processor sends the payer back to: it is handed on, and never called. */
export const ReturnUrl = v.pipe(
  v.string(),
  v.maxLength(limits.returnUrlChars),
  v.regex(/^https:\/\/[!-~]+$/, 'Expected a URL that begins with https://'),
  v.check((text) => {
    const url = URL.parse(text);
    return url !== null && url.username === '' && url.password === '';
  }, 'Expected an absolute URL without user name and password'),
);

export const CreatePayment = v.strictObject({
  amount: RequestedAmount,
  currency: RequestedCurrency,
  customer: v.optional(Id('customer')),
  payment_method: v.union([PaymentMethod, Id('payment_method')], 'Expected a payment method: pm_… or pmt_…'),
  connection: v.optional(Id('connection')),
  return_url: v.optional(ReturnUrl),
  capture_method: v.optional(v.picklist(captureMethods), 'automatic'),
  description: v.optional(Text(limits.descriptionChars)),
  metadata: v.optional(Metadata, {}),
});

/** Why a payment, capture, refund or void failed. `decline_code` is the issuer's reason where it gave one. */
export const LastError = v.object({
  code: v.string(),
  decline_code: v.nullable(v.string()),
  message: v.string(),
  retriable: v.boolean(),
});

/** What the payer must do before the payment can go on. */
export const NextAction = v.object({ type: v.literal('redirect'), url: v.string() });

/** "closed": it ended, and neither side won: an inquiry that came to nothing, or a dispute that was withdrawn. */
export const disputeStatuses = ['open', 'won', 'lost', 'closed'] as const;

/** The dispute that the processor spoke of last. `id` is the processor's own. */
export const LastDispute = v.object({
  id: v.string(),
  status: v.picklist(disputeStatuses),
  amount: v.nullable(Amount),
  currency: v.nullable(Currency),
});

export const Payment = v.object({
  id: Id('payment'),
  object: v.literal('payment'),
  mode: Mode,
  status: v.picklist(paymentStatuses),
  amount: Amount,
  currency: Currency,
  amount_authorized: Amount,
  amount_captured: Amount,
  amount_refunded: Amount,
  amount_voided: Amount,
  capture_method: v.picklist(captureMethods),
  customer: v.nullable(Id('customer')),
  payment_method: v.string(),
  connection: v.nullable(Id('connection')),
  description: v.nullable(v.string()),
  disputed: v.boolean(),
  last_dispute: v.nullable(LastDispute),
  last_error: v.nullable(LastError),
  next_action: v.nullable(NextAction),
  metadata: v.record(v.string(), v.string()),
  created_at: Timestamp,
});
