// Lists the caller's API keys, or those that one of them made, newest first; never a secret.

import { listKeys as operation } from '../../../../contract/tenants/operations.ts';
import { serialize } from '../../../kernel/domain/serialize.ts';
import { ownerOf } from '../../../kernel/domain/tenant_scope.ts';
import { type HandlerPorts, read } from '../../../kernel/operation/call.ts';
import { named } from '../../../kernel/operation/named.ts';
import { cursorsOf, identity, newestAfter, pageOf } from '../../../kernel/operation/page.ts';
import { route } from '../../../kernel/operation/route.ts';
import { newestListed } from '../../../kernel/store/lists.ts';
import { keysNamed } from '../../descendants.ts';
import { childrenOf } from '../../domain/key.ts';
import { keyRow } from '../../store.ts';

export const listKeys = route(operation, async (call, { platform, keyring }: HandlerPorts) => {
  const { tenant, mode } = call.scope;
  const { created_by, cursor, limit } = call.query;
  const cursors = cursorsOf(keyring, call.scope, [operation.id, tenant, mode, created_by ?? '']);
  const after = await cursors.position(cursor);
  const madeBy = async (id: string) => {
    const maker = await named(platform, { ...call, params: { key_id: id } }, keyRow);
    const keys = await keysNamed(platform, childrenOf(maker.value));
    return newestAfter(
      keys.filter((key) => key.created_by === id),
      after,
    );
  };
  const items =
    created_by === undefined
      ? await newestListed(platform, keyRow, ownerOf(call.scope), after, limit + 1)
      : await madeBy(created_by);
  return read(serialize(operation.reply, await pageOf(cursors, call.query, items, identity)));
});
