// The payment of the reference: what may be sent, what is stored, what is shown.

import { z } from 'zod';
import { currencies } from '../../../contract/kernel/currencies.ts';

const text = (chars: number) => z.string().min(1).max(chars);

export const CreatePayment = z.strictObject({
  amount: z.int().min(1).max(999_999_999_999),
  currency: z.enum(currencies),
  payment_method: z.string().regex(/^pm_[A-Za-z0-9_]{1,100}$/),
  capture_method: z.enum(['automatic', 'manual']).default('automatic'),
  description: text(500).optional(),
  metadata: z
    .record(
      z
        .string()
        .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/)
        .max(40),
      text(500),
    )
    .default({}),
});

export type CreatePayment = z.infer<typeof CreatePayment>;

export const Payment = z.object({
  id: z.string(),
  object: z.literal('payment'),
  mode: z.enum(['test', 'live']),
  status: z.enum(['processing', 'requires_action', 'authorized', 'captured', 'failed']),
  amount: z.int(),
  currency: z.string(),
  amount_authorized: z.int(),
  amount_captured: z.int(),
  amount_refunded: z.int(),
  amount_voided: z.int(),
  capture_method: z.enum(['automatic', 'manual']),
  payment_method: z.string(),
  description: z.string().nullable(),
  disputed: z.boolean(),
  last_error: z.object({ code: z.string(), decline_code: z.string().nullable(), message: z.string() }).nullable(),
  next_action: z.object({ type: z.literal('redirect'), url: z.string() }).nullable(),
  metadata: z.record(z.string(), z.string()),
  created_at: z.string(),
});

/** `sealed_fields`: description and metadata, sealed; what merchants write may name people. */
export const StoredPayment = Payment.omit({ description: true, metadata: true }).extend({
  sealed_fields: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
  tenant: z.string(),
  version: z.int(),
  charge: z.string().nullable(),
});

type Texts = Pick<z.infer<typeof Payment>, 'description' | 'metadata'>;

/** With its sealed fields in the clear, which are never stored. */
export type StoredPayment = z.infer<typeof StoredPayment> & Texts;

/** What merchants see: the fields of `Payment` and no others. */
export const shown = (payment: StoredPayment): z.infer<typeof Payment> => Payment.parse(payment);

export const textsOf = (body: CreatePayment): Texts => ({
  description: body.description ?? null,
  metadata: body.metadata,
});

export const newPayment = (
  id: string,
  tenant: string,
  mode: StoredPayment['mode'],
  body: CreatePayment,
  sealedFields: Uint8Array,
) =>
  ({
    id,
    object: 'payment',
    tenant,
    mode,
    status: 'processing',
    amount: body.amount,
    currency: body.currency,
    amount_authorized: 0,
    amount_captured: 0,
    amount_refunded: 0,
    amount_voided: 0,
    capture_method: body.capture_method,
    payment_method: body.payment_method,
    ...textsOf(body),
    sealed_fields: sealedFields,
    disputed: false,
    last_error: null,
    next_action: null,
    created_at: new Date().toISOString(),
    version: 1,
    charge: null,
  }) satisfies StoredPayment;
