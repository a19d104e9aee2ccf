// AES-256-GCM envelopes. The additional data binds a ciphertext to its place, so that one moved elsewhere does not open.
//
// Format, byte by byte:
//   0        format version, 1
//   1..2     length n of the wrapped data key, big-endian
//   3..      wrapped data key (a KMS ciphertext blob), n bytes
//   3+n..    nonce, 12 bytes, random
//   15+n..   ciphertext
//   last 16  authentication tag

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

export interface DataKey {
  readonly wrapped: Uint8Array;
  /** A key object cannot be printed, and costs a fifth of what raw bytes do at each use. */
  readonly plaintext: KeyObject;
}

const version = 1;
const nonceBytes = 12;
const tagBytes = 16;
const headerBytes = 3;

const additionalData = (place: Place): Buffer =>
  Buffer.from(JSON.stringify([version, place.zone, place.tenant, place.purpose, place.table, place.item, place.field]));

export function seal(text: string, key: DataKey, place: Place): Sealed<string> {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key.plaintext, nonce);
  cipher.setAAD(additionalData(place));
  const header = Buffer.allocUnsafe(headerBytes);
  header.writeUInt8(version, 0);
  header.writeUInt16BE(key.wrapped.length, 1);
  // Stryker disable next-line StringLiteral: UTF-8 is what Node takes where no encoding is told; the types want it told.
  const body = cipher.update(text, 'utf8');
  // GCM holds nothing back: there is only the tag to come.
  cipher.final();
  return Buffer.concat([header, key.wrapped, nonce, body, cipher.getAuthTag()]);
}

/** Why an envelope did not open; the caller decides what that means. */
export type Unopened = 'malformed' | 'not_authentic';

/** The wrapped data key of an envelope, or null where it has not this format. */
export function wrappedKeyOf(sealed: Sealed<string>): Uint8Array | null {
  if (sealed[0] !== version) return null;
  const end = headerBytes + (((sealed[1] ?? 0) << 8) | (sealed[2] ?? 0));
  return sealed.length < end + nonceBytes + tagBytes ? null : sealed.subarray(headerBytes, end);
}

export function open(sealed: Sealed<string>, plaintextKey: KeyObject, place: Place): { text: string } | Unopened {
  const wrapped = wrappedKeyOf(sealed);
  if (wrapped === null) return 'malformed';
  const from = headerBytes + wrapped.length;
  // Stryker disable next-line ObjectLiteral: the tag is cut to this length below; told once more, Node refuses any other.
  const decipher = createDecipheriv('aes-256-gcm', plaintextKey, sealed.subarray(from, from + nonceBytes), {
    authTagLength: tagBytes,
  });
  decipher.setAAD(additionalData(place));
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
