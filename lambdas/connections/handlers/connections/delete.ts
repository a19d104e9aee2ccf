// Disconnects a payment processor: it takes no new payments, and what it tells is not taken in. Its credentials are kept for
// the payments that it took, and destroyed after that. Deleting twice is the same as once.

import { connectionLimits as limits } from '../../../../contract/connections/limits.ts';
import { deleteConnection as operation } from '../../../../contract/connections/operations.ts';
import { withOpenFields } from '../../../kernel/crypto/sealed_fields.ts';
import { committed, type Handler } from '../../../kernel/operation/call.ts';
import { Refusal } from '../../../kernel/operation/refusal.ts';
import { auditContextOf, owns, tenantScopeOf } from '../../../kernel/operation/scope.ts';
import { serialize } from '../../../kernel/operation/serialize.ts';
import { commit } from '../../../kernel/store/commit.ts';
import { type Connection, deleteConnection as decide } from '../../domain/connection.ts';
import type { ConnectionPorts } from '../../ports.ts';
import { connectionRow, loadConnection } from '../../store.ts';

export const deleteConnection: Handler<typeof operation, ConnectionPorts> = async (call, { platform, keyring }) => {
  const member = tenantScopeOf(call.identity);
  const act = await auditContextOf(call, member, keyring);
  const shown = async (connection: Connection): Promise<string> =>
    serialize(operation.reply, await withOpenFields(keyring, connection));
  for (let tries = 0; tries < limits.commitTries; tries += 1) {
    const before = await loadConnection(platform, call.params.connection_id ?? '');
    if (before === undefined || !owns(member, before.value)) throw new Refusal('connection_not_found');
    const change = decide(before.value, platform.clock());
    if (change === null) return { body: await shown(before.value), outcome: 'unchanged' };
    const { next, fact } = change;
    const recording = fact && { type: fact, aggregateId: next.id };
    const done = await commit(platform, [{ type: connectionRow, before, next }], recording, act);
    if (done.kind === 'committed') return committed(await shown(next));
  }
  throw new Refusal('unavailable', { retryAfterSeconds: 1 });
};
