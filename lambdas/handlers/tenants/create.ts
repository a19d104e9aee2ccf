// Creates a tenant in this zone, with its first test-mode key, which holds every scope.

import { createTenant as operation } from '../../../contract/operations/tenants.ts';
import { scopes } from '../../../contract/roles.ts';
import { markStage, mintCredential } from '../../crypto/credential.ts';
import { createKey, unbounded } from '../../domain/key.ts';
import { Refusal } from '../../domain/refusal.ts';
import { represent } from '../../domain/representation.ts';
import * as domain from '../../domain/tenant.ts';
import { timestamp } from '../../platform/clock.ts';
import { derivedId } from '../../platform/ids.ts';
import { createdOnce, replyPlace } from '../../settings/once.ts';
import type { SettingsPorts } from '../../settings/ports.ts';
import { createTenant as create, load, tenantRow } from '../../store/tenants.ts';
import { actOf } from '../caller.ts';
import type { Handler } from '../handler.ts';

export const createTenant: Handler<typeof operation, SettingsPorts> = async (call, ports) => {
  const { platform, keyring } = ports;
  const { zone, stage } = platform.config;
  if (call.body.zone !== zone) throw new Refusal('wrong_zone', { baseUrl: platform.config.baseUrl(call.body.zone) });
  const tenant = call.objectId;
  const now = platform.clock();
  const bodyDigest = await ports.digests.of(call.sent);
  const decided = domain.createTenant({ id: tenant, bodyDigest }, call.body, timestamp(now));

  const keyId = markStage(derivedId('key', zone, [tenant, 'first']), stage);
  const minted = mintCredential(keyId, 'test', zone, platform.random, await ports.peppers());
  const keyOrigin = { id: keyId, tenant, mode: 'test', secretHmac: minted.stored, bodyDigest } as const;
  const firstKey = createKey(keyOrigin, { name: 'First key', scopes: [...scopes] }, unbounded, now);
  if ('refused' in firstKey) throw new Refusal(firstKey.refused);

  const reply = (secret_key: string | null) =>
    represent(operation.reply, { ...decided.next, mode: 'test', key: keyId, secret_key });
  const next = { ...decided.next, reply: await keyring.seal(reply(null), replyPlace(tenant, tenant)) };
  const act = await actOf(call, { tenant, mode: 'test' }, keyring);
  const committed = await create(platform, next, firstKey.next, decided.fact, act);
  const created = {
    type: tenantRow,
    id: tenant,
    tenant,
    first: reply(minted.text.reveal()),
    find: () => load(platform, tenantRow, tenant),
  };
  return createdOnce(ports, committed, created, call.sent);
};
