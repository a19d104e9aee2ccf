// The shapes of Stripe's answers, as far as we read them (API version 2026-10-28.endive). What fits none of them is no
// answer: nothing here is cast or defaulted.

import * as v from 'valibot';
import { Card, ProcessorCustomer } from '../../../contract/customers/payment_method.ts';

export const Amount = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
export const Currency = v.pipe(v.string(), v.regex(/^[a-z]{3}$/), v.toUpperCase());
const Metadata = v.record(v.string(), v.string());
/** Lower case words; anything else is not repeated to merchants. */
const Code = v.fallback(v.nullish(v.pipe(v.string(), v.regex(/^[a-z0-9_]{1,64}$/)), null), null);

export const IntentId = v.pipe(v.string(), v.regex(/^pi_[A-Za-z0-9]{1,64}$/));

const NextAction = v.object({
  type: v.string(),
  redirect_to_url: v.nullish(v.object({ url: v.nullable(v.string()) }), null),
});

const ErrorOfCard = v.object({ code: Code, decline_code: Code });

/** Expanded where a capture is prepared: whether this card, at this account, may be captured more than once. */
const Multicapture = v.object({
  payment_method_details: v.object({ card: v.object({ multicapture: v.object({ status: v.string() }) }) }),
});

export const Intent = v.object({
  id: IntentId,
  object: v.literal('payment_intent'),
  status: v.string(),
  /** The payer's own; events do not hold it. */
  client_secret: v.fallback(v.nullish(v.string(), null), null),
  amount: Amount,
  amount_capturable: Amount,
  amount_received: Amount,
  currency: Currency,
  capture_method: v.picklist(['automatic', 'automatic_async', 'manual']),
  metadata: Metadata,
  next_action: v.nullish(NextAction, null),
  last_payment_error: v.nullish(ErrorOfCard, null),
  latest_charge: v.fallback(v.nullish(Multicapture, null), null),
});

export const Customer = v.object({ id: ProcessorCustomer, object: v.literal('customer') });

/** Stripe says much more of one. */
const ShownCard = v.object(Card.entries);

/** A PaymentIntent with its method expanded, which is its customer's. */
export const IntentWithMethod = v.object({
  customer: ProcessorCustomer,
  payment_method: v.object({
    id: v.pipe(v.string(), v.regex(/^pm_[A-Za-z0-9_]{1,100}$/)),
    customer: ProcessorCustomer,
    card: v.fallback(v.nullish(ShownCard, null), null),
  }),
});

export const Refund = v.object({
  id: v.string(),
  object: v.literal('refund'),
  status: v.nullable(v.string()),
  amount: Amount,
  currency: Currency,
  payment_intent: v.nullable(IntentId),
  failure_reason: Code,
  metadata: v.nullish(Metadata, {}),
});

export const Failure = v.object({
  error: v.object({
    type: v.string(),
    code: Code,
    decline_code: Code,
    payment_intent: v.nullish(Intent, null),
  }),
});

export const Found = v.object({ data: v.array(v.object({ id: IntentId, status: v.string() })), has_more: v.boolean() });
export const RefundList = v.object({ data: v.array(Refund), has_more: v.boolean() });

export type Intent = v.InferOutput<typeof Intent>;
export type Refund = v.InferOutput<typeof Refund>;
