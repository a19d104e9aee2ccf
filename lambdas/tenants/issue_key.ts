// Issues an API key: its secret is in the first reply and nowhere else; only an HMAC of it is stored.

import { mintCredential } from '../kernel/crypto/credential.ts';
import type { Change, Refused } from '../kernel/domain/decision.ts';
import type { NewObject } from '../kernel/domain/new_object.ts';
import { Refusal } from '../kernel/domain/refusal.ts';
import type { CreatePorts, Creation } from '../kernel/operation/create.ts';
import type { Ports } from '../kernel/operation/ports.ts';
import type { Key, NewKey } from './domain/key.ts';

export type IssuePorts = CreatePorts & Pick<Ports, 'peppers'>;

/** A secret key holds some; a publishable one none, as what it may do is decided by the payment's own secret. */
export function refuseScopes({ kind, scopes }: { readonly kind: Key['kind']; readonly scopes?: unknown }): void {
  if ((kind === 'publishable') === (scopes === undefined)) return;
  const detail = kind === 'secret' ? 'Expected at least one scope' : 'A publishable key has none';
  throw new Refusal('request_invalid', { findings: [{ pointer: '/scopes', detail }] });
}

/** `decide` is given the key with its secret's HMAC. */
export async function issueKey<D extends Change<Key>>(
  { platform, peppers }: IssuePorts,
  origin: NewObject,
  createdBy: string,
  kind: Key['kind'],
  decide: (origin: NewKey) => D | Refused,
): Promise<(Creation<Key> & { readonly decided: D }) | Refused> {
  const { zone } = platform.config;
  const publishable = kind === 'publishable';
  const minted = mintCredential(origin.id, origin.mode, zone, platform.random, await peppers(), publishable);
  const decided = decide({ ...origin, secretHmac: minted.stored, createdBy });
  if ('refused' in decided) return decided;
  const { next, fact } = decided;
  return { next, fact, shownOnce: { secret: minted.text.reveal() }, decided };
}
