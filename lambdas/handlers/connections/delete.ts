// Disconnects a payment processor: it takes no new payments, and what it tells is not taken in. Its credentials are kept for
// the payments that it took, and destroyed after that. Deleting twice is the same as once.

import { connectionLimits as limits } from '../../../contract/limits.ts';
import { deleteConnection as operation } from '../../../contract/operations/connections.ts';
import type { ConnectionPorts } from '../../connections/ports.ts';
import { withTexts } from '../../crypto/texts.ts';
import { type Connection, deleteConnection as decide } from '../../domain/connection.ts';
import { Refusal } from '../../domain/refusal.ts';
import { represent } from '../../domain/representation.ts';
import { commit } from '../../store/commit.ts';
import { connectionRow, loadConnection } from '../../store/providers.ts';
import { actOf, memberOf, owns } from '../caller.ts';
import { committed, type Handler } from '../handler.ts';

export const deleteConnection: Handler<typeof operation, ConnectionPorts> = async (call, { platform, keyring }) => {
  const member = memberOf(call.identity);
  const act = await actOf(call, member, keyring);
  const shown = async (connection: Connection): Promise<string> =>
    represent(operation.reply, await withTexts(keyring, connection));
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
