// Revokes an API key, alone or with every key that exists because of it: the next request with any of them is refused. Revoking
// twice is the same as once.

import { revokeKey as operation } from '../../../../contract/tenants/operations.ts';
import { serialize } from '../../../kernel/domain/serialize.ts';
import { committed, type HandlerPorts, unchanged } from '../../../kernel/operation/call.ts';
import { named } from '../../../kernel/operation/named.ts';
import { route } from '../../../kernel/operation/route.ts';
import { revokeDescendants, revokeOne } from '../../descendants.ts';
import { keyRow } from '../../store.ts';

export const revokeKey = route(operation, async (call, { platform }: HandlerPorts) => {
  const audit = await call.auditContext();
  // The key first: from then on nobody can make another with it.
  const { key, changed } = await revokeOne(platform, () => named(platform, call, keyRow), audit);
  const descendants = call.query.descendants === 'revoke' ? await revokeDescendants(platform, key, audit) : null;
  const body = serialize(operation.reply, { ...key, descendants });
  return changed || (descendants?.revoked ?? 0) > 0 ? committed(body) : unchanged(body);
});
