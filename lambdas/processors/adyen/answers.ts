// The shapes of Adyen's answers, as far as we read them (Checkout API v71). What fits none of them is no answer: nothing
// here is cast or defaulted.

import * as v from 'valibot';
import { payerLimits } from '../../../contract/payments/limits.ts';

const Amount = v.object({
  value: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  currency: v.pipe(v.string(), v.regex(/^[A-Z]{3}$/)),
});

const Field = v.pipe(v.string(), v.maxLength(payerLimits.formFieldChars));

export const PspReference = v.pipe(v.string(), v.regex(/^[A-Za-z0-9]{1,64}$/));

export const Payment = v.object({
  resultCode: v.string(),
  /** Absent while the payer still has to act. */
  pspReference: v.nullish(PspReference, null),
  merchantReference: v.nullish(v.string(), null),
  amount: v.nullish(Amount, null),
  refusalReasonCode: v.nullish(v.string(), null),
  action: v.nullish(
    v.looseObject({
      type: v.string(),
      method: v.nullish(v.string(), null),
      url: v.nullish(v.string(), null),
      data: v.nullish(v.pipe(v.record(Field, Field), v.maxEntries(payerLimits.formFields)), null),
    }),
    null,
  ),
});

const SessionId = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,80}$/));

export const Session = v.object({
  id: SessionId,
  sessionData: v.pipe(v.string(), v.maxLength(100_000)),
  reference: v.string(),
  merchantAccount: v.string(),
  amount: Amount,
});

export const SessionResult = v.object({
  id: SessionId,
  status: v.string(),
  reference: v.nullish(v.string(), null),
  payments: v.nullish(
    v.array(v.object({ resultCode: v.string(), pspReference: PspReference, amount: v.nullish(Amount, null) })),
    [],
  ),
});

export const Modification = v.object({
  status: v.literal('received'),
  pspReference: PspReference,
  paymentPspReference: PspReference,
  reference: v.string(),
  merchantAccount: v.string(),
  amount: v.nullish(Amount, null),
});

const Digits = v.pipe(v.string(), v.regex(/^\d{1,4}$/), v.toNumber());

/** GET /storedPaymentMethods (Checkout v71, ListStoredPaymentMethodsResponse; read 2026-12). */
export const StoredMethods = v.object({
  merchantAccount: v.string(),
  shopperReference: v.string(),
  storedPaymentMethods: v.array(
    v.object({
      id: v.pipe(v.string(), v.regex(/^[A-Z0-9]{16}$/)),
      brand: v.nullish(v.string(), null),
      lastFour: v.nullish(v.string(), null),
      expiryMonth: v.fallback(v.nullish(Digits, null), null),
      expiryYear: v.fallback(v.nullish(Digits, null), null),
    }),
  ),
});

export const Failure = v.object({ errorType: v.string(), errorCode: v.nullish(v.string(), null) });

export type Payment = v.InferOutput<typeof Payment>;
