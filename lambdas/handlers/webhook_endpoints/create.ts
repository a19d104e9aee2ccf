// Creates a webhook endpoint with the secret that signs its deliveries. The secret is in this answer and nowhere else in
// the clear.

import { webhookLimits as limits } from '../../../contract/limits.ts';
import { createWebhookEndpoint as operation } from '../../../contract/operations/webhook_endpoints.ts';
import { sealTexts } from '../../crypto/texts.ts';
import { mintWebhookSecret } from '../../crypto/webhook_signature.ts';
import { Refusal } from '../../domain/refusal.ts';
import { represent } from '../../domain/representation.ts';
import { createEndpoint } from '../../domain/webhook_endpoint.ts';
import { timestamp } from '../../platform/clock.ts';
import { createdOnce, replyPlace } from '../../settings/once.ts';
import { commit } from '../../store/commit.ts';
import { endpointRow, endpointsOf, loadOwned, secretPlace } from '../../store/webhooks.ts';
import { allowedUrl } from '../../webhooks/allowed_url.ts';
import type { WebhookPorts } from '../../webhooks/ports.ts';
import { actOf, memberOf } from '../caller.ts';
import type { Handler } from '../handler.ts';

export const createWebhookEndpoint: Handler<typeof operation, WebhookPorts> = async (call, ports) => {
  const { platform, keyring, secrets } = ports;
  const member = memberOf(call.identity);
  const id = call.objectId;
  const url = allowedUrl(call.body.url, member.mode, platform.config);
  const standing = await endpointsOf(platform, member);
  const repeats = standing.some(({ value }) => value.id === id);
  if (!repeats && standing.length >= limits.endpoints) throw new Refusal('too_many_endpoints');

  const secret = mintWebhookSecret(platform.random);
  const { description = null, metadata, ...body } = call.body;
  const texts = { description, metadata };
  const [act, bodyDigest, sealed, sealedTexts] = await Promise.all([
    actOf(call, member, keyring),
    ports.digests.of(call.sent),
    secrets.seal(secret.reveal(), secretPlace(member, id)),
    sealTexts(keyring, { object: 'webhook_endpoint', id, ...member }, texts),
  ]);
  const origin = { id, ...member, bodyDigest, createdAt: timestamp(platform.clock()) };
  const { next, fact } = createEndpoint(origin, { ...body, url }, sealedTexts, sealed);
  const reply = (shown: string | null) => represent(operation.reply, { ...next, ...texts, secret: shown });
  const stored = { ...next, reply: await keyring.seal(reply(null), replyPlace(member, id, 'webhooks')) };
  const recording = fact && { type: fact, aggregateId: id };
  const done = await commit(platform, [{ type: endpointRow, before: null, next: stored }], recording, act);
  const find = () => loadOwned(platform, endpointRow, member, id);
  const created = { type: endpointRow, id, owner: member, first: reply(secret.reveal()), find };
  return createdOnce(ports, done, created, call.sent);
};
