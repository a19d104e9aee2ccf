// What delivering needs beyond the platform: the keys that open endpoints' secrets, the one outbound attempt, and the cache of
// endpoints with their health.

import type { Keyring } from '../../kernel/crypto/keyring.ts';
import type { HandlerPorts } from '../../kernel/operation/call.ts';
import { handlerPorts, secretsKeyring } from '../../kernel/operation/ports.ts';
import type { Platform } from '../../kernel/platform/platform.ts';
import { type Attempted, attempt, type DeliveryRequest } from '../http/attempt.ts';
import { type Receivers, receivers } from './receivers.ts';

export interface DeliverPorts extends HandlerPorts {
  /** Of tenants' secrets. */
  readonly secrets: Pick<Keyring, 'open'>;
  readonly attempt: (delivery: DeliveryRequest) => Promise<Attempted>;
  readonly receivers: Receivers;
}

export const deliverPorts = (platform: Platform): DeliverPorts => ({
  ...handlerPorts(platform),
  secrets: secretsKeyring(platform),
  attempt,
  receivers: receivers(platform),
});
