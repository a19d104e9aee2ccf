// Reads one delivery with every attempt.

import { getDelivery as operation } from '../../../contract/operations/deliveries.ts';
import { Refusal } from '../../domain/refusal.ts';
import { represent } from '../../domain/representation.ts';
import { loadDelivery } from '../../store/webhooks.ts';
import { memberOf } from '../caller.ts';
import { type Handler, type HandlerPorts, read } from '../handler.ts';

export const getDelivery: Handler<typeof operation, HandlerPorts> = async (call, { platform }) => {
  const found = await loadDelivery(platform, memberOf(call.identity), call.params.delivery_id ?? '');
  if (found === undefined) throw new Refusal('delivery_not_found');
  return read(represent(operation.reply, found.value));
};
