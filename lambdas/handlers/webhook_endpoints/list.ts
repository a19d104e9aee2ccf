// Lists the caller's webhook endpoints, newest first. There are so few of them that they are read whole.

import { listWebhookEndpoints as operation } from '../../../contract/operations/webhook_endpoints.ts';
import { withTexts } from '../../crypto/texts.ts';
import { represent } from '../../domain/representation.ts';
import { endpointsOf } from '../../store/webhooks.ts';
import { memberOf } from '../caller.ts';
import { type Handler, type HandlerPorts, read } from '../handler.ts';
import { newestAfter, pageOf, positionOf } from '../page.ts';

export const listWebhookEndpoints: Handler<typeof operation, HandlerPorts> = async (call, { platform, keyring }) => {
  const member = memberOf(call.identity);
  const list = [operation.id, member.tenant, member.mode];
  const after = positionOf(list, call.query.cursor);
  const endpoints = (await endpointsOf(platform, member)).map(({ value }) => value);
  const items = newestAfter(endpoints, after);
  const page = await pageOf(list, call.query, items, (endpoint) => withTexts(keyring, endpoint));
  return read(represent(operation.reply, page));
};
