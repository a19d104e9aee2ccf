// Lists the caller's events, newest first.

import { listEvents as operation } from '../../../contract/operations/events.ts';
import { represent } from '../../domain/representation.ts';
import { newestEvents } from '../../store/events.ts';
import { memberOf } from '../caller.ts';
import { type Handler, type HandlerPorts, read } from '../handler.ts';
import { pageOf, positionOf } from '../page.ts';

export const listEvents: Handler<typeof operation, HandlerPorts> = async (call, { platform }) => {
  const { tenant, mode } = memberOf(call.identity);
  const list = [operation.id, tenant, mode];
  const after = positionOf(list, call.query.cursor);
  const items = await newestEvents(platform, `${tenant}#${mode}`, after, call.query.limit + 1);
  return read(represent(operation.reply, pageOf(list, call.query, items)));
};
