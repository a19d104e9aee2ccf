// AES-256-GCM (NIST SP 800-38D) with nonces of 96 bits and tags of 128, on node:crypto.

import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';

export const nonceBytes = 12;
export const tagBytes = 16;

/** `nonce` must never come twice with the same key. */
export function encrypt(
  key: KeyObject,
  nonce: Uint8Array,
  additional: Uint8Array,
  plaintext: string | Uint8Array,
): [ciphertext: Buffer, tag: Buffer] {
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(additional);
  // A text as it is, taken as UTF-8: a copy of its bytes would cost as much as the header.
  const body = cipher.update(plaintext);
  // GCM holds nothing back: there is only the tag to come.
  cipher.final();
  return [body, cipher.getAuthTag()];
}

/** `sealed`: ciphertext and tag. Undefined: it is not authentic, and nothing of it was given away. */
export function decrypt(
  key: KeyObject,
  nonce: Uint8Array,
  additional: Uint8Array,
  sealed: Uint8Array,
): Buffer | undefined {
  const end = sealed.length - tagBytes;
  // Stryker disable next-line ObjectLiteral: the tag is cut to this length below; told once more, Node refuses any other.
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
  decipher.setAAD(additional);
  decipher.setAuthTag(sealed.subarray(end));
  try {
    const body = decipher.update(sealed.subarray(0, end));
    // Throws where the tag is not the text's: until then nothing of it may be used.
    decipher.final();
    return body;
  } catch {
    // It is not authentic.
  }
  return undefined;
}
