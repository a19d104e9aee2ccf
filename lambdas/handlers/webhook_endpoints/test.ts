// Sends a test event to one endpoint: the fact that is recorded here is the event.

import { testWebhookEndpoint as operation } from '../../../contract/operations/webhook_endpoints.ts';
import { Refusal } from '../../domain/refusal.ts';
import { represent } from '../../domain/representation.ts';
import { testRow } from '../../store/webhooks.ts';
import type { WebhookPorts } from '../../webhooks/ports.ts';
import { makeUnderEndpoint } from '../../webhooks/under_endpoint.ts';
import type { Handler } from '../handler.ts';

export const testWebhookEndpoint: Handler<typeof operation, WebhookPorts> = (call, ports) =>
  makeUnderEndpoint(ports, call, testRow, (endpoint, origin) => {
    if (endpoint.status !== 'enabled') throw new Refusal('endpoint_not_enabled');
    const next = { ...origin, object: 'webhook_test', webhook_endpoint: endpoint.id } as const;
    const body = represent(operation.reply, next);
    return { fact: 'webhook_endpoint.tested', endpoint, next, first: body, repeated: body };
  });
