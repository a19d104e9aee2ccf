// Changes a tenant's name or metadata; never its zone.

import { keyLimits } from '../../../../contract/tenants/limits.ts';
import { updateTenant as operation } from '../../../../contract/tenants/operations.ts';
import { changedFields, withOpenFields } from '../../../kernel/crypto/sealed_fields.ts';
import { committed, type Handler } from '../../../kernel/operation/call.ts';
import { Refusal } from '../../../kernel/operation/refusal.ts';
import { auditContextOf } from '../../../kernel/operation/scope.ts';
import { serialize } from '../../../kernel/operation/serialize.ts';
import * as domain from '../../domain/tenant.ts';
import type { TenantPorts } from '../../ports.ts';
import { load, tenantRow, updateTenant as update } from '../../store.ts';

export const updateTenant: Handler<typeof operation, TenantPorts> = async (call, ports) => {
  const id = call.params.tenant_id ?? '';
  const act = await auditContextOf(call, { tenant: id, mode: 'test' }, ports.keyring);
  const shown = async (tenant: domain.Tenant): Promise<string> =>
    serialize(operation.reply, await withOpenFields(ports.keyring, tenant));
  for (let tries = 0; tries < keyLimits.commitTries; tries += 1) {
    const tenant = await load(ports.platform, tenantRow, id);
    if (tenant === undefined) throw new Refusal('tenant_not_found');
    const { name, metadata } = call.body;
    const texts = await changedFields(ports.keyring, tenant.value, { metadata });
    const change = domain.updateTenant(tenant.value, { name }, texts);
    if (change === null) return { body: await shown(tenant.value), outcome: 'unchanged' };
    const { next, fact } = change;
    const done = await update(ports.platform, tenant, next, fact, act);
    if (done.kind === 'committed') return committed(await shown(next));
  }
  throw new Refusal('unavailable', { retryAfterSeconds: 1 });
};
