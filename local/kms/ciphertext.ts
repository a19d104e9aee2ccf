// The ciphertext format of the local KMS, opaque to callers: version, key, number of the key material, nonce, tag, AES-256-GCM
// ciphertext. A key is named by its ARN, one of several regions by the id that its replicas share. The encryption context is
// authenticated, not stored: who doesn't know it cannot open the blob.

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { AwsError } from '../endpoint/error.ts';
import { isMultiRegion, type KmsKey } from './keys.ts';

type SealingKey = Pick<KmsKey, 'arn' | 'id' | 'materials'>;
type Context = Readonly<Record<string, string>>;

const version = 2;
const nonceBytes = 12;
const tagBytes = 16;
/** Two bytes of material number. */
const numberBytes = 2;

/** Sorted, so that the order in which a caller names the pairs is no matter. */
const additionalData = (name: string, number: number, context: Context): Buffer =>
  Buffer.from(JSON.stringify([name, number, Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1))]));

const invalid = (): AwsError =>
  new AwsError('InvalidCiphertextException', 'The ciphertext or its encryption context is not what was sealed.');

/** Under the key's newest material. */
export const seal = (key: SealingKey, plaintext: Buffer, context: Context): Buffer => {
  const { materials } = key;
  const sealer = isMultiRegion(key) ? key.id : key.arn;
  const number = materials.length - 1;
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', materials[number]?.bytes ?? Buffer.alloc(0), nonce);
  cipher.setAAD(additionalData(sealer, number, context));
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  const name = Buffer.from(sealer);
  const head = Buffer.from([version, name.length, ...name, number >> 8, number & 0xff]);
  return Buffer.concat([head, nonce, cipher.getAuthTag(), ciphertext]);
};

/** Which key sealed it, by ARN or shared id, if it is one of our blobs at all. */
export const sealerNameOf = (blob: Buffer): string | undefined => {
  const nameBytes = blob[1];
  const least = 2 + numberBytes + nonceBytes + tagBytes;
  if (blob[0] !== version || nameBytes === undefined || blob.length < least + nameBytes) return undefined;
  return blob.subarray(2, 2 + nameBytes).toString();
};

/** `number`: of the material that it was sealed under. */
export const open = (
  { materials }: SealingKey,
  blob: Buffer,
  context: Context,
): { readonly plaintext: Buffer; readonly number: number } => {
  const sealer = sealerNameOf(blob);
  if (sealer === undefined) throw invalid();
  const numberAt = 2 + Buffer.byteLength(sealer);
  const number = blob.readUInt16BE(numberAt);
  const nonceAt = numberAt + numberBytes;
  const tagAt = nonceAt + nonceBytes;
  const textAt = tagAt + tagBytes;
  const material = materials[number];
  if (material === undefined) throw invalid();
  try {
    const nonce = blob.subarray(nonceAt, tagAt);
    const decipher = createDecipheriv('aes-256-gcm', material.bytes, nonce, { authTagLength: tagBytes });
    decipher.setAAD(additionalData(sealer, number, context)).setAuthTag(blob.subarray(tagAt, textAt));
    return { plaintext: Buffer.concat([decipher.update(blob.subarray(textAt)), decipher.final()]), number };
  } catch {
    throw invalid();
  }
};
