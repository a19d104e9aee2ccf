// Skips a delivery: it is not attempted again, and what waited behind it goes on. Skipping twice is the same as once.

import type { skipDelivery as operation } from '../../../../contract/webhooks/operations.ts';
import type { Handler } from '../../../kernel/operation/call.ts';
import { changeOwned } from '../../../kernel/operation/change.ts';
import { skip } from '../../domain/delivery.ts';
import type { WebhookPorts } from '../../ports.ts';
import { toPublicDelivery } from '../../serialize.ts';
import { deliveryRow } from '../../store.ts';

export const skipDelivery: Handler<typeof operation, WebhookPorts> = (call, ports) => {
  const row = { type: deliveryRow, id: call.params.delivery_id ?? '', missing: 'delivery_not_found' } as const;
  return changeOwned(ports, call, toPublicDelivery(ports.keyring), row, skip);
};
