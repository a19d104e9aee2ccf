// Attempts a delivery at once, whatever became of it: what is sent follows from the fact that is recorded here.

import type { retryDelivery as operation } from '../../../../contract/webhooks/operations.ts';
import type { Handler } from '../../../kernel/operation/call.ts';
import { changeOwned } from '../../../kernel/operation/change.ts';
import { Refusal } from '../../../kernel/operation/refusal.ts';
import { retry } from '../../domain/delivery.ts';
import type { WebhookPorts } from '../../ports.ts';
import { toPublicDelivery } from '../../serialize.ts';
import { deliveryRow, endpointRow, loadOwned } from '../../store.ts';

export const retryDelivery: Handler<typeof operation, WebhookPorts> = (call, ports) => {
  const { platform } = ports;
  const row = { type: deliveryRow, id: call.params.delivery_id ?? '', missing: 'delivery_not_found' } as const;
  return changeOwned(ports, call, toPublicDelivery(ports.keyring), row, async (delivery) => {
    const endpoint = await loadOwned(platform, endpointRow, delivery, delivery.webhook_endpoint);
    if (endpoint?.value.status !== 'enabled') throw new Refusal('endpoint_not_enabled');
    const change = retry(delivery, platform.clock());
    if (change === null) throw new Refusal('delivery_blocked');
    return change;
  });
};
