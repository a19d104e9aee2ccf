// Sends a test event to one endpoint: the fact that is recorded here is the event.

import { testWebhookEndpoint as operation } from '../../../../contract/webhooks/operations.ts';
import { type CreatePorts, create } from '../../../kernel/operation/create.ts';
import { route } from '../../../kernel/operation/route.ts';
import { baseFields } from '../../domain/webhook_endpoint.ts';
import { endpointRow, testRow } from '../../store/endpoints.ts';

export const testWebhookEndpoint = route(operation, (call, ports: CreatePorts) =>
  create(
    operation,
    testRow,
    call,
    ports,
    (origin, _, endpoint) => {
      const { id, status } = endpoint.value;
      if (status !== 'enabled') return { refused: 'endpoint_not_enabled' };
      return {
        next: { ...baseFields(origin), object: 'webhook_test', webhook_endpoint: id },
        fact: 'webhook_endpoint.tested',
        aggregateId: id,
        alongside: [{ type: endpointRow, before: endpoint, next: endpoint.value }],
      };
    },
    { parent: endpointRow },
  ),
);
