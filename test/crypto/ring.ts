// A key ring over AWS in memory, for tests that seal and open, and ask nothing else of AWS.

import { randomBytes } from 'node:crypto';
import type { WrappingKey } from '../../contract/keys.ts';
import { type Keyring, keyring } from '../../lambdas/crypto/keyring.ts';
import { readConfig } from '../../lambdas/platform/config.ts';
import { dataKeys } from '../../lambdas/store/data_keys.ts';
import { answeredClients } from '../aws/answered.ts';
import { environment } from '../aws/environment.ts';
import { memoryAws } from '../aws/memory.ts';

export function ringInMemory(wrapping: WrappingKey): Keyring {
  const aws = memoryAws({ now: Date.now, random: (bytes) => randomBytes(bytes) });
  const platform = {
    ...answeredClients(async (call) => aws.answer(call)),
    clock: Date.now,
    config: readConfig(environment('test', 'http://127.0.0.1:1')),
  };
  return keyring(platform, wrapping, dataKeys(platform));
}
