// Creates a webhook endpoint with the secret that signs its deliveries. The secret is in this answer and nowhere else in
// the clear.

import { webhookLimits as limits } from '../../../../contract/webhooks/limits.ts';
import { createWebhookEndpoint as operation } from '../../../../contract/webhooks/operations.ts';
import { sealFields } from '../../../kernel/crypto/sealed_fields.ts';
import { mintWebhookSecret } from '../../../kernel/crypto/webhook_signature.ts';
import type { Handler } from '../../../kernel/operation/call.ts';
import { idempotentCreate, replyContext } from '../../../kernel/operation/create.ts';
import { Refusal } from '../../../kernel/operation/refusal.ts';
import { auditContextOf, tenantScopeOf } from '../../../kernel/operation/scope.ts';
import { serialize } from '../../../kernel/operation/serialize.ts';
import { timestamp } from '../../../kernel/platform/clock.ts';
import { commit } from '../../../kernel/store/commit.ts';
import { allowedUrl } from '../../allowed_url.ts';
import { createEndpoint } from '../../domain/webhook_endpoint.ts';
import type { WebhookPorts } from '../../ports.ts';
import { endpointRow, endpointsOf, loadOwned, secretContext } from '../../store.ts';

export const createWebhookEndpoint: Handler<typeof operation, WebhookPorts> = async (call, ports) => {
  const { platform, keyring, secrets } = ports;
  const member = tenantScopeOf(call.identity);
  const id = call.objectId;
  const url = allowedUrl(call.body.url, member.mode, platform.config);
  const standing = await endpointsOf(platform, member);
  const repeats = standing.some(({ value }) => value.id === id);
  if (!repeats && standing.length >= limits.endpoints) throw new Refusal('too_many_endpoints');

  const secret = mintWebhookSecret(platform.random);
  const { description = null, metadata, ...body } = call.body;
  const texts = { description, metadata };
  const [act, bodyDigest, sealed, sealedTexts] = await Promise.all([
    auditContextOf(call, member, keyring),
    ports.digests.of(call.sent),
    secrets.seal(secret.reveal(), secretContext(member, id)),
    sealFields(keyring, { object: 'webhook_endpoint', id, ...member }, texts),
  ]);
  const origin = { id, ...member, bodyDigest, createdAt: timestamp(platform.clock()) };
  const { next, fact } = createEndpoint(origin, { ...body, url }, sealedTexts, sealed);
  const reply = (shown: string | null) => serialize(operation.reply, { ...next, ...texts, secret: shown });
  const stored = { ...next, reply: await keyring.seal(reply(null), replyContext(member, id, 'webhooks')) };
  const recording = fact && { type: fact, aggregateId: id };
  const done = await commit(platform, [{ type: endpointRow, before: null, next: stored }], recording, act);
  const find = () => loadOwned(platform, endpointRow, member, id);
  const created = { type: endpointRow, id, owner: member, first: reply(secret.reveal()), find };
  return idempotentCreate(ports, done, created, call.sent);
};
