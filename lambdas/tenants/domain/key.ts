// API keys: their stored form, and the pure decisions about creating, rotating, revoking and accepting one.

import * as v from 'valibot';
import type { ErrorCode } from '../../../contract/capabilities.ts';
import type { Mode } from '../../../contract/kernel/roles.ts';
import { type Scope, scopes } from '../../../contract/kernel/vocabulary.ts';
import { type CreateKey, Key as PublicKey } from '../../../contract/tenants/key.ts';
import { keyLimits } from '../../../contract/tenants/limits.ts';
import type { Change } from '../../kernel/domain/decision.ts';
import { IdempotencyRecord } from '../../kernel/domain/idempotency.ts';
import { timestamp } from '../../kernel/platform/clock.ts';
import { blocksWithin } from './allowed_addresses.ts';

export const Key = v.object({
  ...PublicKey.entries,
  kind: v.optional(PublicKey.entries.kind, 'secret'),
  ...IdempotencyRecord.entries,
  tenant: v.string(),
  /** `<pepper version>.<HMAC of the secret>`; the secret itself is nowhere. */
  secret_hmac: v.string(),
  /** Set when a successor was made: it can be rotated once. */
  rotated_to: v.nullable(v.string()),
  /** The keys that it made, by creating or rotating; a rotation of itself stands in `rotated_to` alone. */
  made: v.array(v.string()),
});

export type Key = v.InferOutput<typeof Key>;

export interface NewKey {
  readonly id: string;
  readonly tenant: string;
  readonly mode: Mode;
  readonly secretHmac: string;
  readonly bodyDigest: string;
  readonly createdBy: string;
}

/** What bounds the keys that a key may make: its scopes, its addresses (null: any) and its time (null: none). */
export type IssuingKey = Pick<Key, 'allowed_addresses' | 'expires_at'> & { readonly scopes: readonly Scope[] };

/** Bounded by nothing but the list of scopes itself. */
export const unbounded: IssuingKey = { scopes, allowed_addresses: null, expires_at: null };

/** `reply` is written by the caller, in the same commit. */
export function createKey(
  origin: NewKey,
  body: Omit<v.InferOutput<typeof CreateKey>, 'kind'> & { readonly kind?: Key['kind'] },
  issuing: IssuingKey,
  nowMs: number,
): Change<Key> | { readonly refused: ErrorCode } {
  const addresses = body.allowed_addresses ?? issuing.allowed_addresses;
  const expires = body.expires_at === undefined ? issuing.expires_at : timestamp(Date.parse(body.expires_at));
  const { scopes: wanted = [] } = body;
  const within =
    wanted.every((scope) => issuing.scopes.includes(scope)) &&
    blocksWithin(addresses, issuing.allowed_addresses) &&
    // Stryker disable next-line ConditionalExpression: a request for no time gets the issuing key's, which is not null here.
    (issuing.expires_at === null || (expires !== null && expires <= issuing.expires_at));
  if (!within) return { refused: 'scope_not_held' };
  return {
    fact: 'key.created',
    next: {
      id: origin.id,
      object: 'key',
      tenant: origin.tenant,
      mode: origin.mode,
      kind: body.kind ?? 'secret',
      name: body.name,
      scopes: wanted,
      allowed_addresses: addresses === null ? null : [...addresses],
      status: 'active',
      expires_at: expires,
      last_used_at: null,
      rotated_from: null,
      rotated_to: null,
      created_by: origin.createdBy,
      made: [],
      created_at: timestamp(nowMs),
      secret_hmac: origin.secretHmac,
      body_digest: origin.bodyDigest,
      reply: null,
    },
  };
}

/** The successor holds what the old key held; the old one stays good for the overlap, or until it expires anyway. */
export function rotateKey(
  old: Key,
  origin: NewKey,
  issuing: IssuingKey,
  nowMs: number,
): (Change<Key> & { readonly old: Key }) | { readonly refused: ErrorCode } {
  if (verdictOn(old, undefined, nowMs) !== 'ok' || old.rotated_to !== null) return { refused: 'key_not_active' };
  const { name, kind, scopes, allowed_addresses, expires_at } = old;
  const same = {
    name,
    kind,
    scopes,
    // Stryker disable next-line ConditionalExpression: null stands for the issuing key's addresses as absence does; types differ.
    ...(allowed_addresses !== null && { allowed_addresses }),
    ...(expires_at !== null && { expires_at }),
  };
  const created = createKey(origin, same, issuing, nowMs);
  if ('refused' in created) return created;
  const overlapEnd = nowMs + keyLimits.rotationOverlapMs;
  const oldEnd = old.expires_at === null ? overlapEnd : Math.min(Date.parse(old.expires_at), overlapEnd);
  return {
    fact: 'key.rotated',
    next: { ...created.next, rotated_from: old.id },
    old: { ...old, expires_at: timestamp(oldEnd), rotated_to: origin.id },
  };
}

/**
 * The key that makes another, with what it made by then: written in the commit that makes it, so a key that is revoked meanwhile
 * makes none, and what it made before is found from it.
 */
export function withMade(
  maker: Key,
  made: string,
  nowMs: number,
): { readonly maker: Key } | { readonly refused: ErrorCode } {
  const verdict = verdictOn(maker, undefined, nowMs);
  if (verdict !== 'ok') return { refused: verdict };
  // A repeat is no further one: its commit finds the first.
  if (maker.made.includes(made)) return { maker };
  if (maker.made.length >= keyLimits.keysMade) return { refused: 'key_makes_no_more' };
  return { maker: { ...maker, made: [...maker.made, made] } };
}

/** The keys that exist because of this one: those that it made, and its successor, whoever asked for it. */
export const childrenOf = ({ made, rotated_to }: Key): readonly string[] =>
  rotated_to === null ? made : [...made, rotated_to];

/** Null: it is revoked already, and revoking it again changes nothing. */
export const revokeKey = (key: Key): Change<Key> | null =>
  key.status === 'revoked' ? null : { fact: 'key.revoked', next: { ...key, status: 'revoked' } };

/** Verdicts on a credential that was recognised; only `ok` proceeds. */
export type KeyVerdict = 'ok' | 'key_revoked' | 'key_expired' | 'address_not_allowed';

/** `addressAllowed` is undefined where no address is to be checked. */
export function verdictOn(
  key: Pick<Key, 'status' | 'expires_at'>,
  addressAllowed: boolean | undefined,
  nowMs: number,
): KeyVerdict {
  if (key.status !== 'active') return 'key_revoked';
  if (key.expires_at !== null && !(nowMs < Date.parse(key.expires_at))) return 'key_expired';
  return addressAllowed === false ? 'address_not_allowed' : 'ok';
}
