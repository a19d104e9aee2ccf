// Deletes a webhook endpoint: nothing more is sent to it, and its secrets are gone. Deleting twice is the same as once.

import type { deleteWebhookEndpoint as operation } from '../../../../contract/webhooks/operations.ts';
import type { Handler } from '../../../kernel/operation/call.ts';
import { changeOwned } from '../../../kernel/operation/change.ts';
import { deleteEndpoint } from '../../domain/webhook_endpoint.ts';
import type { WebhookPorts } from '../../ports.ts';
import { toPublicEndpoint } from '../../serialize.ts';
import { endpointRow } from '../../store.ts';

export const deleteWebhookEndpoint: Handler<typeof operation, WebhookPorts> = (call, ports) => {
  const id = call.params.webhook_endpoint_id ?? '';
  const row = { type: endpointRow, id, missing: 'webhook_endpoint_not_found' } as const;
  return changeOwned(ports, call, toPublicEndpoint(ports.keyring), row, deleteEndpoint);
};
