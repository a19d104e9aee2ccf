// Lists the deliveries of one endpoint, newest first. They lie among those of the caller's other endpoints, so a page examines
// a bounded number; it may then be short and still have a next one.

import { webhookLimits as limits } from '../../../../contract/webhooks/limits.ts';
import { listDeliveries as operation } from '../../../../contract/webhooks/operations.ts';
import { serialize } from '../../../kernel/domain/serialize.ts';
import { type HandlerPorts, read } from '../../../kernel/operation/call.ts';
import { namedPresent } from '../../../kernel/operation/named.ts';
import { cursorsOf, searchedPage } from '../../../kernel/operation/page.ts';
import { route } from '../../../kernel/operation/route.ts';
import { withResponses } from '../../open_responses.ts';
import { newestDeliveries } from '../../store/deliveries.ts';
import { endpointRow } from '../../store/endpoints.ts';

export const listDeliveries = route(operation, async (call, { platform, keyring }: HandlerPorts) => {
  const { value: endpoint } = await namedPresent(platform, call, endpointRow);
  const cursors = cursorsOf(keyring, call.scope, [operation.id, endpoint.id]);
  const after = await cursors.position(call.query.cursor);
  const page = await searchedPage(cursors, call.query.limit, after, limits, {
    read: (position, count) => newestDeliveries(platform, call.scope, position, count),
    wanted: ({ webhook_endpoint }) => webhook_endpoint === endpoint.id,
    ended: () => false,
    shown: (delivery) => withResponses(delivery, keyring),
  });
  return read(serialize(operation.reply, page));
});
