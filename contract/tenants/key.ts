// API keys. The secret is shown once, in the reply that creates it; only an HMAC of it is stored.

import * as v from 'valibot';
import { Id, Mode, RequestedTime, Text, Timestamp } from '../kernel/fields.ts';
import { requestLimits as limits } from '../kernel/limits.ts';
import { scopes } from '../kernel/vocabulary.ts';

export const keyStatuses = ['active', 'revoked'] as const;

const blockBits = (address: string): number => (v.is(v.pipe(v.string(), v.ipv4()), address) ? 32 : 128);

/** One IPv4 or IPv6 address, or a CIDR block (RFC 4632, RFC 4291). */
export const AddressBlock = v.pipe(
  v.string(),
  v.maxLength(49),
  v.check((block) => {
    const [address = '', prefix, ...rest] = block.split('/');
    const isAddress = v.is(v.pipe(v.string(), v.ip()), address);
    const isPrefix =
      prefix === undefined || (/^(?:0|[1-9]\d{0,2})$/.test(prefix) && Number(prefix) <= blockBits(address));
    return isAddress && isPrefix && rest.length === 0;
  }, 'Expected an IP address or CIDR block'),
);

export const CreateKey = v.strictObject({
  name: Text(limits.nameChars),
  scopes: v.pipe(
    v.array(v.picklist(scopes, `Expected one of ${scopes.join(', ')}`)),
    v.minLength(1, 'Expected at least one scope'),
    v.maxLength(scopes.length),
    v.check((list) => new Set(list).size === list.length, 'Expected each scope once'),
  ),
  /** Absent: any address. */
  allowed_addresses: v.optional(v.pipe(v.array(AddressBlock), v.minLength(1), v.maxLength(limits.allowedAddresses))),
  /** Absent: no expiry. */
  expires_at: v.optional(RequestedTime),
});

export const RotateKey = v.strictObject({});

export const Key = v.object({
  id: Id('key'),
  object: v.literal('key'),
  mode: Mode,
  name: v.string(),
  scopes: v.array(v.picklist(scopes)),
  allowed_addresses: v.nullable(v.array(v.string())),
  status: v.picklist(keyStatuses),
  expires_at: v.nullable(Timestamp),
  last_used_at: v.nullable(Timestamp),
  rotated_from: v.nullable(Id('key')),
  created_at: Timestamp,
});

/** `secret` is null in a replay. */
export const CreatedKey = v.object({ ...Key.entries, secret: v.nullable(v.string()) });
