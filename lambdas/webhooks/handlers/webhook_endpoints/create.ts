// Creates a webhook endpoint with the secret that signs its deliveries. The secret is in this answer and nowhere else in
// the clear.

import { createWebhookEndpoint as operation } from '../../../../contract/webhooks/operations.ts';
import { sealFields } from '../../../kernel/crypto/sealed_fields.ts';
import { mintWebhookSecret } from '../../../kernel/crypto/webhook_signature.ts';
import { type CreatePorts, create } from '../../../kernel/operation/create.ts';
import type { Ports } from '../../../kernel/operation/ports.ts';
import { route } from '../../../kernel/operation/route.ts';
import { allowedUrl } from '../../allowed_url.ts';
import { noSubscriptions, subscribed, verificationSpent } from '../../domain/subscriptions.ts';
import { createEndpoint } from '../../domain/webhook_endpoint.ts';
import { endpointRow, loadSubscriptions, secretContext, subscriptionsRow } from '../../store/endpoints.ts';

export const createWebhookEndpoint = route(operation, async (call, ports: CreatePorts & Pick<Ports, 'secrets'>) => {
  const { platform, keyring, secrets } = ports;
  const { scope, objectId: id } = call;
  const url = allowedUrl(call.body.url, scope.mode, platform.config);

  const secret = mintWebhookSecret(platform.random);
  const { description = null, metadata, ...body } = call.body;
  const fields = { description, metadata };
  return create(operation, endpointRow, call, ports, async (origin, nowMs) => {
    const before = (await loadSubscriptions(platform, scope)) ?? null;
    const subscription = { id, events: body.events, created_at: origin.createdAt };
    const subscriptions = subscribed(before?.value ?? noSubscriptions(scope), subscription);
    if ('refused' in subscriptions) return subscriptions;
    const alongside = [{ type: subscriptionsRow, before, next: verificationSpent(subscriptions, nowMs) }];
    const [sealedSecret, sealedFields] = await Promise.all([
      secrets.seal(secret.reveal(), secretContext(scope, id)),
      sealFields(keyring, { object: 'webhook_endpoint', id, ...scope }, fields),
    ]);
    const { next, fact } = createEndpoint(origin, { ...body, url }, sealedFields, sealedSecret, nowMs);
    return { next, fact, alongside, shown: { ...next, ...fields }, shownOnce: { secret: secret.reveal() } };
  });
});
