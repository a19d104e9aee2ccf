// Lists the deliveries of one endpoint, newest first. They lie among those of the caller's other endpoints, so a page looks
// at a bounded number; it may then be short and still have a next one.

import { webhookLimits as limits } from '../../../../contract/webhooks/limits.ts';
import { listDeliveries as operation } from '../../../../contract/webhooks/operations.ts';
import { type Handler, type HandlerPorts, read } from '../../../kernel/operation/call.ts';
import { positionOf, searchedPage } from '../../../kernel/operation/page.ts';
import { tenantScopeOf } from '../../../kernel/operation/scope.ts';
import { serialize } from '../../../kernel/operation/serialize.ts';
import { readEndpoint } from '../../read.ts';
import { withResponses } from '../../serialize.ts';
import { newestDeliveries } from '../../store.ts';

export const listDeliveries: Handler<typeof operation, HandlerPorts> = async (call, { platform, keyring }) => {
  const member = tenantScopeOf(call.identity);
  const endpoint = await readEndpoint(platform, call);
  const list = [operation.id, endpoint.id];
  const after = positionOf(list, call.query.cursor);
  const page = await searchedPage(list, call.query.limit, after, limits, {
    read: (position, count) => newestDeliveries(platform, member, position, count),
    wanted: ({ webhook_endpoint }) => webhook_endpoint === endpoint.id,
    ended: () => false,
    shown: (delivery) => withResponses(keyring, delivery),
  });
  return read(serialize(operation.reply, page));
};
