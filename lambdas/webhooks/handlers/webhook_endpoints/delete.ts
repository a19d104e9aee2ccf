// Deletes a webhook endpoint: nothing more is sent to it, and its secrets are gone. Deleting twice is the same as once.

import { deleteWebhookEndpoint as operation } from '../../../../contract/webhooks/operations.ts';
import { withOpenFields } from '../../../kernel/crypto/sealed_fields.ts';
import { change } from '../../../kernel/operation/change.ts';
import { deleteEndpoint } from '../../domain/webhook_endpoint.ts';
import { endpointRow } from '../../store/endpoints.ts';

export const deleteWebhookEndpoint = change(operation, endpointRow, deleteEndpoint, withOpenFields);
