// Payment: one intention to charge (docs/decisions/0003 has its states). Shapes as merchants see them.

import * as v from 'valibot';
import {
  Amount,
  Currency,
  Id,
  IpAddress,
  Metadata,
  Mode,
  PaymentMethod,
  RequestedAmount,
  RequestedCurrency,
  RequestedTime,
  Text,
  Timestamp,
} from '../kernel/fields.ts';
import { futureUsages } from '../kernel/future_usage.ts';
import { requestLimits as limits } from '../kernel/limits.ts';
import { createdFilters, ListQuery } from '../kernel/list.ts';
import { declineCodes } from './decline_codes.ts';
import { payerLimits } from './limits.ts';

export const paymentStatuses = [
  'processing',
  /** Its payer has not chosen how to pay: the fields of the processor do that, in the payer's browser. */
  'requires_payment_method',
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
  /** Absent: the payer gives it to the processor's own fields. */
  payment_method: v.optional(
    v.union([PaymentMethod, Id('payment_method')], 'Expected a payment method: pm_… or pmt_…'),
  ),
  connection: v.optional(Id('connection')),
  payer_address: v.optional(IpAddress),
  return_url: v.optional(ReturnUrl),
  capture_method: v.optional(v.picklist(captureMethods), 'automatic'),
  setup_future_usage: v.optional(v.picklist(futureUsages)),
  off_session: v.optional(v.boolean(), false),
  /** Absent: an hour from now where no payment method is sent, else never. */
  expires_at: v.optional(RequestedTime),
  description: v.optional(Text(limits.descriptionChars)),
  reference: v.optional(Text(limits.referenceChars)),
  metadata: v.optional(Metadata, {}),
});

/** Absent: as it was. Null: removed. */
export const UpdatePayment = v.strictObject({
  description: v.optional(v.nullable(Text(limits.descriptionChars))),
  reference: v.optional(v.nullable(Text(limits.referenceChars))),
  metadata: v.optional(Metadata),
});

/** Why a payment, capture, refund or void failed. `decline_code`: where its processor or issuer gave a reason; beside it their own. */
export const LastError = v.object({
  code: v.string(),
  decline_code: v.nullable(v.picklist(declineCodes)),
  raw_decline_code: v.nullable(v.string()),
  message: v.string(),
  retriable: v.boolean(),
});

/**
 * What the payer must do before the payment can go on. "redirect": open the URL, by GET or by posting the fields as a form.
 * "component": hand "client" to the processor's own component in the page.
 */
export const RedirectAction = v.object({
  type: v.literal('redirect'),
  method: v.picklist(['GET', 'POST']),
  url: v.string(),
  fields: v.nullable(v.record(v.string(), v.string())),
});
export const ComponentAction = v.object({ type: v.literal('component') });
export const NextAction = v.variant('type', [RedirectAction, ComponentAction]);

/** What the payer's browser needs to talk to the processor itself; of no use to anybody else, and gone when the payer is done. */
export const StripeClient = v.object({
  provider: v.literal('stripe'),
  publishable_key: v.nullable(v.string()),
  client_secret: v.string(),
});
export const AdyenSession = v.object({ id: v.string(), data: v.string() });
export const AdyenClient = v.object({
  provider: v.literal('adyen'),
  client_key: v.nullable(v.string()),
  session: v.nullable(AdyenSession),
  /** JSON, as Adyen's components take it. */
  action: v.nullable(v.string()),
});
export const TestClient = v.object({ provider: v.literal('test'), url: v.string() });
export const Client = v.variant('provider', [StripeClient, AdyenClient, TestClient]);

/** What the payer brought back from the processor: of each processor what its documentation says. */
export const ConfirmPayment = v.strictObject({
  /** Adyen: of a redirect. */
  redirect_result: v.optional(Text(payerLimits.resultChars)),
  /** Adyen: of a session that its components ended. */
  session_result: v.optional(Text(payerLimits.resultChars)),
  /** Adyen: "details" of its component's state, as JSON. */
  details: v.optional(Text(payerLimits.resultChars)),
});

export const ListPaymentsQuery = v.strictObject({
  ...ListQuery.entries,
  status: v.optional(v.picklist(paymentStatuses, `Expected one of ${paymentStatuses.join(', ')}`)),
  customer: v.optional(Id('customer')),
  reference: v.optional(Text(limits.referenceChars)),
  ...createdFilters,
});

export const CancelPayment = v.strictObject({});

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
  setup_future_usage: v.nullable(v.picklist(futureUsages)),
  off_session: v.boolean(),
  customer: v.nullable(Id('customer')),
  payment_method: v.nullable(v.string()),
  connection: v.nullable(Id('connection')),
  reference: v.nullable(v.string()),
  description: v.nullable(v.string()),
  disputed: v.boolean(),
  last_dispute: v.nullable(LastDispute),
  last_error: v.nullable(LastError),
  next_action: v.nullable(NextAction),
  client_secret: v.nullable(v.string()),
  client: v.nullable(Client),
  expires_at: v.nullable(Timestamp),
  metadata: v.record(v.string(), v.string()),
  created_at: Timestamp,
});

/** As events hold it: what opens it to its payer is in none. */
export const BarePayment = v.omit(Payment, ['client_secret', 'client']);

/** What a payer may see of it: how much, and what to do next. */
export const PayerPayment = v.pick(Payment, [
  'id',
  'object',
  'mode',
  'status',
  'amount',
  'currency',
  'last_error',
  'next_action',
  'client',
  'expires_at',
]);
