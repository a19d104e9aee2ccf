// Reads one payment, strongly consistent: a merchant sees what it has just done.

import { getPayment as operation } from '../../../../contract/payments/operations.ts';
import { withOpenFields } from '../../../kernel/crypto/sealed_fields.ts';
import { type Handler, type HandlerPorts, read } from '../../../kernel/operation/call.ts';
import { Refusal } from '../../../kernel/operation/refusal.ts';
import { owns, tenantScopeOf } from '../../../kernel/operation/scope.ts';
import { serialize } from '../../../kernel/operation/serialize.ts';
import { loadPayment } from '../../store.ts';

export const getPayment: Handler<typeof operation, HandlerPorts> = async (call, { platform, keyring }) => {
  const found = await loadPayment(platform, call.params.payment_id ?? '');
  if (found === undefined || !owns(tenantScopeOf(call.identity), found.value)) throw new Refusal('payment_not_found');
  return read(serialize(operation.reply, await withOpenFields(keyring, found.value)));
};
