// Who makes a key bounds it: read anew, because the caller's addresses and expiry are no part of its identity.

import type { Identity } from '../kernel/operation/call.ts';
import { Refusal } from '../kernel/operation/refusal.ts';
import type { StorePlatform } from '../kernel/store/commit.ts';
import type { IssuingKey } from './domain/key.ts';
import { keyRow, load } from './store.ts';

export async function issuingKeyOf(platform: StorePlatform, { actor, scopes }: Identity): Promise<IssuingKey> {
  const maker = await load(platform, keyRow, actor.id);
  if (maker === undefined) throw new Refusal('credentials_invalid');
  return { ...maker.value, scopes };
}
