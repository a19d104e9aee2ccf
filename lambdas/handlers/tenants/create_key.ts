// Creates a test-mode key of a tenant, for an operator: the way back for a tenant that lost its last one. The tenant's own
// trail shows who did it.

import type { createTenantKey as operation } from '../../../contract/operations/tenants.ts';
import { unbounded } from '../../domain/key.ts';
import { Refusal } from '../../domain/refusal.ts';
import { makeKey } from '../../settings/make_key.ts';
import type { SettingsPorts } from '../../settings/ports.ts';
import { load, tenantRow } from '../../store/tenants.ts';
import type { Handler } from '../handler.ts';

export const createTenantKey: Handler<typeof operation, SettingsPorts> = async (call, ports) => {
  const tenant = call.params.tenant_id ?? '';
  if ((await load(ports.platform, tenantRow, tenant)) === undefined) throw new Refusal('tenant_not_found');
  return makeKey(ports, call, { tenant, mode: 'test' }, unbounded);
};
