// Deletes a webhook endpoint: nothing more is sent to it, and its secrets are gone. Deleting twice is the same as once.

import type { deleteWebhookEndpoint as operation } from '../../../contract/operations/webhook_endpoints.ts';
import { deleteEndpoint } from '../../domain/webhook_endpoint.ts';
import { endpointRow } from '../../store/webhooks.ts';
import { changeOwned } from '../../webhooks/change.ts';
import type { WebhookPorts } from '../../webhooks/ports.ts';
import { shownEndpoint } from '../../webhooks/shown.ts';
import type { Handler } from '../handler.ts';

export const deleteWebhookEndpoint: Handler<typeof operation, WebhookPorts> = (call, ports) => {
  const id = call.params.webhook_endpoint_id ?? '';
  const row = { type: endpointRow, id, missing: 'webhook_endpoint_not_found' } as const;
  return changeOwned(ports, call, shownEndpoint(ports.keyring), row, deleteEndpoint);
};
