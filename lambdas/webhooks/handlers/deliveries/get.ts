// Reads one delivery with every attempt.

import type { getDelivery as operation } from '../../../../contract/webhooks/operations.ts';
import { type Handler, type HandlerPorts, read } from '../../../kernel/operation/call.ts';
import { Refusal } from '../../../kernel/operation/refusal.ts';
import { tenantScopeOf } from '../../../kernel/operation/scope.ts';
import { toPublicDelivery } from '../../serialize.ts';
import { loadDelivery } from '../../store.ts';

export const getDelivery: Handler<typeof operation, HandlerPorts> = async (call, { platform, keyring }) => {
  const found = await loadDelivery(platform, tenantScopeOf(call.identity), call.params.delivery_id ?? '');
  if (found === undefined) throw new Refusal('delivery_not_found');
  return read(await toPublicDelivery(keyring)(found.value));
};
