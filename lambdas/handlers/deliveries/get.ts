// Reads one delivery with every attempt.

import type { getDelivery as operation } from '../../../contract/operations/deliveries.ts';
import { Refusal } from '../../domain/refusal.ts';
import { loadDelivery } from '../../store/webhooks.ts';
import { shownDelivery } from '../../webhooks/shown.ts';
import { memberOf } from '../caller.ts';
import { type Handler, type HandlerPorts, read } from '../handler.ts';

export const getDelivery: Handler<typeof operation, HandlerPorts> = async (call, { platform, keyring }) => {
  const found = await loadDelivery(platform, memberOf(call.identity), call.params.delivery_id ?? '');
  if (found === undefined) throw new Refusal('delivery_not_found');
  return read(await shownDelivery(keyring)(found.value));
};
