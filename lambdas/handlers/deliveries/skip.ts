// Skips a delivery: it is not attempted again, and what waited behind it goes on. Skipping twice is the same as once.

import type { skipDelivery as operation } from '../../../contract/operations/deliveries.ts';
import { skip } from '../../domain/delivery.ts';
import { deliveryRow } from '../../store/webhooks.ts';
import { changeOwned } from '../../webhooks/change.ts';
import type { WebhookPorts } from '../../webhooks/ports.ts';
import { shownDelivery } from '../../webhooks/shown.ts';
import type { Handler } from '../handler.ts';

export const skipDelivery: Handler<typeof operation, WebhookPorts> = (call, ports) => {
  const row = { type: deliveryRow, id: call.params.delivery_id ?? '', missing: 'delivery_not_found' } as const;
  return changeOwned(ports, call, shownDelivery(ports.keyring), row, skip);
};
