// What only the sending of a charge needs: where its payer comes back to, which may name a person, and the token behind a
// saved payment method. It lies sealed in the payment until the charge is answered, because the reconciler may have to repeat
// the order, and a repeat must be the same order.

import * as v from 'valibot';
import type { Keyring } from '../kernel/crypto/keyring.ts';
import { parseSealed } from '../kernel/crypto/sealed_json.ts';
import type { Order } from '../processors/domain/fact.ts';
import { type ProcessorOperation, toOrder } from './domain/operation.ts';
import type { Payment } from './domain/payment.ts';

const ChargeSecrets = v.object({
  return_url: v.optional(v.string()),
  token: v.optional(v.string()),
  customer: v.optional(v.string()),
});
type ChargeSecrets = v.InferOutput<typeof ChargeSecrets>;

type Owned = Pick<Payment, 'id' | 'tenant' | 'mode'>;

const contextOf = ({ id, tenant, mode }: Owned) => ({
  tenant,
  mode,
  purpose: 'charge_secrets',
  table: 'payments',
  item: id,
  field: 'charge_secrets',
});

/** Undefined where there is nothing to keep. */
export const sealChargeSecrets = async (
  keyring: Pick<Keyring, 'seal'>,
  payment: Owned,
  { return_url, token, customer }: ChargeSecrets,
): Promise<Payment['charge_secrets']> =>
  return_url === undefined && token === undefined
    ? undefined
    : keyring.seal(JSON.stringify({ return_url, token, customer }), contextOf(payment));

/** The order of an operation, as it is sent. */
export async function orderWithSecrets(keyring: Pick<Keyring, 'open'>, operation: ProcessorOperation): Promise<Order> {
  const { payment } = operation;
  const order = toOrder(operation);
  if (payment.charge_secrets === undefined || order.kind !== 'charge') return order;
  const opened = await keyring.open(payment.charge_secrets, contextOf(payment));
  const charge_secrets = parseSealed(ChargeSecrets, opened, 'what a charge is sent with');
  const { return_url = null, token = order.payment_method, customer } = charge_secrets;
  return { ...order, return_url, payment_method: token, customer };
}
