// Reads one payment, strongly consistent: a merchant sees what it has just done.

import { getPayment as operation } from '../../../contract/operations/payments.ts';
import { withTexts } from '../../crypto/texts.ts';
import { Refusal } from '../../domain/refusal.ts';
import { represent } from '../../domain/representation.ts';
import { loadPayment } from '../../store/payments.ts';
import { memberOf, owns } from '../caller.ts';
import { type Handler, type HandlerPorts, read } from '../handler.ts';

export const getPayment: Handler<typeof operation, HandlerPorts> = async (call, { platform, keyring }) => {
  const found = await loadPayment(platform, call.params.payment_id ?? '');
  if (found === undefined || !owns(memberOf(call.identity), found.value)) throw new Refusal('payment_not_found');
  return read(represent(operation.reply, await withTexts(keyring, found.value)));
};
