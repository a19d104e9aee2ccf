// Reads one tenant, for operators.

import { getTenant as operation } from '../../../contract/operations/tenants.ts';
import { Refusal } from '../../domain/refusal.ts';
import { represent } from '../../domain/representation.ts';
import type { Platform } from '../../platform/platform.ts';
import { load, tenantRow } from '../../store/tenants.ts';
import { fresh, type Handler } from '../handler.ts';

export const getTenant: Handler<typeof operation, Platform> = async (call, platform) => {
  const tenant = await load(platform, tenantRow, call.params.tenant_id ?? '');
  if (tenant === undefined) throw new Refusal('tenant_not_found');
  return fresh(represent(operation.reply, tenant.value));
};
