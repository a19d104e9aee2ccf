// A page of the caller's own objects of one kind, newest first.

import type { Operation } from '../../../contract/capabilities.ts';
import { serialize } from '../domain/serialize.ts';
import { ownerOf } from '../domain/tenant_scope.ts';
import { newestListed } from '../store/lists.ts';
import type { RowType } from '../store/row.ts';
import { type HandlerPorts, read } from './call.ts';
import { cursorsOf, identity, type Opening, type PageQuery, pageOf } from './page.ts';
import { type Route, route } from './route.ts';

/** `open` opens what lies sealed in an object. */
export const list = <O extends Operation, T>(
  operation: O,
  type: RowType<T>,
  open: Opening<T> = identity,
): Route<HandlerPorts> =>
  route(operation, async (call, { platform, keyring }) => {
    const { tenant, mode } = call.scope;
    const query = call.query as PageQuery;
    const cursors = cursorsOf(keyring, call.scope, [operation.id, tenant, mode]);
    const after = await cursors.position(query.cursor);
    const items = await newestListed(platform, type, ownerOf(call.scope), after, query.limit + 1);
    return read(
      serialize(operation.reply, await pageOf(cursors, query, items, (value) => open(value, keyring, platform))),
    );
  });
