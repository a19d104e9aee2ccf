// Has a delivery attempted at once, whatever became of it: the attempt follows from the fact that is recorded here.

import { retryDelivery as operation } from '../../../../contract/webhooks/operations.ts';
import { change } from '../../../kernel/operation/change.ts';
import { retry } from '../../domain/delivery.ts';
import { withResponses } from '../../open_responses.ts';
import { deliveryRow } from '../../store/deliveries.ts';
import { loadEndpoint } from '../../store/endpoints.ts';

export const retryDelivery = change(
  operation,
  deliveryRow,
  async (delivery, _, { platform }) => {
    const endpoint = await loadEndpoint(platform, delivery, delivery.webhook_endpoint);
    if (endpoint?.value.status !== 'enabled') return { refused: 'endpoint_not_enabled' };
    return retry(delivery, platform.clock());
  },
  withResponses,
);
