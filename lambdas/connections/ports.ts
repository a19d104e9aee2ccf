// What connecting payment processors needs, beyond the platform.

import { type Digests, digests } from '../crypto/digest.ts';
import { type Keyring, keyring } from '../crypto/keyring.ts';
import { platformSecret } from '../crypto/platform_secrets.ts';
import type { Platform } from '../platform/platform.ts';

export interface ConnectionPorts {
  readonly platform: Platform;
  readonly keyring: Keyring;
  /** Of tenants' secrets: it seals credentials. */
  readonly secrets: Pick<Keyring, 'seal'>;
  readonly digests: Digests;
}

export const connectionPorts = (platform: Platform): ConnectionPorts => ({
  platform,
  keyring: keyring(platform),
  secrets: keyring(platform, 'secrets'),
  digests: digests(platformSecret(platform, 'digests')),
});
