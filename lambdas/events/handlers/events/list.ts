// Lists the caller's events, newest first.

import { listEvents as operation } from '../../../../contract/events/operations.ts';
import { withEventTexts } from '../../../kernel/crypto/sealed_fields.ts';
import { type Handler, type HandlerPorts, read } from '../../../kernel/operation/call.ts';
import { pageOf, positionOf } from '../../../kernel/operation/page.ts';
import { memberOf } from '../../../kernel/operation/scope.ts';
import { represent } from '../../../kernel/operation/serialize.ts';
import { newestEvents } from '../../store.ts';

export const listEvents: Handler<typeof operation, HandlerPorts> = async (call, { platform, keyring }) => {
  const { tenant, mode } = memberOf(call.identity);
  const list = [operation.id, tenant, mode];
  const after = positionOf(list, call.query.cursor);
  const items = await newestEvents(platform, `${tenant}#${mode}`, after, call.query.limit + 1);
  const page = await pageOf(list, call.query, items, (event) => withEventTexts(keyring, event));
  return read(represent(operation.reply, page));
};
