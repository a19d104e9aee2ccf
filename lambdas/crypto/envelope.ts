// AES-256-GCM envelopes. The additional data binds a ciphertext to its place, so that one moved elsewhere does not open.
//
// Format, byte by byte; numbers are big-endian:
//   0        format version: 1 carries its wrapped data key, 2 names it
//   version 1:
//   1..2     length n of the wrapped data key
//   3..      wrapped data key (a KMS ciphertext blob), n bytes
//   version 2:
//   1..2     the key's day: whole days since 1970-01-01, UTC
//   both, behind that:
//   12 bytes nonce, random
//   …        ciphertext
//   last 16  authentication tag
// Additional data: the JSON array of version, day (version 2 alone), zone, tenant, purpose, table, item and field, in UTF-8.

import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';

/** A sealed T: bytes that may be stored anywhere. Opening needs the key and the place. */
export type Sealed<T> = Uint8Array & { readonly __sealed?: T };

/** Where a ciphertext belongs. All of it is authenticated. */
export interface Place {
  readonly zone: string;
  readonly tenant: string;
  readonly purpose: string;
  readonly table: string;
  readonly item: string;
  readonly field: string;
}

/** How an envelope tells which data key opens it. */
export type KeyName = { readonly wrapped: Uint8Array } | { readonly day: number };

export interface DataKey {
  readonly name: KeyName;
  /** A key object cannot be printed, and costs a fifth of what raw bytes do at each use. */
  readonly plaintext: KeyObject;
}

const versions = { carries: 1, names: 2 } as const;
const nonceBytes = 12;
const tagBytes = 16;
const headerBytes = 3;
/** What two bytes hold. */
const mostDays = 0xffff;

const additionalData = (name: KeyName, { zone, tenant, purpose, table, item, field }: Place): Buffer => {
  const key = 'day' in name ? [versions.names, name.day] : [versions.carries];
  return Buffer.from(JSON.stringify([...key, zone, tenant, purpose, table, item, field]));
};

function header(name: KeyName): Buffer {
  const bytes = Buffer.allocUnsafe(headerBytes);
  bytes.writeUInt8('day' in name ? versions.names : versions.carries, 0);
  bytes.writeUInt16BE('day' in name ? name.day : name.wrapped.length, 1);
  return bytes;
}

export function seal(text: string, { name, plaintext }: DataKey, place: Place): Sealed<string> {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', plaintext, nonce);
  cipher.setAAD(additionalData(name, place));
  // Stryker disable next-line StringLiteral: UTF-8 is what Node takes where no encoding is told; the types want it told.
  const body = cipher.update(text, 'utf8');
  // GCM holds nothing back: there is only the tag to come.
  cipher.final();
  const carried = 'day' in name ? [] : [name.wrapped];
  return Buffer.concat([header(name), ...carried, nonce, body, cipher.getAuthTag()]);
}

/** Why an envelope did not open; the caller decides what that means. */
export type Unopened = 'malformed' | 'not_authentic';

/** Which key opens an envelope, or null where it has not this format. */
export function keyNameOf(sealed: Sealed<string>): KeyName | null {
  const number = ((sealed[1] ?? 0) << 8) | (sealed[2] ?? 0);
  if (sealed[0] === versions.names) {
    return sealed.length < headerBytes + nonceBytes + tagBytes ? null : { day: number };
  }
  const end = headerBytes + number;
  if (sealed[0] !== versions.carries || sealed.length < end + nonceBytes + tagBytes) return null;
  return { wrapped: sealed.subarray(headerBytes, end) };
}

export function open(sealed: Sealed<string>, plaintextKey: KeyObject, place: Place): { text: string } | Unopened {
  const name = keyNameOf(sealed);
  if (name === null) return 'malformed';
  const from = headerBytes + ('day' in name ? 0 : name.wrapped.length);
  // Stryker disable next-line ObjectLiteral: the tag is cut to this length below; told once more, Node refuses any other.
  const decipher = createDecipheriv('aes-256-gcm', plaintextKey, sealed.subarray(from, from + nonceBytes), {
    authTagLength: tagBytes,
  });
  decipher.setAAD(additionalData(name, place));
  decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
  try {
    const body = decipher.update(sealed.subarray(from + nonceBytes, sealed.length - tagBytes));
    // Throws where the tag is not the text's: until then nothing of it may be used.
    decipher.final();
    return { text: body.toString('utf8') };
  } catch {
    return 'not_authentic';
  }
}

/** Days since 1970-01-01, UTC. */
export const dayOf = (ms: number): number => Math.min(mostDays, Math.floor(ms / 86_400_000));
