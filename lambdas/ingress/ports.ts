// What taking in notifications needs, beyond the platform: it seals records and opens none, opens credentials and seals
// none.

import { type Keyring, keyring } from '../crypto/keyring.ts';
import type { Platform } from '../platform/platform.ts';
import { type Connections, connections } from './connections.ts';

export interface IngressPorts {
  readonly platform: Platform;
  readonly keyring: Pick<Keyring, 'seal'>;
  /** Of tenants' secrets. */
  readonly secrets: Pick<Keyring, 'open'>;
  readonly connections: Connections;
}

export const ingressPorts = (platform: Platform): IngressPorts => ({
  platform,
  keyring: keyring(platform),
  secrets: keyring(platform, 'secrets'),
  connections: connections(platform),
});
