// Reads one delivery with every attempt.

import type { getDelivery as operation } from '../../../../contract/webhooks/delivery_operations.ts';
import { type Handler, type HandlerPorts, read } from '../../../kernel/operation/call.ts';
import { Refusal } from '../../../kernel/operation/refusal.ts';
import { memberOf } from '../../../kernel/operation/scope.ts';
import { shownDelivery } from '../../serialize.ts';
import { loadDelivery } from '../../store.ts';

export const getDelivery: Handler<typeof operation, HandlerPorts> = async (call, { platform, keyring }) => {
  const found = await loadDelivery(platform, memberOf(call.identity), call.params.delivery_id ?? '');
  if (found === undefined) throw new Refusal('delivery_not_found');
  return read(await shownDelivery(keyring)(found.value));
};
