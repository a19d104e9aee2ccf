// Changes a webhook endpoint. Enabling one takes up what was parked, by way of the fact that is recorded here.

import { updateWebhookEndpoint as operation } from '../../../contract/operations/webhook_endpoints.ts';
import { Refusal } from '../../domain/refusal.ts';
import { updateEndpoint } from '../../domain/webhook_endpoint.ts';
import { endpointRow } from '../../store/webhooks.ts';
import { allowedUrl } from '../../webhooks/allowed_url.ts';
import { changeOwned } from '../../webhooks/change.ts';
import type { WebhookPorts } from '../../webhooks/ports.ts';
import type { Handler } from '../handler.ts';

export const updateWebhookEndpoint: Handler<typeof operation, WebhookPorts> = async (call, ports) => {
  const missing = 'webhook_endpoint_not_found';
  const row = { type: endpointRow, id: call.params.webhook_endpoint_id ?? '', missing } as const;
  return changeOwned(ports, call, operation.reply, row, (endpoint) => {
    if (endpoint.status === 'deleted') throw new Refusal(missing);
    const { url } = call.body;
    const address = url === undefined ? {} : { url: allowedUrl(url, endpoint.mode, ports.platform.config) };
    return updateEndpoint(endpoint, { ...call.body, ...address });
  });
};
