// Lists the tenants of this zone, newest first, for operators: without what lies sealed under each one's own key.

import { listTenants as operation } from '../../../../contract/tenants/operations.ts';
import { platformAuditPartition } from '../../../../lambdas/kernel/store/audit.ts';
import { serialize } from '../../../kernel/domain/serialize.ts';
import { type HandlerPorts, read } from '../../../kernel/operation/call.ts';
import { cursorsOf } from '../../../kernel/operation/page.ts';
import { route } from '../../../kernel/operation/route.ts';
import { filtersOf, searchedList } from '../../../kernel/operation/searched_list.ts';
import type { Tenant } from '../../domain/tenant.ts';
import { allTenants, tenantRow } from '../../store.ts';

export const listTenants = route(operation, async (call, { platform, keyring }: HandlerPorts) => {
  const { verification, suspended } = call.query;
  // Operators belong to no tenant: their cursors are sealed under a data key of their own.
  const owner = { tenant: platformAuditPartition, mode: null };
  const cursors = cursorsOf(keyring, owner, [operation.id, ...filtersOf(call.query)]);
  const wanted = (tenant: Tenant): boolean =>
    (verification === undefined || tenant.verification === verification) &&
    (suspended === undefined || (tenant.suspension !== null) === (suspended === 'true'));
  const listed = { type: tenantRow, owner: allTenants, wanted, shown: async (tenant: Tenant) => tenant };
  return read(serialize(operation.reply, await searchedList(platform, cursors, call.query, listed)));
});
