// The payment that a path names, for whoever may read it: its merchant, or its payer, whose browser has a publishable key, which
// anybody may see, and the payment's own secret. Without that secret the payment does not exist for it.

import type { confirmPayment, getPayment } from '../../contract/payments/operations.ts';
import { serialize } from '../kernel/domain/serialize.ts';
import type { Call, HandlerPorts } from '../kernel/operation/call.ts';
import { named, notFound } from '../kernel/operation/named.ts';
import type { Stored } from '../kernel/store/row.ts';
import type { Payment } from './domain/payment.ts';
import { isPayer, openPayment } from './payer_access.ts';
import { paymentRow } from './store.ts';

type Operation = typeof getPayment | typeof confirmPayment;

export async function namedForPayer(
  { platform, keyring }: HandlerPorts,
  call: Pick<Call<Operation>, 'identity' | 'params' | 'clientSecret'>,
): Promise<Stored<Payment>> {
  const payment = await named(platform, call, paymentRow);
  const { actor } = call.identity;
  if (actor.kind === 'payer' && !(await isPayer(keyring, payment.value, call.clientSecret))) throw notFound('payment');
  return payment;
}

/** All of it for its merchant; for its payer how much it is, and what to do next. */
export async function replyOf(
  { reply, payerReply }: Operation,
  { identity }: Pick<Call<Operation>, 'identity'>,
  payment: Payment,
  { keyring }: HandlerPorts,
): Promise<string> {
  return serialize(identity.actor.kind === 'payer' ? payerReply : reply, await openPayment(payment, keyring));
}
