// A symmetric key taken out of bytes, which are gone then: a key object cannot be printed.

import { createSecretKey, type KeyObject } from 'node:crypto';

export function symmetricKey(bytes: Uint8Array): KeyObject {
  const key = createSecretKey(bytes);
  bytes.fill(0);
  return key;
}
