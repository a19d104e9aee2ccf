// Lists the caller's webhook endpoints, newest first. There are so few of them that they are read whole.

import { listWebhookEndpoints as operation } from '../../../contract/operations/webhook_endpoints.ts';
import { withTexts } from '../../crypto/texts.ts';
import { represent } from '../../domain/representation.ts';
import { listPosition } from '../../store/row.ts';
import { endpointsOf } from '../../store/webhooks.ts';
import { memberOf } from '../caller.ts';
import { type Handler, type HandlerPorts, read } from '../handler.ts';
import { pageOf, positionOf } from '../page.ts';

export const listWebhookEndpoints: Handler<typeof operation, HandlerPorts> = async (call, { platform, keyring }) => {
  const member = memberOf(call.identity);
  const list = [operation.id, member.tenant, member.mode];
  const after = positionOf(list, call.query.cursor);
  const placed = (await endpointsOf(platform, member))
    .map(({ value }) => ({ position: listPosition(value.created_at, value.id), value }))
    .filter(({ position }) => after === undefined || position < after)
    .sort((a, b) => (a.position < b.position ? 1 : -1));
  const page = pageOf(list, call.query, placed);
  const data = await Promise.all(page.data.map((endpoint) => withTexts(keyring, endpoint)));
  return read(represent(operation.reply, { ...page, data }));
};
