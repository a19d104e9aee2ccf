// Lists the tenants of this zone, newest first, for operators: without what lies sealed under each one's own key.

import { tenantLimits as limits } from '../../../../contract/tenants/limits.ts';
import { listTenants as operation } from '../../../../contract/tenants/operations.ts';
import { platformAuditPartition } from '../../../../lambdas/kernel/store/audit.ts';
import { serialize } from '../../../kernel/domain/serialize.ts';
import { type HandlerPorts, read } from '../../../kernel/operation/call.ts';
import { cursorsOf, searchedPage } from '../../../kernel/operation/page.ts';
import { route } from '../../../kernel/operation/route.ts';
import { newestListed } from '../../../kernel/store/lists.ts';
import type { Tenant } from '../../domain/tenant.ts';
import { allTenants, tenantRow } from '../../store.ts';

export const listTenants = route(operation, async (call, { platform, keyring }: HandlerPorts) => {
  const { cursor, limit, verification, suspended, 'created[gte]': from, 'created[lt]': before } = call.query;
  const filters = [verification, suspended, from, before].map((each) => each ?? '');
  // Operators belong to no tenant: their cursors are sealed under a data key of their own.
  const cursors = cursorsOf(keyring, { tenant: platformAuditPartition, mode: null }, [operation.id, ...filters]);
  const fromMs = from === undefined ? 0 : Date.parse(from);
  const beforeMs = before === undefined ? Number.POSITIVE_INFINITY : Date.parse(before);
  const createdMs = (tenant: Tenant): number => Date.parse(tenant.created_at);
  const wanted = (tenant: Tenant): boolean =>
    (verification === undefined || tenant.verification === verification) &&
    (suspended === undefined || (tenant.suspension !== null) === (suspended === 'true')) &&
    createdMs(tenant) < beforeMs;
  const page = await searchedPage(cursors, limit, await cursors.position(cursor), limits, {
    read: async (position, count) => {
      const found = await newestListed(platform, tenantRow, allTenants, position, count);
      return found.map(({ position: id, value }) => ({ id, value }));
    },
    wanted: ({ value }) => wanted(value),
    ended: ({ value }) => createdMs(value) < fromMs,
    shown: async ({ value }) => value,
  });
  return read(serialize(operation.reply, page));
});
