// The method that a processor keeps of a payment which asked for that, once it is approved. Nothing waits for it: where the processor
// can't say now, whoever confirms the payment asks again.

import { moneyLimits as limits } from '../../contract/payments/limits.ts';
import { sealReusable } from '../customers/reusable_method.ts';
import { Refusal } from '../kernel/domain/refusal.ts';
import { type AuditContext, commitChange } from '../kernel/store/commit.ts';
import type { Stored } from '../kernel/store/row.ts';
import { toOrder } from './domain/operation.ts';
import type { Payment } from './domain/payment.ts';
import type { MoneyPorts } from './ports.ts';
import { paymentRow } from './store.ts';

const isKnownOrNone = ({ setup_future_usage, amount_authorized, reusable_method }: Payment): boolean =>
  setup_future_usage === null || amount_authorized === 0 || reusable_method !== undefined;

/** The payment as it is afterwards. */
export async function rememberMethod(
  ports: MoneyPorts,
  payment: Stored<Payment>,
  audit: AuditContext,
): Promise<Stored<Payment>> {
  if (isKnownOrNone(payment.value)) return payment;
  const method = await reusableMethodOf(ports, payment.value);
  if (!method) return payment;
  const reusable_method = await sealReusable(ports.keyring, payment.value, method);
  const change = { next: { ...payment.value, reusable_method }, fact: null };
  const done = await commitChange(ports.platform, paymentRow, payment, change, audit);
  return done.kind === 'committed' ? done.rows[0] : payment;
}

async function reusableMethodOf({ processorOf }: MoneyPorts, payment: Payment) {
  const processor = await processorOf(payment).catch((error: unknown) => {
    if (error instanceof Refusal) return undefined;
    throw error;
  });
  return processor?.reusableMethod?.(toOrder({ payment, modification: null }), limits.reusableMethodMs);
}
