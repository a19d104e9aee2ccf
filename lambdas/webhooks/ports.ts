// What changing webhook endpoints needs, beyond the platform.

import { type Digests, digests } from '../kernel/crypto/digest.ts';
import { type Keyring, keyring } from '../kernel/crypto/keyring.ts';
import { platformSecret } from '../kernel/crypto/platform_secrets.ts';
import type { Platform } from '../kernel/platform/platform.ts';
import { dataKeys } from '../kernel/store/data_keys.ts';

export interface WebhookPorts {
  readonly platform: Platform;
  readonly keyring: Keyring;
  /** Of tenants' secrets: it seals those that sign. */
  readonly secrets: Keyring;
  readonly digests: Digests;
}

export const webhookPorts = (platform: Platform): WebhookPorts => ({
  platform,
  keyring: keyring(platform, 'tenant', dataKeys(platform)),
  secrets: keyring(platform, 'secrets', dataKeys(platform)),
  digests: digests(platformSecret(platform, 'digests')),
});
