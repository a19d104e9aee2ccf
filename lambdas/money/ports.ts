// What moving money needs, beyond the platform.

import type { Mode } from '../../contract/roles.ts';
import { type Digests, digests } from '../crypto/digest.ts';
import { type Keyring, keyring } from '../crypto/keyring.ts';
import { platformSecret } from '../crypto/platform_secrets.ts';
import type { Platform } from '../platform/platform.ts';
import type { Processor } from '../providers/processor.ts';
import { testProcessor } from '../providers/test/processor.ts';
import { madeKeys } from '../store/data_keys.ts';

export interface MoneyPorts {
  readonly platform: Platform;
  readonly keyring: Keyring;
  readonly digests: Digests;
  /** The processor of a mode; undefined where none is connected. */
  processor(mode: Mode): Processor | undefined;
}

/** `keys`: those of a function that may only seal are its own. */
export function moneyPorts(
  platform: Platform,
  keys: Keyring = keyring(platform, 'tenant', madeKeys(platform)),
): MoneyPorts {
  let test: Processor | undefined;
  return {
    platform,
    keyring: keys,
    digests: digests(platformSecret(platform, 'digests')),
    processor(mode) {
      if (mode !== 'test') return undefined;
      test ??= testProcessor(platform.config.testProcessorUrl);
      return test;
    },
  };
}
