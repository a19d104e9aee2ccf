// Who makes a key bounds it: read anew, because the caller's addresses and expiry are no part of its identity.

import type { Maker } from '../domain/key.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Identity } from '../handlers/handler.ts';
import type { StorePlatform } from '../store/commit.ts';
import { keyRow, load } from '../store/tenants.ts';

export async function makerOf(platform: StorePlatform, { actor, scopes }: Identity): Promise<Maker> {
  const maker = await load(platform, keyRow, actor.id);
  if (maker === undefined) throw new Refusal('credentials_invalid');
  return { ...maker.value, scopes };
}
