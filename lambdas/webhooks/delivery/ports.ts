// What delivering needs beyond the platform: the keys that open endpoints' secrets, the one outbound attempt, and the cache of
// endpoints with their health.

import { type Keyring, keyring } from '../../kernel/crypto/keyring.ts';
import type { Platform } from '../../kernel/platform/platform.ts';
import { dataKeys } from '../../kernel/store/data_keys.ts';
import { type Attempted, attempt, type Delivery } from '../http/attempt.ts';
import { type Receivers, receivers } from './receivers.ts';

export interface DeliverPorts {
  readonly platform: Platform;
  readonly keyring: Keyring;
  /** Of tenants' secrets. */
  readonly secrets: Pick<Keyring, 'open'>;
  readonly attempt: (delivery: Delivery) => Promise<Attempted>;
  readonly receivers: Receivers;
}

export const deliverPorts = (platform: Platform): DeliverPorts => ({
  platform,
  keyring: keyring(platform, 'tenant', dataKeys(platform)),
  secrets: keyring(platform, 'secrets', dataKeys(platform)),
  attempt,
  receivers: receivers(platform),
});
