// Creates a test-mode key of a tenant, for an operator: the way back for a tenant that lost its last one. The tenant's own
// trail shows who did it.

import type { createTenantKey as operation } from '../../../../contract/tenants/operations.ts';
import type { Handler } from '../../../kernel/operation/call.ts';
import { Refusal } from '../../../kernel/operation/refusal.ts';
import { createKey, unbounded } from '../../domain/key.ts';
import { issueKey } from '../../issue_key.ts';
import type { TenantPorts } from '../../ports.ts';
import * as store from '../../store.ts';

export const createTenantKey: Handler<typeof operation, TenantPorts> = async (call, ports) => {
  const tenant = call.params.tenant_id ?? '';
  const found = await store.load(ports.platform, store.tenantRow, tenant);
  if (found === undefined) throw new Refusal('tenant_not_found');
  return issueKey(
    ports,
    call,
    { tenant, mode: 'test' },
    (origin, nowMs) => createKey(origin, call.body, unbounded, nowMs),
    ({ fact }, next, act) => store.createKey(ports.platform, next, fact, act),
  );
};
