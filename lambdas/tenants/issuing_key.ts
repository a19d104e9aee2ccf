// The key that issues another bounds it. It is read here, because addresses and expiry are no part of a caller's identity.

import { Refusal } from '../kernel/domain/refusal.ts';
import type { Identity } from '../kernel/operation/call.ts';
import type { StorePlatform } from '../kernel/store/commit.ts';
import { load } from '../kernel/store/load.ts';
import type { IssuingKey } from './domain/key.ts';
import { keyRow } from './store.ts';

export async function issuingKeyOf(platform: StorePlatform, { actor, scopes }: Identity): Promise<IssuingKey> {
  const issuing = await load(platform, keyRow, { id: actor.id });
  if (issuing === undefined) throw new Refusal('credentials_invalid');
  return { ...issuing.value, scopes };
}
