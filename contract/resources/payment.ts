// Payment: one intention to charge (docs/decisions/0003 has its states). Shapes as merchants see them.

import * as v from 'valibot';
import { requestLimits as limits } from '../limits.ts';
import { Amount, Currency, Id, Metadata, Mode, RequestedAmount, Text, Timestamp } from './fields.ts';

export const paymentStatuses = [
  'processing',
  'requires_action',
  'requires_approval',
  'pending',
  'authorized',
  'captured',
  'failed',
  'canceled',
  'expired',
] as const;

export const captureMethods = ['automatic', 'manual'] as const;

/** A token of the mode's processor; never card data. */
export const PaymentMethod = v.pipe(
  v.string(),
  v.regex(/^pm_[A-Za-z0-9_]{1,100}$/, 'Expected a payment method token (pm_…)'),
);

export const CreatePayment = v.strictObject({
  amount: RequestedAmount,
  currency: Currency,
  payment_method: PaymentMethod,
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
  payment_method: v.string(),
  description: v.nullable(v.string()),
  disputed: v.boolean(),
  last_error: v.nullable(LastError),
  next_action: v.nullable(NextAction),
  metadata: v.record(v.string(), v.string()),
  created_at: Timestamp,
});
