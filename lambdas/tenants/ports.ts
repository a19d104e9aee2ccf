// What creating and changing tenants and keys needs, beyond the platform.

import { type Digests, digests } from '../kernel/crypto/digest.ts';
import { type Keyring, keyring } from '../kernel/crypto/keyring.ts';
import { type PlatformSecret, platformSecret } from '../kernel/crypto/platform_secrets.ts';
import type { Platform } from '../kernel/platform/platform.ts';
import { dataKeys } from '../kernel/store/data_keys.ts';

export interface TenantPorts {
  readonly platform: Platform;
  readonly keyring: Keyring;
  readonly digests: Digests;
  readonly peppers: PlatformSecret;
}

export const tenantPorts = (platform: Platform): TenantPorts => ({
  platform,
  keyring: keyring(platform, 'tenant', dataKeys(platform)),
  digests: digests(platformSecret(platform, 'digests')),
  peppers: platformSecret(platform, 'peppers'),
});
