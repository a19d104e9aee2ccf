// What only the sending of a charge needs: where its payer comes back to, which may name a person, and the token behind a
// saved payment method. It lies sealed in the payment until the charge is answered, because a repeat of the order must be the
// same order, and whoever repeats it may be the sweeper.

import * as v from 'valibot';
import type { Keyring } from '../kernel/crypto/keyring.ts';
import { parseSealed } from '../kernel/crypto/sealed_json.ts';
import type { Order } from '../processors/fact.ts';
import { type Instruction, orderOf } from './domain/operation.ts';
import type { Payment } from './domain/payment.ts';

const Sending = v.object({ return_url: v.optional(v.string()), token: v.optional(v.string()) });
type Sending = v.InferOutput<typeof Sending>;

type Owned = Pick<Payment, 'id' | 'tenant' | 'mode'>;

const placeOf = ({ id, tenant, mode }: Owned) => ({
  tenant,
  mode,
  purpose: 'sending',
  table: 'payments',
  item: id,
  field: 'sending',
});

/** Undefined where there is nothing to keep. */
export const sealSending = async (
  keyring: Pick<Keyring, 'seal'>,
  payment: Owned,
  { return_url, token }: Sending,
): Promise<Payment['sending']> =>
  return_url === undefined && token === undefined
    ? undefined
    : keyring.seal(JSON.stringify({ return_url, token }), placeOf(payment));

/** The order of an instruction, as it is sent. */
export async function orderToSend(keyring: Pick<Keyring, 'open'>, instruction: Instruction): Promise<Order> {
  const { payment } = instruction;
  const order = orderOf(instruction);
  if (payment.sending === undefined || order.kind !== 'charge') return order;
  const opened = await keyring.open(payment.sending, placeOf(payment));
  const sending = parseSealed(Sending, opened, 'what a charge is sent with');
  const { return_url = null, token = order.payment_method } = sending;
  return { ...order, return_url, payment_method: token };
}
