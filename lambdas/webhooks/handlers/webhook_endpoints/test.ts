// Sends a test event to one endpoint: the fact that is recorded here is the event.

import { testWebhookEndpoint as operation } from '../../../../contract/webhooks/operations.ts';
import type { Handler } from '../../../kernel/operation/call.ts';
import { create } from '../../../kernel/operation/create.ts';
import { baseFields } from '../../domain/webhook_endpoint.ts';
import type { WebhookPorts } from '../../ports.ts';
import { endpointRow, testRow } from '../../store/endpoints.ts';

export const testWebhookEndpoint: Handler<typeof operation, WebhookPorts> = (call, ports) =>
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
  );
