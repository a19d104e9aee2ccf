// Revokes an API key: the next request with it is refused. Revoking twice is the same as once.

import { keyLimits } from '../../../../contract/tenants/limits.ts';
import { revokeKey as operation } from '../../../../contract/tenants/operations.ts';
import { committed, type Handler } from '../../../kernel/operation/call.ts';
import { Refusal } from '../../../kernel/operation/refusal.ts';
import { auditContextOf, owns, tenantScopeOf } from '../../../kernel/operation/scope.ts';
import { serialize } from '../../../kernel/operation/serialize.ts';
import * as domain from '../../domain/key.ts';
import type { TenantPorts } from '../../ports.ts';
import { keyRow, load, revokeKey as revoke } from '../../store.ts';

export const revokeKey: Handler<typeof operation, TenantPorts> = async (call, ports) => {
  const member = tenantScopeOf(call.identity);
  const act = await auditContextOf(call, member, ports.keyring);
  for (let tries = 0; tries < keyLimits.commitTries; tries += 1) {
    const key = await load(ports.platform, keyRow, call.params.key_id ?? '');
    if (key === undefined || !owns(member, key.value)) throw new Refusal('key_not_found');
    const change = domain.revokeKey(key.value);
    if (change === null) return { body: serialize(operation.reply, key.value), outcome: 'unchanged' };
    const done = await revoke(ports.platform, key, change.next, change.fact, act);
    if (done.kind === 'committed') return committed(serialize(operation.reply, change.next));
  }
  throw new Refusal('unavailable', { retryAfterSeconds: 1 });
};
