// API keys. The secret is shown once, in the reply that creates it; only an HMAC of it is stored.

import * as v from 'valibot';
import { Id, isIpv4, isIpv6, Mode, RequestedTime, Text, Timestamp } from '../kernel/fields.ts';
import { requestLimits as limits } from '../kernel/limits.ts';
import { ListQuery } from '../kernel/list.ts';
import { scopes } from '../kernel/vocabulary.ts';

export const keyStatuses = ['active', 'revoked'] as const;

/** One IPv4 or IPv6 address, or a CIDR block (RFC 4632, RFC 4291). */
export const AddressBlock = v.pipe(
  v.string(),
  v.maxLength(49),
  v.check((block) => {
    const [address = '', prefix, ...rest] = block.split('/');
    const bits = isIpv4(address) ? 32 : isIpv6(address) ? 128 : -1;
    const isPrefix = prefix === undefined || /^(?:0|[1-9]\d{0,2})$/.test(prefix);
    return bits > 0 && isPrefix && Number(prefix ?? 0) <= bits && rest.length === 0;
  }, 'Expected an IP address or CIDR block'),
);

/** "publishable": for payers' browsers, which may do what the secret of one payment allows, and nothing else. */
export const keyKinds = ['secret', 'publishable'] as const;

export const CreateKey = v.strictObject({
  name: Text(limits.nameChars),
  kind: v.optional(v.picklist(keyKinds), 'secret'),
  /** Of a secret key; a publishable one has none. */
  scopes: v.optional(
    v.pipe(
      v.array(v.picklist(scopes, `Expected one of ${scopes.join(', ')}`)),
      v.minLength(1, 'Expected at least one scope'),
      v.maxLength(scopes.length),
      v.check((list) => new Set(list).size === list.length, 'Expected each scope once'),
    ),
  ),
  /** Absent: the calling key's; an operator's are of test mode. */
  mode: v.optional(Mode),
  /** Absent: any address. */
  allowed_addresses: v.optional(v.pipe(v.array(AddressBlock), v.minLength(1), v.maxLength(limits.allowedAddresses))),
  /** Absent: no expiry. */
  expires_at: v.optional(RequestedTime),
});

export const RotateKey = v.strictObject({});

/** With a maker: the keys that it made. */
export const ListKeysQuery = v.strictObject({ ...ListQuery.entries, created_by: v.optional(Id('key')) });

/** A key alone, or with every key that it made, its successors, and theirs. */
export const RevokeKeyQuery = v.strictObject({ descendants: v.optional(v.picklist(['keep', 'revoke']), 'keep') });

/** Whose credential made a key: another key's, or an operator's. */
const Maker = v.union([Id('key'), Id('operator')]);

export const Key = v.object({
  id: Id('key'),
  object: v.literal('key'),
  mode: Mode,
  kind: v.picklist(keyKinds),
  name: v.string(),
  scopes: v.array(v.picklist(scopes)),
  allowed_addresses: v.nullable(v.array(v.string())),
  status: v.picklist(keyStatuses),
  expires_at: v.nullable(Timestamp),
  last_used_at: v.nullable(Timestamp),
  rotated_from: v.nullable(Id('key')),
  created_by: Maker,
  created_at: Timestamp,
});

/** `secret` is null in a replay. */
export const CreatedKey = v.object({ ...Key.entries, secret: v.nullable(v.string()) });

export const RevokedKey = v.object({
  ...Key.entries,
  descendants: v.nullable(
    v.object({ revoked: v.pipe(v.number(), v.safeInteger(), v.minValue(0)), has_more: v.boolean() }),
  ),
});
