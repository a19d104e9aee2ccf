// What moving money needs, beyond the platform.

import { type Connections, cachedConnections } from '../connections/cached.ts';
import { type SubjectKeys, subjectKeys } from '../customers/subject_keys.ts';
import { type Digests, digests } from '../kernel/crypto/digest.ts';
import { type Keyring, keyring } from '../kernel/crypto/keyring.ts';
import { platformSecret } from '../kernel/crypto/platform_secrets.ts';
import type { Platform } from '../kernel/platform/platform.ts';
import { dataKeys } from '../kernel/store/data_keys.ts';
import { type ProcessorOf, processors, processorTransports, type Transports } from './create_processor.ts';

export interface MoneyPorts {
  readonly platform: Platform;
  readonly keyring: Keyring;
  readonly digests: Digests;
  readonly connections: Connections;
  /** It opens saved payment methods, and makes no keys. */
  readonly subjects: Pick<SubjectKeys, 'unwrap'>;
  readonly processorOf: ProcessorOf;
}

/** `ways`: others are for what stands in for the providers. */
export function moneyPorts(platform: Platform, ways: Transports = processorTransports()): MoneyPorts {
  const connections = cachedConnections(platform);
  const secrets = keyring(platform, 'secrets', dataKeys(platform));
  return {
    platform,
    keyring: keyring(platform, 'tenant', dataKeys(platform)),
    digests: digests(platformSecret(platform, 'digests')),
    connections,
    subjects: subjectKeys(platform, keyring(platform, 'pii', dataKeys(platform))),
    processorOf: processors({ platform, secrets, connections, ways }),
  };
}
