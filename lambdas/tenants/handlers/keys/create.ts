// Creates an API key of the caller's tenant, which holds no more than the caller's own.

import type { createKey as operation } from '../../../../contract/tenants/operations.ts';
import type { Handler } from '../../../kernel/operation/call.ts';
import { tenantScopeOf } from '../../../kernel/operation/scope.ts';
import * as domain from '../../domain/key.ts';
import { issueKey } from '../../issue_key.ts';
import { issuingKeyOf } from '../../issuing_key.ts';
import type { TenantPorts } from '../../ports.ts';
import * as store from '../../store.ts';

export const createKey: Handler<typeof operation, TenantPorts> = async (call, ports) => {
  const maker = await issuingKeyOf(ports.platform, call.identity);
  return issueKey(
    ports,
    call,
    tenantScopeOf(call.identity),
    (origin, nowMs) => domain.createKey(origin, call.body, maker, nowMs),
    ({ fact }, next, act) => store.createKey(ports.platform, next, fact, act),
  );
};
