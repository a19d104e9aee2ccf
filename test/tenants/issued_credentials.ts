// Credentials as they lie in the table, with the text that their holder has: made by the product's own rules, for a stage
// named test in the zone us.

import { scopes } from '../../contract/kernel/vocabulary.ts';
import { markStage, mintCredential } from '../../lambdas/kernel/crypto/credential.ts';
import { platformSecret } from '../../lambdas/kernel/crypto/platform_secrets.ts';
import { timestamp } from '../../lambdas/kernel/platform/clock.ts';
import { derivedId } from '../../lambdas/kernel/platform/ids.ts';
import type { Platform } from '../../lambdas/kernel/platform/platform.ts';
import { createKey, type Key, type NewKey, unbounded } from '../../lambdas/tenants/domain/key.ts';
import type { Operator } from '../../lambdas/tenants/domain/tenant.ts';
import { createOperator } from '../../lambdas/tenants/store.ts';

export const stage = 'test';

/** Who puts them there. */
export const deployer = {
  tenant: 'platform',
  mode: 'live',
  actor: { kind: 'system', id: 'test' },
  onBehalfOf: null,
  requestId: 'req-1',
  address: null,
} as const;

let made = 0;

const mint = async (platform: Platform, kind: 'key' | 'operator', mode: NewKey['mode'] | null, publishable = false) => {
  made += 1;
  const id = markStage(derivedId(kind, 'us', ['issued', made]), stage);
  const peppers = await platformSecret(platform, 'peppers')();
  return { id, minted: mintCredential(id, mode, 'us', platform.random, peppers, publishable) };
};

export interface Issued {
  readonly key: Key;
  readonly text: string;
}

/** Written only by its caller. `written`: the mode that its text claims, where it is another one. */
export async function issuedKey(
  platform: Platform,
  { tenant, mode, written = mode }: Pick<NewKey, 'tenant' | 'mode'> & { readonly written?: NewKey['mode'] },
  more: Partial<Key> = {},
): Promise<Issued> {
  const { id, minted } = await mint(platform, 'key', written, more.kind === 'publishable');
  const origin = {
    id,
    tenant,
    mode,
    secretHmac: minted.stored,
    bodyDigest: 'digest',
    createdBy: `opr_us_${'a'.repeat(26)}`,
  };
  const decided = createKey(origin, { name: 'a key', scopes: [...scopes] }, unbounded, platform.clock());
  if ('refused' in decided) throw new Error(decided.refused);
  return { key: { ...decided.next, ...more }, text: minted.text.reveal() };
}

export async function issuedOperator(
  platform: Platform,
  status: Operator['status'],
): Promise<{ readonly id: string; readonly text: string }> {
  const { id, minted } = await mint(platform, 'operator', null);
  const created_at = timestamp(platform.clock());
  const secret_hmac = minted.stored;
  const operator = { id, object: 'operator', name: 'x', status, expires_at: null, secret_hmac, created_at } as const;
  await createOperator(platform, operator, deployer);
  return { id, text: minted.text.reveal() };
}
