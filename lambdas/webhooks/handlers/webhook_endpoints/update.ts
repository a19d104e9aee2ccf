// Changes a webhook endpoint. Enabling one resumes what was parked, by way of the fact that is recorded here.

import { updateWebhookEndpoint as operation } from '../../../../contract/webhooks/operations.ts';
import { changedFields, withOpenFields } from '../../../kernel/crypto/sealed_fields.ts';
import { change } from '../../../kernel/operation/change.ts';
import { notFound } from '../../../kernel/operation/named.ts';
import { allowedUrl } from '../../allowed_url.ts';
import { resubscribed, verificationSpent } from '../../domain/subscriptions.ts';
import { updateEndpoint } from '../../domain/webhook_endpoint.ts';
import { endpointRow, subscriptionsWrite } from '../../store/endpoints.ts';

export const updateWebhookEndpoint = change(
  operation,
  endpointRow,
  async (endpoint, { body: { description, metadata, ...body } }, { keyring, platform }) => {
    if (endpoint.status === 'deleted') throw notFound(endpointRow.kind);
    const address = body.url === undefined ? {} : { url: allowedUrl(body.url, endpoint.mode, platform.config) };
    const fields = await changedFields(keyring, endpoint, { description, metadata });
    const nowMs = platform.clock();
    const updated = updateEndpoint(endpoint, { ...body, ...address }, fields, nowMs);
    if (updated === null) return null;
    const { next } = updated;
    const begins = next.verification !== endpoint.verification;
    if (body.events === undefined && !begins) return updated;
    const write = await subscriptionsWrite(platform, endpoint, (all) =>
      resubscribed(begins ? verificationSpent(all, nowMs) : all, next),
    );
    return { ...updated, alongside: [write] };
  },
  withOpenFields,
);
