// Changes a tenant's name or metadata; never its zone.

import { keyLimits } from '../../../contract/limits.ts';
import { updateTenant as operation } from '../../../contract/operations/tenants.ts';
import { changedTexts, withTexts } from '../../crypto/texts.ts';
import { Refusal } from '../../domain/refusal.ts';
import { represent } from '../../domain/representation.ts';
import * as domain from '../../domain/tenant.ts';
import type { SettingsPorts } from '../../settings/ports.ts';
import { load, tenantRow, updateTenant as update } from '../../store/tenants.ts';
import { actOf } from '../caller.ts';
import { committed, type Handler } from '../handler.ts';

export const updateTenant: Handler<typeof operation, SettingsPorts> = async (call, ports) => {
  const id = call.params.tenant_id ?? '';
  const act = await actOf(call, { tenant: id, mode: 'test' }, ports.keyring);
  const shown = async (tenant: domain.Tenant): Promise<string> =>
    represent(operation.reply, await withTexts(ports.keyring, tenant));
  for (let tries = 0; tries < keyLimits.commitTries; tries += 1) {
    const tenant = await load(ports.platform, tenantRow, id);
    if (tenant === undefined) throw new Refusal('tenant_not_found');
    const { name, metadata } = call.body;
    const texts = await changedTexts(ports.keyring, tenant.value, { metadata });
    const change = domain.updateTenant(tenant.value, { name }, texts);
    if (change === null) return { body: await shown(tenant.value), outcome: 'unchanged' };
    const { next, fact } = change;
    const done = await update(ports.platform, tenant, next, fact, act);
    if (done.kind === 'committed') return committed(await shown(next));
  }
  throw new Refusal('unavailable', { retryAfterSeconds: 1 });
};
