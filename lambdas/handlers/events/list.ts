// Lists the caller's events, newest first.

import { listEvents as operation } from '../../../contract/operations/events.ts';
import { withEventTexts } from '../../crypto/texts.ts';
import { represent } from '../../domain/representation.ts';
import { newestEvents } from '../../store/events.ts';
import { memberOf } from '../caller.ts';
import { type Handler, type HandlerPorts, read } from '../handler.ts';
import { pageOf, positionOf } from '../page.ts';

export const listEvents: Handler<typeof operation, HandlerPorts> = async (call, { platform, keyring }) => {
  const { tenant, mode } = memberOf(call.identity);
  const list = [operation.id, tenant, mode];
  const after = positionOf(list, call.query.cursor);
  const items = await newestEvents(platform, `${tenant}#${mode}`, after, call.query.limit + 1);
  const page = await pageOf(list, call.query, items, (event) => withEventTexts(keyring, event));
  return read(represent(operation.reply, page));
};
