// Lists the caller's events, newest first.

import { listEvents as operation } from '../../../../contract/events/operations.ts';
import { withOpenEventFields } from '../../../kernel/crypto/sealed_fields.ts';
import { serialize } from '../../../kernel/domain/serialize.ts';
import { ownerOf } from '../../../kernel/domain/tenant_scope.ts';
import { type HandlerPorts, read } from '../../../kernel/operation/call.ts';
import { cursorsOf, pageOf } from '../../../kernel/operation/page.ts';
import { route } from '../../../kernel/operation/route.ts';
import { newestEvents } from '../../store.ts';

export const listEvents = route(operation, async (call, { platform, keyring }: HandlerPorts) => {
  const { tenant, mode } = call.scope;
  const cursors = cursorsOf(keyring, call.scope, [operation.id, tenant, mode]);
  const after = await cursors.position(call.query.cursor);
  const items = await newestEvents(platform, ownerOf(call.scope), after, call.query.limit + 1);
  const page = await pageOf(cursors, call.query, items, (event) => withOpenEventFields(event, keyring));
  return read(serialize(operation.reply, page));
});
