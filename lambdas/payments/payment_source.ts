// Who pays, and with what: the token that was sent, or the one that a customer's saved payment method holds. A customer that
// is named must be there and not be erased; a payment that names none costs nothing here.

import type { InferOutput } from 'valibot';
import { idPattern } from '../../contract/kernel/ids.ts';
import type { CreatePayment } from '../../contract/payments/payment.ts';
import { isErased } from '../customers/domain/subject.ts';
import { openFor } from '../customers/sealed.ts';
import { loadPayer } from '../customers/store/reads.ts';
import { unwrapKey } from '../customers/subject.ts';
import { Refusal } from '../kernel/domain/refusal.ts';
import { owns, type TenantScope } from '../kernel/domain/tenant_scope.ts';
import { notFound } from '../kernel/operation/named.ts';
import type { MoneyPorts } from './ports.ts';

type Requested = Pick<InferOutput<typeof CreatePayment>, 'customer' | 'payment_method' | 'connection'>;

const savedMethod = /* @__PURE__ */ idPattern('payment_method');

export interface PaymentSource {
  /** The processor's token that stands for a saved payment method. */
  readonly savedToken?: string;
  /** Whose that token is at the processor. */
  readonly processorCustomer?: string | undefined;
  /** Through which connection; undefined: the test processor. */
  readonly connection: string | undefined;
}

export async function paymentSourceOf(
  ports: MoneyPorts,
  scope: TenantScope,
  requested: Requested,
): Promise<PaymentSource> {
  const { customer, payment_method, connection } = requested;
  const saved = payment_method !== undefined && savedMethod.test(payment_method) ? payment_method : undefined;
  if (customer === undefined) {
    if (saved === undefined) return { connection };
    const findings = [{ pointer: '/customer', detail: 'Required: a saved payment method is a customer’s' }];
    throw new Refusal('request_invalid', { findings });
  }
  const payer = await loadPayer(ports.platform, customer, saved);
  if (payer === undefined || !owns(scope, payer.subject)) throw notFound('customer');
  if (isErased(payer, payer.key)) throw new Refusal('customer_deleted');
  if (saved === undefined) return { connection };
  if (payer.details === null) throw notFound('payment_method');
  const details = openFor(await unwrapKey(ports, payer.subject, payer.key), 'details', saved, payer.details);
  const own = details.connection ?? undefined;
  if (connection !== undefined && own !== undefined && connection !== own) {
    const findings = [{ pointer: '/connection', detail: 'The payment method was saved for another connection' }];
    throw new Refusal('payment_method_unknown', { findings });
  }
  return {
    savedToken: details.token,
    processorCustomer: details.processor_customer,
    connection: connection ?? own,
  };
}
