// Who makes a key bounds it: read anew, because the caller's addresses and expiry are no part of its identity.

import { Refusal } from '../kernel/domain/refusal.ts';
import type { Identity } from '../kernel/operation/call.ts';
import type { StorePlatform } from '../kernel/store/commit.ts';
import { load } from '../kernel/store/load.ts';
import type { IssuingKey } from './domain/key.ts';
import { keyRow } from './store.ts';

export async function issuingKeyOf(platform: StorePlatform, { actor, scopes }: Identity): Promise<IssuingKey> {
  const maker = await load(platform, keyRow, { id: actor.id });
  if (maker === undefined) throw new Refusal('credentials_invalid');
  return { ...maker.value, scopes };
}
