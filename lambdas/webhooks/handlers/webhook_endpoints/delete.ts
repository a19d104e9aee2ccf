// Deletes a webhook endpoint: nothing more is sent to it, its secrets are gone, and no read of the tenant's endpoints meets it
// again. Deleting twice is the same as once.

import { deleteWebhookEndpoint as operation } from '../../../../contract/webhooks/operations.ts';
import { withOpenFields } from '../../../kernel/crypto/sealed_fields.ts';
import { change } from '../../../kernel/operation/change.ts';
import { resubscribed } from '../../domain/subscriptions.ts';
import { deleteEndpoint } from '../../domain/webhook_endpoint.ts';
import { endpointRow, subscriptionsWrite } from '../../store/endpoints.ts';

export const deleteWebhookEndpoint = change(
  operation,
  endpointRow,
  async (endpoint, _, { platform }) => {
    const deleted = deleteEndpoint(endpoint, platform.clock());
    if (deleted === null) return null;
    const write = await subscriptionsWrite(platform, endpoint, (all) => resubscribed(all, deleted.next));
    return { ...deleted, alongside: [write] };
  },
  withOpenFields,
);
