// What reading needs: the platform, and the keyring of the tenant's records.

import { keyring } from '../crypto/keyring.ts';
import type { HandlerPorts } from '../operation/call.ts';
import type { Platform } from '../platform/platform.ts';
import { dataKeys } from '../store/data_keys.ts';

export const readPorts = (platform: Platform): HandlerPorts => ({
  platform,
  keyring: keyring(platform, 'tenant', dataKeys(platform)),
});
