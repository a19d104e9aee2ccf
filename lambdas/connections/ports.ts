// What connecting payment processors needs, beyond the platform.

import { type Digests, digests } from '../kernel/crypto/digest.ts';
import { type Keyring, keyring, sealingKeyring } from '../kernel/crypto/keyring.ts';
import { platformSecret } from '../kernel/crypto/platform_secrets.ts';
import type { Platform } from '../kernel/platform/platform.ts';
import { dataKeys } from '../kernel/store/data_keys.ts';

export interface ConnectionPorts {
  readonly platform: Platform;
  readonly keyring: Keyring;
  /** Of tenants' secrets: it seals credentials, and opens none. */
  readonly secrets: Pick<Keyring, 'seal'>;
  readonly digests: Digests;
}

export const connectionPorts = (platform: Platform): ConnectionPorts => ({
  platform,
  keyring: keyring(platform, 'tenant', dataKeys(platform)),
  secrets: sealingKeyring(platform, 'secrets', dataKeys(platform)),
  digests: digests(platformSecret(platform, 'digests')),
});
