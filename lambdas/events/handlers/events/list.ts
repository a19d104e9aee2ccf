// Lists the caller's events, newest first.

import { listEvents as operation } from '../../../../contract/events/operations.ts';
import { withOpenEventFields } from '../../../kernel/crypto/sealed_fields.ts';
import { serialize } from '../../../kernel/domain/serialize.ts';
import { ownerOf } from '../../../kernel/domain/tenant_scope.ts';
import { type Handler, type HandlerPorts, read } from '../../../kernel/operation/call.ts';
import { pageOf, positionOf } from '../../../kernel/operation/page.ts';
import { newestEvents } from '../../store.ts';

export const listEvents: Handler<typeof operation, HandlerPorts> = async (call, { platform, keyring }) => {
  const { tenant, mode } = call.scope;
  const list = [operation.id, tenant, mode];
  const after = positionOf(list, call.query.cursor);
  const items = await newestEvents(platform, ownerOf(call.scope), after, call.query.limit + 1);
  const page = await pageOf(list, call.query, items, (event) => withOpenEventFields(event, keyring));
  return read(serialize(operation.reply, page));
};
