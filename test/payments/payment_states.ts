// Given: payments and modifications as the domain left them, for tests that start in the middle of a story.

import {
  type ModificationKind,
  type Modified,
  requestModification,
} from '../../lambdas/payments/domain/modification.ts';
import { createPayment, type Payment, settleCharge } from '../../lambdas/payments/domain/payment.ts';
import type { ProviderFact } from '../../lambdas/processors/domain/fact.ts';

/** No decision looks at sealed fields: any bytes will do. */
export const sealedFields = new Uint8Array([1]);

export const at = (ms: number) => ({ ms, text: new Date(ms).toISOString() });
export const start = Date.UTC(2027, 0, 1);

export const processing = (amount = 1000, capture_method: 'automatic' | 'manual' = 'automatic'): Payment =>
  createPayment(
    { id: 'pay_us_aaaaaaaaaaaaaaaaaaaaaaaaaa', tenant: 'ten_us_a', mode: 'test', processor: 'test', bodyDigest: '1.x' },
    { amount, currency: 'EUR', payment_method: 'pm_test_visa', capture_method },
    sealedFields,
    at(start),
  ).next;

export const approved = (captured: boolean): ProviderFact => ({ kind: 'approved', charge: 'ch_1', captured });

const settled = (payment: Payment, fact: ProviderFact): Payment =>
  settleCharge(payment, fact, start + 1)?.next ?? payment;

export const captured = (amount = 1000): Payment => settled(processing(amount), approved(true));
export const authorized = (amount = 1000): Payment => settled(processing(amount, 'manual'), approved(false));

export function requested(payment: Payment, kind: ModificationKind, amount?: number, id = `${kind}_1`): Modified {
  const decided = requestModification(
    payment,
    { kind, id, amount, sealedFields: kind === 'refund' ? sealedFields : null, bodyDigest: '1.y' },
    at(start + 2),
  );
  if ('refused' in decided) throw new Error(`the story does not allow it: ${decided.refused}`);
  return decided.next;
}
