// Creates a tenant in this zone, with its first test-mode key, which holds every scope.

import { scopes } from '../../../../contract/kernel/vocabulary.ts';
import { createTenant as operation } from '../../../../contract/tenants/operations.ts';
import { markStage, mintCredential } from '../../../kernel/crypto/credential.ts';
import { sealFields } from '../../../kernel/crypto/sealed_fields.ts';
import type { Handler } from '../../../kernel/operation/call.ts';
import { idempotentCreate, replyContext } from '../../../kernel/operation/create.ts';
import { Refusal } from '../../../kernel/operation/refusal.ts';
import { auditContextOf } from '../../../kernel/operation/scope.ts';
import { serialize } from '../../../kernel/operation/serialize.ts';
import { timestamp } from '../../../kernel/platform/clock.ts';
import { derivedId } from '../../../kernel/platform/ids.ts';
import { createKey, unbounded } from '../../domain/key.ts';
import * as domain from '../../domain/tenant.ts';
import type { TenantPorts } from '../../ports.ts';
import { createTenant as create, load, tenantRow } from '../../store.ts';

export const createTenant: Handler<typeof operation, TenantPorts> = async (call, ports) => {
  const { platform, keyring } = ports;
  const { zone, stage } = platform.config;
  if (call.body.zone !== zone) throw new Refusal('wrong_zone', { baseUrl: platform.config.baseUrl(call.body.zone) });
  const tenant = call.objectId;
  const owner = { tenant, mode: 'test' } as const;
  const now = platform.clock();
  const { metadata, ...body } = call.body;
  const texts = { metadata };
  const bodyDigest = await ports.digests.of(call.sent);
  const sealedTexts = await sealFields(keyring, { object: 'tenant', id: tenant }, texts);
  const decided = domain.createTenant({ id: tenant, bodyDigest }, body, sealedTexts, timestamp(now));

  const keyId = markStage(derivedId('key', zone, [tenant, 'first']), stage);
  const minted = mintCredential(keyId, 'test', zone, platform.random, await ports.peppers());
  const keyOrigin = { id: keyId, tenant, mode: 'test', secretHmac: minted.stored, bodyDigest } as const;
  const firstKey = createKey(keyOrigin, { name: 'First key', scopes: [...scopes] }, unbounded, now);
  if ('refused' in firstKey) throw new Refusal(firstKey.refused);

  const reply = (secret_key: string | null) =>
    serialize(operation.reply, { ...decided.next, ...texts, mode: 'test', key: keyId, secret_key });
  const next = { ...decided.next, reply: await keyring.seal(reply(null), replyContext(owner, tenant)) };
  const act = await auditContextOf(call, owner, keyring);
  const committed = await create(platform, next, firstKey.next, decided.fact, act);
  const created = {
    type: tenantRow,
    id: tenant,
    owner,
    first: reply(minted.text.reveal()),
    find: () => load(platform, tenantRow, tenant),
  };
  return idempotentCreate(ports, committed, created, call.sent);
};
