// Seals with a KMS data key per tenant, kept in memory for five minutes; the additional data binds a ciphertext to its
// tenant and place. Format: length of the wrapped key (2 bytes), wrapped key, nonce (12), ciphertext, tag (16).

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { DecryptCommand, GenerateDataKeyCommand } from '@aws-sdk/client-kms';
import { config, kms } from './platform.ts';

interface DataKey {
  readonly plaintext: Uint8Array;
  readonly wrapped: Uint8Array;
  readonly until: number;
}

const lifetimeMs = 300_000;
const nonceBytes = 12;
const tagBytes = 16;
const sealing = new Map<string, DataKey>();
const opening = new Map<string, DataKey>();

async function sealingKey(tenant: string): Promise<DataKey> {
  const held = sealing.get(tenant);
  if (held !== undefined && held.until > Date.now()) return held;
  const made = await kms.send(
    new GenerateDataKeyCommand({ KeyId: config.tenantKey, KeySpec: 'AES_256', EncryptionContext: { tenant } }),
  );
  if (!made.Plaintext || !made.CiphertextBlob) throw new Error('KMS answered without a data key');
  const key = { plaintext: made.Plaintext, wrapped: made.CiphertextBlob, until: Date.now() + lifetimeMs };
  sealing.set(tenant, key);
  return key;
}

async function openingKey(tenant: string, wrapped: Uint8Array): Promise<DataKey> {
  const name = Buffer.from(wrapped).toString('base64');
  const held = opening.get(name);
  if (held !== undefined && held.until > Date.now()) return held;
  const opened = await kms.send(
    new DecryptCommand({ KeyId: config.tenantKey, CiphertextBlob: wrapped, EncryptionContext: { tenant } }),
  );
  if (!opened.Plaintext) throw new Error('KMS answered without a plaintext');
  const key = { plaintext: opened.Plaintext, wrapped, until: Date.now() + lifetimeMs };
  opening.set(name, key);
  return key;
}

export async function seal(text: string, tenant: string, place: string): Promise<Uint8Array> {
  const { plaintext, wrapped } = await sealingKey(tenant);
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', plaintext, nonce).setAAD(Buffer.from(`${tenant}/${place}`));
  const length = Buffer.alloc(2);
  length.writeUInt16BE(wrapped.length);
  return Buffer.concat([length, wrapped, nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

export async function open(sealed: Uint8Array, tenant: string, place: string): Promise<string> {
  const bytes = Buffer.from(sealed);
  const end = 2 + bytes.readUInt16BE(0);
  const { plaintext } = await openingKey(tenant, bytes.subarray(2, end));
  const decipher = createDecipheriv('aes-256-gcm', plaintext, bytes.subarray(end, end + nonceBytes))
    .setAAD(Buffer.from(`${tenant}/${place}`))
    .setAuthTag(bytes.subarray(-tagBytes));
  return Buffer.concat([decipher.update(bytes.subarray(end + nonceBytes, -tagBytes)), decipher.final()]).toString(
    'utf8',
  );
}
