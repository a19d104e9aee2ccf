// Saved payment methods: a processor's token, stored for a customer under the customer's key. Of a card nothing may be sent
// but brand, last four digits and expiry (promise PCI-1), and of bank accounts nothing at all (PCI-3).

import * as v from 'valibot';
import { Id, Mode, PaymentMethod, Timestamp } from '../kernel/fields.ts';
import { futureUsages } from '../kernel/future_usage.ts';
import { customerLimits as limits } from './limits.ts';

export const Card = v.strictObject({
  brand: v.pipe(
    v.string(),
    v.maxLength(limits.brandChars),
    v.regex(/^[a-z][a-z0-9_]*$/, 'Expected a brand in lower case, such as visa'),
  ),
  last4: v.pipe(v.string(), v.regex(/^\d{4}$/, 'Expected four digits')),
  exp_month: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(12)),
  exp_year: v.pipe(v.number(), v.integer(), v.minValue(2000), v.maxValue(2099)),
});

/** Of the form that Stripe gives them: docs.stripe.com/api/customers (read 2026-11). */
export const ProcessorCustomer = v.pipe(
  v.string(),
  v.regex(/^cus_[A-Za-z0-9]{1,64}$/, 'Expected the processor’s own id of the customer: cus_…'),
);

/** A token that you have, or the method that its processor keeps of a payment of the customer's. */
export const SavePaymentMethod = v.pipe(
  v.strictObject({
    payment: v.optional(Id('payment')),
    token: v.optional(PaymentMethod),
    connection: v.optional(Id('connection')),
    processor_customer: v.optional(ProcessorCustomer),
    card: v.optional(Card),
  }),
  v.check(
    ({ payment, token, connection, processor_customer, card }) =>
      payment === undefined
        ? token !== undefined
        : [token, connection, processor_customer, card].every((each) => each === undefined),
    'Expected either a token, with what belongs to it, or a payment alone',
  ),
);

export const SavedPaymentMethod = v.object({
  id: Id('payment_method'),
  object: v.literal('payment_method'),
  mode: Mode,
  customer: Id('customer'),
  connection: v.nullable(Id('connection')),
  card: v.nullable(Card),
  usage: v.nullable(v.picklist(futureUsages)),
  created_at: Timestamp,
});

/** A saved payment method without anything of the card. */
export const BarePaymentMethod = v.object({
  id: Id('payment_method'),
  object: v.literal('payment_method'),
  mode: Mode,
  customer: Id('customer'),
  created_at: Timestamp,
});
