// Connects a payment processor. The credentials are sealed before anything is stored, and are in no answer; a secret that
// is made here is in this answer and nowhere else in the clear.

import { connectionLimits as limits } from '../../../../contract/connections/limits.ts';
import { createConnection as operation } from '../../../../contract/connections/operations.ts';
import { ingressUrl } from '../../../../contract/processor_events/ingress.ts';
import { sealFields } from '../../../kernel/crypto/sealed_fields.ts';
import { mintWebhookSecret } from '../../../kernel/crypto/webhook_signature.ts';
import type { Handler } from '../../../kernel/operation/call.ts';
import { idempotentCreate, replyContext } from '../../../kernel/operation/create.ts';
import { Defect, Refusal } from '../../../kernel/operation/refusal.ts';
import { auditContextOf, tenantScopeOf } from '../../../kernel/operation/scope.ts';
import { serialize } from '../../../kernel/operation/serialize.ts';
import { timestamp } from '../../../kernel/platform/clock.ts';
import { commit } from '../../../kernel/store/commit.ts';
import { newestListed } from '../../../kernel/store/lists.ts';
import { credentialsContext } from '../../credentials_context.ts';
import { credentialsOf, createConnection as decide, fieldOfOtherMode } from '../../domain/connection.ts';
import type { ConnectionPorts } from '../../ports.ts';
import { connectionRow, loadConnection } from '../../store.ts';

export const createConnection: Handler<typeof operation, ConnectionPorts> = async (call, ports) => {
  const { platform, keyring, secrets, digests } = ports;
  const member = tenantScopeOf(call.identity);
  const { tenant, mode } = member;
  // Nothing moves money in live mode yet: credentials that nothing may use are not taken.
  if (mode !== 'test') throw new Refusal('not_built');
  const { zone } = platform.config;
  const baseUrl = platform.config.baseUrl(zone);
  if (baseUrl === undefined) throw new Defect('the zone has no base URL');
  const id = call.objectId;
  const minted = mintWebhookSecret(platform.random).reveal();
  const credentials = credentialsOf(call.body, minted);
  const field = fieldOfOtherMode(credentials, mode);
  if (field !== null) {
    const findings = [{ pointer: `/${field}`, detail: 'Expected a credential of the provider’s test mode' }];
    throw new Refusal('credentials_of_other_mode', { findings });
  }
  const standing = await newestListed(platform, connectionRow, `${tenant}#${mode}`, undefined, limits.connections);
  const repeats = standing.some(({ value }) => value.id === id);
  if (!repeats && standing.length >= limits.connections) throw new Refusal('too_many_connections');

  const { provider, metadata } = call.body;
  const [act, bodyDigest, texts, sealed] = await Promise.all([
    auditContextOf(call, member, keyring),
    digests.of(call.sent),
    sealFields(keyring, { object: 'connection', id, ...member }, { metadata }),
    secrets.seal(JSON.stringify(credentials), credentialsContext(member, id)),
  ]);
  const origin = { id, ...member, bodyDigest, createdAt: timestamp(platform.clock()) };
  const { next, fact } = decide({ ...origin, ingressUrl: ingressUrl(baseUrl, provider, id) }, call.body, texts, sealed);
  const reply = (webhook_secret: string | null) => serialize(operation.reply, { ...next, metadata, webhook_secret });
  const stored = { ...next, reply: await keyring.seal(reply(null), replyContext(member, id, 'providers')) };
  const recording = fact && { type: fact, aggregateId: id };
  const done = await commit(platform, [{ type: connectionRow, before: null, next: stored }], recording, act);
  const shown = call.body.provider === 'test' && call.body.webhook_secret === undefined ? minted : null;
  const find = () => loadConnection(platform, id);
  return idempotentCreate(
    ports,
    done,
    { type: connectionRow, id, owner: member, first: reply(shown), find },
    call.sent,
  );
};
