// Creates a key of a tenant, for an operator: the first of live mode, and the way back for a tenant that lost its last one. Its own
// audit entries show who did it.

import { createTenantKey as operation } from '../../../../contract/tenants/operations.ts';
import { create } from '../../../kernel/operation/create.ts';
import { namedPresent } from '../../../kernel/operation/named.ts';
import { route } from '../../../kernel/operation/route.ts';
import { capabilityChecks } from '../../capability_check.ts';
import { createKey as decide, unbounded } from '../../domain/key.ts';
import { type IssuePorts, issueKey, refuseScopes } from '../../issue_key.ts';
import { keyRow, tenantRow } from '../../store.ts';

export const createTenantKey = route(operation, async (call, ports: IssuePorts) => {
  refuseScopes(call.body);
  const tenant = await namedPresent(ports.platform, call, tenantRow);
  return create(
    operation,
    keyRow,
    call,
    ports,
    async (origin, nowMs) => {
      const { id } = call.identity.actor;
      const issued = await issueKey(ports, origin, id, call.body.kind, (key) =>
        decide(key, call.body, unbounded, nowMs),
      );
      return { ...issued, checks: capabilityChecks(ports.platform, origin, 'charges') };
    },
    { scope: { tenant: tenant.value.id, mode: call.body.mode ?? 'test' } },
  );
});
