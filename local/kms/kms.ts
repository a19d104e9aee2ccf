// KMS for one region: real AES-256-GCM under persistent key material, which rotates on demand. A ciphertext names its key and
// opens only under the encryption context that sealed it, whichever material that was. Key material never leaves local/kms,
// the state folder apart.

import { type Call, json, type Service, unknownOperation } from '../endpoint/service.ts';
import { kmsAccesses } from './access.ts';
import { indexKeys } from './key_index.ts';
import type { KmsKeys } from './keys.ts';
import { operationsOn, usesOf } from './operations.ts';

export const createKms = (keys: KmsKeys): Service => {
  const index = indexKeys(keys);
  const operations = operationsOn(keys, index);
  return {
    targets: ['TrentService'],
    accesses(call: Call) {
      if (operations[call.operation] === undefined) throw unknownOperation('kms', call.operation);
      return kmsAccesses(call.operation, usesOf(call, index));
    },
    async answer(call: Call) {
      const operation = operations[call.operation];
      if (operation === undefined) throw unknownOperation('kms', call.operation);
      return json(await operation(call));
    },
  };
};
