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

type Requested = Pick<InferOutput<typeof CreatePayment>, 'customer' | 'payment_method' | 'connection' | 'off_session'>;
type Usage = Requested & Pick<InferOutput<typeof CreatePayment>, 'setup_future_usage'>;

const savedMethod = /* @__PURE__ */ idPattern('payment_method');

const isSaved = (payment_method: string | undefined): payment_method is string =>
  payment_method !== undefined && savedMethod.test(payment_method);

/** What may be kept, and what may be charged without its payer. */
export function checkUsage({ customer, payment_method, setup_future_usage, off_session }: Usage): void {
  const refuse = (pointer: string, detail: string): never => {
    throw new Refusal('request_invalid', { findings: [{ pointer, detail }] });
  };
  if (off_session && !isSaved(payment_method)) {
    refuse('/off_session', 'Only a saved payment method can be charged without its payer');
  }
  if (setup_future_usage === undefined) return;
  if (isSaved(payment_method)) refuse('/setup_future_usage', 'This payment method is saved already');
  if (customer === undefined) refuse('/customer', 'Required: a payment method is kept for a customer');
}

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
  const saved = isSaved(payment_method) ? payment_method : undefined;
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
  if (requested.off_session && details.usage === 'on_session') {
    const findings = [{ pointer: '/off_session', detail: 'Its payer agreed to payments while being there alone' }];
    throw new Refusal('request_invalid', { findings });
  }
  const own = details.connection ?? undefined;
  if (connection !== undefined && own !== undefined && connection !== own) {
    const findings = [{ pointer: '/connection', detail: `The payment method was saved for ${own}` }];
    throw new Refusal('payment_method_unknown', { findings });
  }
  return {
    savedToken: details.token,
    processorCustomer: details.processor_customer,
    connection: connection ?? own,
  };
}
