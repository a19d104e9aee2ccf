// Saved payment methods: their stored form, and the pure decisions about saving and removing one. The customer counts those
// that it has, so each decision leaves both.

import * as v from 'valibot';
import { customerLimits as limits } from '../../../contract/customers/limits.ts';
import {
  BarePaymentMethod,
  Card,
  type SavedPaymentMethod,
  type SavePaymentMethod,
} from '../../../contract/customers/payment_method.ts';
import { futureUsages } from '../../../contract/kernel/future_usage.ts';
import type { Change } from '../../kernel/domain/decision.ts';
import type { Sealed } from '../../kernel/domain/sealed_text.ts';
import { SealedText } from '../../kernel/domain/sealed_text.ts';
import type { Customer, NewCustomerObject } from './customer.ts';

export const SavedMethod = v.object({
  ...BarePaymentMethod.entries,
  tenant: v.string(),
  /** `Details` as JSON under the subject’s key; null once removed. */
  details: v.nullable(SealedText),
  /** `OriginalResponse` as JSON. */
  original_response: SealedText,
});
export type SavedMethod = v.InferOutput<typeof SavedMethod>;

/** What paying needs, and what may be shown. */
export const Details = v.object({
  token: v.string(),
  connection: v.nullable(v.string()),
  /** Whose the token is at the processor; absent: nobody's there. */
  processor_customer: v.optional(v.string()),
  card: v.nullable(Card),
  /** To what its payer agreed; absent: it was saved by its token. */
  usage: v.optional(v.picklist(futureUsages)),
});
export type Details = v.InferOutput<typeof Details>;

export const detailsOf = (body: v.InferOutput<typeof SavePaymentMethod> & { readonly token: string }): Details => ({
  token: body.token,
  connection: body.connection ?? null,
  processor_customer: body.processor_customer,
  card: body.card ?? null,
});

export interface WithMethod {
  readonly customer: Customer;
  readonly method: SavedMethod;
}

export function saveMethod(
  customer: Customer,
  { id, tenant, mode, createdAt }: NewCustomerObject,
  sealed: { readonly details: Sealed<string>; readonly original_response: Sealed<string> },
): Change<WithMethod> | { readonly refused: 'too_many_payment_methods' } {
  if (customer.payment_methods.length >= limits.paymentMethods) return { refused: 'too_many_payment_methods' };
  const named = { id, created_at: createdAt };
  return {
    fact: 'payment_method.saved',
    next: {
      customer: { ...customer, payment_methods: [named, ...customer.payment_methods] },
      method: { ...named, object: 'payment_method', tenant, mode, customer: customer.id, ...sealed },
    },
  };
}

/** Null: it is removed already. Its first reply stays, so that a repeat of the request still gets it. */
export const removeMethod = ({ customer, method }: WithMethod): Change<WithMethod> | null =>
  method.details === null
    ? null
    : {
        fact: 'payment_method.removed',
        next: {
          customer: { ...customer, payment_methods: customer.payment_methods.filter(({ id }) => id !== method.id) },
          method: { ...method, details: null },
        },
      };

/** As its own tenant sees it. */
export const toPublicMethod = (
  { id, mode, customer, created_at }: Pick<SavedMethod, 'id' | 'mode' | 'customer' | 'created_at'>,
  { connection, card, usage }: Details,
): v.InferOutput<typeof SavedPaymentMethod> => {
  const object = 'payment_method';
  return { id, object, mode, customer, connection, card, usage: usage ?? null, created_at };
};
