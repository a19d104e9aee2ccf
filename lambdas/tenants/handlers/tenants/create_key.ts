// Creates a test-mode key of a tenant, for an operator: the way back for a tenant that lost its last one. The tenant's own
// trail shows who did it.

import { createTenantKey as operation } from '../../../../contract/tenants/operations.ts';
import type { Handler } from '../../../kernel/operation/call.ts';
import { create } from '../../../kernel/operation/create.ts';
import { namedPresent } from '../../../kernel/operation/named.ts';
import { createKey as decide, unbounded } from '../../domain/key.ts';
import { issueKey } from '../../issue_key.ts';
import type { TenantPorts } from '../../ports.ts';
import { keyRow, tenantRow } from '../../store.ts';

export const createTenantKey: Handler<typeof operation, TenantPorts> = async (call, ports) => {
  const tenant = await namedPresent(ports.platform, call, tenantRow);
  return create(
    operation,
    keyRow,
    call,
    ports,
    (origin, nowMs) => issueKey(ports, origin, (key) => decide(key, call.body, unbounded, nowMs)),
    { scope: tenantRow.scope(tenant.value) },
  );
};
