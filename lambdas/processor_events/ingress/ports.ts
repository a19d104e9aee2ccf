// What taking in notifications needs, beyond the platform: it seals what it was told, and opens credentials.

import { type Connections, cachedConnections } from '../../connections/cached.ts';
import { type Keyring, keyring } from '../../kernel/crypto/keyring.ts';
import type { Platform } from '../../kernel/platform/platform.ts';
import { dataKeys } from '../../kernel/store/data_keys.ts';

export interface IngressPorts {
  readonly platform: Platform;
  readonly keyring: Pick<Keyring, 'seal'>;
  /** Of tenants' secrets. */
  readonly secrets: Pick<Keyring, 'open'>;
  readonly connections: Connections;
}

export const ingressPorts = (platform: Platform): IngressPorts => ({
  platform,
  keyring: keyring(platform, 'tenant', dataKeys(platform)),
  secrets: keyring(platform, 'secrets', dataKeys(platform)),
  connections: cachedConnections(platform),
});
