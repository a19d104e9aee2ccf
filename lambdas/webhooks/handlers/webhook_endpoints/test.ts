// Sends a test event to one endpoint: the fact that is recorded here is the event.

import { testWebhookEndpoint as operation } from '../../../../contract/webhooks/operations.ts';
import type { Handler } from '../../../kernel/operation/call.ts';
import { Refusal } from '../../../kernel/operation/refusal.ts';
import { serialize } from '../../../kernel/operation/serialize.ts';
import type { WebhookPorts } from '../../ports.ts';
import { testRow } from '../../store.ts';
import { makeUnderEndpoint } from '../../under_endpoint.ts';

export const testWebhookEndpoint: Handler<typeof operation, WebhookPorts> = (call, ports) =>
  makeUnderEndpoint(ports, call, testRow, (endpoint, origin) => {
    if (endpoint.status !== 'enabled') throw new Refusal('endpoint_not_enabled');
    const next = { ...origin, object: 'webhook_test', webhook_endpoint: endpoint.id } as const;
    const body = serialize(operation.reply, next);
    return { fact: 'webhook_endpoint.tested', endpoint, next, first: body, repeated: body };
  });
