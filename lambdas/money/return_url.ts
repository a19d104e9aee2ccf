// Where a payment's payer comes back to, as its merchant wrote it: it may name a person, so it lies sealed in the payment,
// and only until its charge is answered. A repeat of the order must bear the same one.

import type { Keyring } from '../crypto/keyring.ts';
import { type Instruction, orderOf } from '../domain/instruction.ts';
import type { Payment } from '../domain/payment.ts';
import type { Order } from '../domain/provider_fact.ts';

const returnUrlPlace = ({ id, tenant, mode }: Pick<Payment, 'id' | 'tenant' | 'mode'>) => ({
  tenant,
  mode,
  purpose: 'return_url',
  table: 'payments',
  item: id,
  field: 'return_url',
});

export const sealReturnUrl = async (
  keyring: Pick<Keyring, 'seal'>,
  payment: Pick<Payment, 'id' | 'tenant' | 'mode'>,
  url: string | undefined,
): Promise<Payment['return_url']> => (url === undefined ? undefined : keyring.seal(url, returnUrlPlace(payment)));

/** The order of an instruction, as it is sent. */
export async function orderToSend(keyring: Pick<Keyring, 'open'>, instruction: Instruction): Promise<Order> {
  const { return_url: sealed } = instruction.payment;
  const order = orderOf(instruction);
  if (sealed === undefined || order.kind !== 'charge') return order;
  return { ...order, return_url: await keyring.open(sealed, returnUrlPlace(instruction.payment)) };
}
