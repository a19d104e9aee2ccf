// The ciphertext format of the local KMS, opaque to callers: version, key ARN, nonce, tag, AES-256-GCM ciphertext.
// The encryption context is authenticated, not stored: who doesn't know it cannot open the blob.

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { AwsError } from './error.ts';

interface SealingKey {
  readonly arn: string;
  readonly material: Buffer;
}

type Context = Readonly<Record<string, string>>;

const version = 1;
const nonceBytes = 12;
const tagBytes = 16;

/** Sorted, so that the order in which a caller names the pairs is no matter. */
const additionalData = (arn: string, context: Context): Buffer =>
  Buffer.from(JSON.stringify([arn, Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1))]));

export const seal = ({ arn, material }: SealingKey, plaintext: Buffer, context: Context): Buffer => {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', material, nonce).setAAD(additionalData(arn, context));
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  const name = Buffer.from(arn);
  return Buffer.concat([Buffer.from([version, name.length]), name, nonce, cipher.getAuthTag(), ciphertext]);
};

/** Which key sealed it, if it is one of our blobs at all. */
export const keyArnOf = (blob: Buffer): string | undefined => {
  const nameBytes = blob[1];
  if (blob[0] !== version || nameBytes === undefined || blob.length < 2 + nameBytes + nonceBytes + tagBytes)
    return undefined;
  return blob.subarray(2, 2 + nameBytes).toString();
};

export const open = ({ arn, material }: SealingKey, blob: Buffer, context: Context): Buffer => {
  const nonceAt = 2 + Buffer.byteLength(arn);
  const tagAt = nonceAt + nonceBytes;
  const textAt = tagAt + tagBytes;
  try {
    const decipher = createDecipheriv('aes-256-gcm', material, blob.subarray(nonceAt, tagAt), {
      authTagLength: tagBytes,
    });
    decipher.setAAD(additionalData(arn, context)).setAuthTag(blob.subarray(tagAt, textAt));
    return Buffer.concat([decipher.update(blob.subarray(textAt)), decipher.final()]);
  } catch {
    throw new AwsError(
      'InvalidCiphertextException',
      'The ciphertext or its encryption context is not what was sealed.',
    );
  }
};
