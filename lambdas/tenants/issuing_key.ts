// The key that issues another bounds it, and names it in its own row, in the same commit: a key that is revoked meanwhile issues
// none. It is read here, because addresses and expiry are no part of a caller's identity.

import type { Refused } from '../kernel/domain/decision.ts';
import { Refusal } from '../kernel/domain/refusal.ts';
import type { Identity } from '../kernel/operation/call.ts';
import type { StorePlatform, Write } from '../kernel/store/commit.ts';
import { load } from '../kernel/store/load.ts';
import { type IssuingKey, type Key, withMade } from './domain/key.ts';
import { keyRow } from './store.ts';

export interface Issuing {
  readonly bounds: IssuingKey;
  /** Belongs into the commit that makes the key. */
  readonly write: Write<Key>;
}

/** Read again with each try of that commit. */
export async function issuingKeyOf(
  platform: StorePlatform,
  { actor, scopes }: Identity,
  made: string,
  nowMs: number,
): Promise<Issuing | Refused> {
  const before = await load(platform, keyRow, { id: actor.id });
  if (before === undefined) throw new Refusal('credentials_invalid');
  const decided = withMade(before.value, made, nowMs);
  if ('refused' in decided) return decided;
  return { bounds: { ...before.value, scopes }, write: { type: keyRow, before, next: decided.maker } };
}
