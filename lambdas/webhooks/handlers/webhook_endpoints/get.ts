// Reads one webhook endpoint of the caller's.

import { getWebhookEndpoint as operation } from '../../../../contract/webhooks/operations.ts';
import { withOpenFields } from '../../../kernel/crypto/sealed_fields.ts';
import { get } from '../../../kernel/operation/get.ts';
import { endpointRow } from '../../store/endpoints.ts';

export const getWebhookEndpoint = get(operation, endpointRow, withOpenFields);
