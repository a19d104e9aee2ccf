// Lists the deliveries of one endpoint, newest first. They lie among those of the caller's other endpoints, so a page looks
// at a bounded number; it may then be short and still have a next one.

import { webhookLimits as limits } from '../../../contract/limits.ts';
import { listDeliveries as operation } from '../../../contract/operations/deliveries.ts';
import { represent } from '../../domain/representation.ts';
import { newestDeliveries } from '../../store/webhooks.ts';
import { readEndpoint } from '../../webhooks/read.ts';
import { withResponses } from '../../webhooks/shown.ts';
import { memberOf } from '../caller.ts';
import { type Handler, type HandlerPorts, read } from '../handler.ts';
import { positionOf, searchedPage } from '../page.ts';

export const listDeliveries: Handler<typeof operation, HandlerPorts> = async (call, { platform, keyring }) => {
  const member = memberOf(call.identity);
  const endpoint = await readEndpoint(platform, call);
  const list = [operation.id, endpoint.id];
  const after = positionOf(list, call.query.cursor);
  const page = await searchedPage(list, call.query.limit, after, limits, {
    read: (position, count) => newestDeliveries(platform, member, position, count),
    wanted: ({ webhook_endpoint }) => webhook_endpoint === endpoint.id,
    ended: () => false,
    shown: (delivery) => withResponses(keyring, delivery),
  });
  return read(represent(operation.reply, page));
};
