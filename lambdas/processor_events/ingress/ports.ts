// What ingesting notifications needs, beyond the platform: it seals them, and opens credentials.

import { type Connections, cachedConnections } from '../../connections/cached.ts';
import type { Keyring } from '../../kernel/crypto/keyring.ts';
import { handlerPorts, secretsKeyring } from '../../kernel/operation/ports.ts';
import type { Platform } from '../../kernel/platform/platform.ts';

export interface IngressPorts {
  readonly platform: Platform;
  readonly keyring: Pick<Keyring, 'seal'>;
  readonly secrets: Pick<Keyring, 'open'>;
  readonly connections: Connections;
}

export const ingressPorts = (platform: Platform): IngressPorts => ({
  ...handlerPorts(platform),
  secrets: secretsKeyring(platform),
  connections: cachedConnections(platform),
});
