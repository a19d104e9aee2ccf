// Finds the keys of a region by any name that a call may give, and the key that sealed a ciphertext.

import { AwsError } from '../endpoint/error.ts';
import { sealerNameOf } from './ciphertext.ts';
import type { KmsKey, KmsKeys } from './keys.ts';

export interface KeyIndex {
  /** By ARN, id, alias or ARN of an alias. Throws NotFoundException. */
  keyOf(name: string): KmsKey;
  /** The key that sealed the ciphertext, which must be the one that the call names, if it names one. */
  sealerOf(ciphertext: string, name: string | undefined): KmsKey;
}

export const indexKeys = (keys: KmsKeys): KeyIndex => {
  const named = new Map<string, KmsKey>();
  for (const key of keys.all) {
    const aliasArns = key.aliases.map((alias) => key.arn.replace(/key\/.*$/, alias));
    for (const name of [key.arn, key.id, ...key.aliases, ...aliasArns]) named.set(name, key);
  }
  const keyOf = (name: string): KmsKey => {
    const key = named.get(name);
    if (key === undefined) throw new AwsError('NotFoundException', `Key '${name}' does not exist`);
    return key;
  };
  return {
    keyOf,
    sealerOf(ciphertext, name) {
      const sealedUnder = sealerNameOf(Buffer.from(ciphertext, 'base64'));
      const key = sealedUnder === undefined ? undefined : named.get(sealedUnder);
      if (key === undefined) {
        throw new AwsError('InvalidCiphertextException', 'The ciphertext is not of this region’s keys.');
      }
      if (name !== undefined && keyOf(name) !== key) {
        throw new AwsError(
          'IncorrectKeyException',
          'The key ID in the request does not identify the key that sealed this.',
        );
      }
      return key;
    },
  };
};
