// What keeping customers needs, beyond the platform.

import { type Digests, digests } from '../kernel/crypto/digest.ts';
import { type Keyring, keyring } from '../kernel/crypto/keyring.ts';
import { platformSecret } from '../kernel/crypto/platform_secrets.ts';
import type { Platform } from '../kernel/platform/platform.ts';
import { dataKeys } from '../kernel/store/data_keys.ts';
import { type SubjectKeys, subjectKeys } from './subject_keys.ts';

export interface CustomerPorts {
  readonly platform: Platform;
  /** Of the tenant's records: it seals addresses of callers, and nothing of a customer. */
  readonly keyring: Keyring;
  readonly subjects: SubjectKeys;
  readonly digests: Digests;
}

export const customerPorts = (platform: Platform): CustomerPorts => ({
  platform,
  keyring: keyring(platform, 'tenant', dataKeys(platform)),
  subjects: subjectKeys(platform, keyring(platform, 'pii', dataKeys(platform))),
  digests: digests(platformSecret(platform, 'digests')),
});
