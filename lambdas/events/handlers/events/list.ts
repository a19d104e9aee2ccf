// Lists the caller's events, newest first.

import { listEvents as operation } from '../../../../contract/events/operations.ts';
import { withOpenEventFields } from '../../../kernel/crypto/sealed_fields.ts';
import { type Handler, type HandlerPorts, read } from '../../../kernel/operation/call.ts';
import { pageOf, positionOf } from '../../../kernel/operation/page.ts';
import { tenantScopeOf } from '../../../kernel/operation/scope.ts';
import { serialize } from '../../../kernel/operation/serialize.ts';
import { newestEvents } from '../../store.ts';

export const listEvents: Handler<typeof operation, HandlerPorts> = async (call, { platform, keyring }) => {
  const { tenant, mode } = tenantScopeOf(call.identity);
  const list = [operation.id, tenant, mode];
  const after = positionOf(list, call.query.cursor);
  const items = await newestEvents(platform, `${tenant}#${mode}`, after, call.query.limit + 1);
  const page = await pageOf(list, call.query, items, (event) => withOpenEventFields(keyring, event));
  return read(serialize(operation.reply, page));
};
