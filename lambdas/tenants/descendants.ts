// The keys that exist because of another: those that it made, its successors, and theirs. Each is revoked by a commit of its own,
// with its own fact. The walk begins at the top again with every request, so what a crash left half-done a repeat finishes.

import { awsLimits } from '../../contract/kernel/limits.ts';
import { keyLimits } from '../../contract/tenants/limits.ts';
import { Defect } from '../kernel/domain/refusal.ts';
import type { HandlerPorts } from '../kernel/operation/call.ts';
import { type AuditContext, commitChange } from '../kernel/store/commit.ts';
import { batchGet, load } from '../kernel/store/load.ts';
import { conflict, untilCommitted } from '../kernel/store/retry.ts';
import { fromItem, type Stored } from '../kernel/store/row.ts';
import { childrenOf, type Key, revokeKey } from './domain/key.ts';
import { keyRow } from './store.ts';

type Platform = HandlerPorts['platform'];

/** The keys of these ids, strongly consistent, in no order. */
export async function keysNamed(
  platform: Pick<Platform, 'config' | 'dynamodb'>,
  ids: readonly string[],
): Promise<Key[]> {
  const found: Key[] = [];
  for (let from = 0; from < ids.length; from += awsLimits.batchGetItems) {
    const keys = ids.slice(from, from + awsLimits.batchGetItems).map((id) => keyRow.key({ id } as Key));
    const read = await batchGet(platform, { tenants: { keys, consistent: true } });
    found.push(...read('tenants').map((item) => fromItem(keyRow, item).value));
  }
  return found;
}

/** Revokes one key: what it was when nobody could make another with it any more, and whether this changed it. */
export const revokeOne = (
  platform: Platform,
  find: () => Promise<Stored<Key> | undefined>,
  audit: AuditContext,
): Promise<{ readonly key: Key; readonly changed: boolean }> =>
  untilCommitted(platform, async () => {
    const before = await find();
    if (before === undefined) throw new Defect('a key names one that does not exist');
    const decided = revokeKey(before.value);
    if (decided === null) return { key: before.value, changed: false };
    const done = await commitChange(platform, keyRow, before, decided, audit);
    return done.kind === 'committed' ? { key: decided.next, changed: true } : conflict;
  });

/** `root` is revoked, so it makes no more. `has_more`: the bounds of one request were reached. */
export async function revokeDescendants(
  platform: Platform,
  root: Key,
  audit: AuditContext,
): Promise<{ readonly revoked: number; readonly has_more: boolean }> {
  const stopMs = platform.clock() + keyLimits.descendantsMs;
  const seen = new Set([root.id]);
  const waiting = [...childrenOf(root)];
  let revoked = 0;
  while (waiting.length > 0) {
    const ids = [...new Set(waiting.splice(0, awsLimits.batchGetItems))].filter((id) => !seen.has(id));
    if (seen.size + ids.length > keyLimits.descendantsRead || platform.clock() >= stopMs) {
      return { revoked, has_more: true };
    }
    for (const id of ids) seen.add(id);
    for (const found of await keysNamed(platform, ids)) {
      if (found.status === 'revoked') {
        waiting.push(...childrenOf(found));
        continue;
      }
      if (revoked === keyLimits.descendantsRevoked || platform.clock() >= stopMs) return { revoked, has_more: true };
      const { key, changed } = await revokeOne(platform, () => load(platform, keyRow, { id: found.id }), audit);
      if (changed) revoked += 1;
      waiting.push(...childrenOf(key));
    }
  }
  return { revoked, has_more: false };
}
