// Changes a webhook endpoint. Enabling one takes up what was parked, by way of the fact that is recorded here.

import type { updateWebhookEndpoint as operation } from '../../../contract/operations/webhook_endpoints.ts';
import { changedTexts } from '../../crypto/texts.ts';
import { Refusal } from '../../domain/refusal.ts';
import { updateEndpoint } from '../../domain/webhook_endpoint.ts';
import { endpointRow } from '../../store/webhooks.ts';
import { allowedUrl } from '../../webhooks/allowed_url.ts';
import { changeOwned } from '../../webhooks/change.ts';
import type { WebhookPorts } from '../../webhooks/ports.ts';
import { shownEndpoint } from '../../webhooks/shown.ts';
import type { Handler } from '../handler.ts';

export const updateWebhookEndpoint: Handler<typeof operation, WebhookPorts> = async (call, ports) => {
  const missing = 'webhook_endpoint_not_found';
  const row = { type: endpointRow, id: call.params.webhook_endpoint_id ?? '', missing } as const;
  const { description, metadata, ...body } = call.body;
  return changeOwned(ports, call, shownEndpoint(ports.keyring), row, async (endpoint) => {
    if (endpoint.status === 'deleted') throw new Refusal(missing);
    const address = body.url === undefined ? {} : { url: allowedUrl(body.url, endpoint.mode, ports.platform.config) };
    const texts = await changedTexts(ports.keyring, endpoint, { description, metadata });
    return updateEndpoint(endpoint, { ...body, ...address }, texts);
  });
};
