// A key ring over AWS in memory, for tests that seal and open, and ask nothing else of AWS.

import { randomBytes } from 'node:crypto';
import type { WrappingKey } from '../../../contract/kernel/kms_keys.ts';
import { type Keyring, keyring } from '../../../lambdas/kernel/crypto/keyring.ts';
import { readConfig } from '../../../lambdas/kernel/platform/config.ts';
import { dataKeys } from '../../../lambdas/kernel/store/data_keys.ts';
import { answeredClients } from './answered.ts';
import { environment } from './environment.ts';
import { memoryAws } from './memory.ts';

export function memoryKeyring(wrapping: WrappingKey): Keyring {
  const aws = memoryAws({ now: Date.now, random: (bytes) => randomBytes(bytes) });
  const platform = {
    ...answeredClients(async (call) => aws.answer(call)),
    clock: Date.now,
    sleep: async () => {},
    config: readConfig(environment('test', 'http://127.0.0.1:1')),
  };
  return keyring(platform, wrapping, dataKeys(platform));
}
