// Challenges an endpoint's address once more: the challenges follow from the fact that is recorded here. How often is bounded,
// for one endpoint and for a tenant, because nobody has agreed yet to what is sent there.

import { verifyWebhookEndpoint as operation } from '../../../../contract/webhooks/operations.ts';
import { withOpenFields } from '../../../kernel/crypto/sealed_fields.ts';
import { change } from '../../../kernel/operation/change.ts';
import { notFound } from '../../../kernel/operation/named.ts';
import { tooManyVerifications, verificationSpent } from '../../domain/subscriptions.ts';
import { requestVerification } from '../../domain/verification.ts';
import { endpointRow, subscriptionsWrite } from '../../store/endpoints.ts';

export const verifyWebhookEndpoint = change(
  operation,
  endpointRow,
  async (endpoint, _, { platform }) => {
    if (endpoint.status === 'deleted') throw notFound(endpointRow.kind);
    const nowMs = platform.clock();
    const requested = requestVerification(endpoint, nowMs);
    if (requested === null || 'refused' in requested) return requested;
    if ('retryAfterMs' in requested) throw tooManyVerifications(requested.retryAfterMs);
    const write = await subscriptionsWrite(platform, endpoint, (all) => verificationSpent(all, nowMs));
    return { ...requested, alongside: [write] };
  },
  withOpenFields,
);
