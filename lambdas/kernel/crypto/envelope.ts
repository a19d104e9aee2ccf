// AES-256-GCM envelopes. The additional data binds a ciphertext to its context, so that one moved elsewhere does not open. An
// envelope carries no key: it names one, so that changing what wraps keys touches no record.
//
// Format, byte by byte; numbers are big-endian:
//   0        format version: 1 under a tenant's data key, 2 under the key of a data subject
//   version 1:
//   1..2     the key's day: whole days since 1970-01-01, UTC
//   3..6     its number on that day: 0 is everybody's in the zone's home region, 1 in its second; any other belongs to one that may seal
//            and not open
//   both, behind that:
//   12 bytes nonce, random
//   …        ciphertext
//   last 16  authentication tag
// Additional data: the JSON array of version, day and number (version 1 alone), zone, tenant, mode (null: of neither),
// purpose, table, item and field, in UTF-8. Which subject's key opens version 2 follows from the record.

import { type KeyObject, randomBytes } from 'node:crypto';
import type { Mode } from '../../../contract/kernel/roles.ts';
import type { Sealed } from '../domain/sealed_text.ts';
import { decrypt, encrypt, nonceBytes, tagBytes } from './aes_gcm.ts';

/** Where a ciphertext belongs. All of it is authenticated. */
export interface EncryptionContext {
  readonly zone: string;
  readonly tenant: string;
  /** Null: of what belongs to both, or to neither. */
  readonly mode: Mode | null;
  readonly purpose: string;
  readonly table: string;
  readonly item: string;
  readonly field: string;
}

export interface DataKeyName {
  readonly day: number;
  readonly number: number;
}

/** How an envelope names the key that opens it. */
export type KeyName = DataKeyName | 'subject';

export interface SealingKey<Name extends KeyName = KeyName> {
  readonly name: Name;
  /** A key object cannot be printed, and costs a fifth of what raw bytes do at each use. */
  readonly plaintext: KeyObject;
}

const versions = { data_key: 1, subject: 2 } as const;
const headerBytes = { data_key: 7, subject: 1 } as const;
/** What two bytes hold. */
const mostDays = 0xffff;

const additionalData = (
  name: KeyName,
  { zone, tenant, mode, purpose, table, item, field }: EncryptionContext,
): Buffer => {
  const key = name === 'subject' ? [versions.subject] : [versions.data_key, name.day, name.number];
  return Buffer.from(JSON.stringify([...key, zone, tenant, mode, purpose, table, item, field]));
};

function header(name: KeyName): Buffer {
  if (name === 'subject') return Buffer.of(versions.subject);
  const bytes = Buffer.allocUnsafe(headerBytes.data_key);
  bytes.writeUInt8(versions.data_key, 0);
  bytes.writeUInt16BE(name.day, 1);
  bytes.writeUInt32BE(name.number, 3);
  return bytes;
}

export function seal(
  content: string | Uint8Array,
  { name, plaintext }: SealingKey,
  context: EncryptionContext,
): Sealed<string> {
  const nonce = randomBytes(nonceBytes);
  const [body, tag] = encrypt(plaintext, nonce, additionalData(name, context), content);
  return Buffer.concat([header(name), nonce, body, tag]);
}

/** Why an envelope did not open; the caller decides what that means. */
export type Unopened = 'malformed' | 'not_authentic';

/** Which key opens an envelope, or null where it has not this format. */
export function keyNameOf(sealed: Sealed<string>): KeyName | null {
  const { buffer, byteOffset, byteLength } = sealed;
  const rest = nonceBytes + tagBytes;
  if (sealed[0] === versions.subject) return byteLength < headerBytes.subject + rest ? null : 'subject';
  if (sealed[0] !== versions.data_key || byteLength < headerBytes.data_key + rest) return null;
  const view = new DataView(buffer, byteOffset, byteLength);
  return { day: view.getUint16(1), number: view.getUint32(3) };
}

export function open(
  sealed: Sealed<string>,
  plaintextKey: KeyObject,
  context: EncryptionContext,
): { content: Buffer } | Unopened {
  const name = keyNameOf(sealed);
  if (name === null) return 'malformed';
  const from = headerBytes[name === 'subject' ? name : 'data_key'];
  const nonce = sealed.subarray(from, from + nonceBytes);
  const content = decrypt(plaintextKey, nonce, additionalData(name, context), sealed.subarray(from + nonceBytes));
  return content === undefined ? 'not_authentic' : { content };
}

/** Days since 1970-01-01, UTC. */
export const dayOf = (ms: number): number => Math.min(mostDays, Math.floor(ms / 86_400_000));
