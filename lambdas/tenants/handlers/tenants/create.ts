// Creates a tenant in this zone, with its first test-mode key, which holds every scope.

import { scopes } from '../../../../contract/kernel/vocabulary.ts';
import { createTenant as operation } from '../../../../contract/tenants/operations.ts';
import { markStage, mintCredential } from '../../../kernel/crypto/credential.ts';
import { sealFields } from '../../../kernel/crypto/sealed_fields.ts';
import { Refusal } from '../../../kernel/domain/refusal.ts';
import { create } from '../../../kernel/operation/create.ts';
import { route } from '../../../kernel/operation/route.ts';
import { derivedId } from '../../../kernel/platform/ids.ts';
import { createKey, unbounded } from '../../domain/key.ts';
import { createTenant as decide } from '../../domain/tenant.ts';
import type { IssuePorts } from '../../issue_key.ts';
import { keyRow, tenantRow } from '../../store.ts';

export const createTenant = route(operation, (call, ports: IssuePorts) => {
  const { platform, keyring } = ports;
  const { zone, stage } = platform.config;
  const { metadata, ...body } = call.body;
  if (body.zone !== zone) throw new Refusal('wrong_zone', { baseUrl: platform.config.baseUrl(body.zone) });
  const tenant = call.objectId;
  const keyId = markStage(derivedId('key', zone, [tenant, 'first']), stage);
  return create(
    operation,
    tenantRow,
    call,
    ports,
    async (origin, nowMs) => {
      const sealed = await sealFields(keyring, { object: 'tenant', id: tenant }, { metadata });
      const { next, fact } = decide(origin, body, sealed, origin.createdAt);
      const minted = mintCredential(keyId, 'test', zone, platform.random, await ports.peppers());
      const key = { ...origin, id: keyId, secretHmac: minted.stored, createdBy: call.identity.actor.id };
      const first = createKey(key, { name: 'First key', scopes: [...scopes] }, unbounded, nowMs);
      if ('refused' in first) return first;
      return {
        next,
        fact,
        alongside: [{ type: keyRow, before: null, next: first.next }],
        shown: { ...next, metadata, mode: 'test', key: keyId },
        shownOnce: { secret_key: minted.text.reveal() },
      };
    },
    { scope: { tenant, mode: 'test' } },
  );
});
