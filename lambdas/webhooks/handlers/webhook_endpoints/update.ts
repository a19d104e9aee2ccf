// Changes a webhook endpoint. Enabling one takes up what was parked, by way of the fact that is recorded here.

import type { updateWebhookEndpoint as operation } from '../../../../contract/webhooks/operations.ts';
import { changedFields } from '../../../kernel/crypto/sealed_fields.ts';
import type { Handler } from '../../../kernel/operation/call.ts';
import { changeOwned } from '../../../kernel/operation/change.ts';
import { Refusal } from '../../../kernel/operation/refusal.ts';
import { allowedUrl } from '../../allowed_url.ts';
import { updateEndpoint } from '../../domain/webhook_endpoint.ts';
import type { WebhookPorts } from '../../ports.ts';
import { toPublicEndpoint } from '../../serialize.ts';
import { endpointRow } from '../../store.ts';

export const updateWebhookEndpoint: Handler<typeof operation, WebhookPorts> = async (call, ports) => {
  const missing = 'webhook_endpoint_not_found';
  const row = { type: endpointRow, id: call.params.webhook_endpoint_id ?? '', missing } as const;
  const { description, metadata, ...body } = call.body;
  return changeOwned(ports, call, toPublicEndpoint(ports.keyring), row, async (endpoint) => {
    if (endpoint.status === 'deleted') throw new Refusal(missing);
    const address = body.url === undefined ? {} : { url: allowedUrl(body.url, endpoint.mode, ports.platform.config) };
    const texts = await changedFields(ports.keyring, endpoint, { description, metadata });
    return updateEndpoint(endpoint, { ...body, ...address }, texts);
  });
};
