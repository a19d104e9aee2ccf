// Whose a call is, and what its commits record of it.

import type { Operation } from '../../../contract/capabilities.ts';
import type { Mode } from '../../../contract/kernel/roles.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { Defect } from '../domain/refusal.ts';
import type { TenantScope } from '../domain/tenant_scope.ts';
import type { AuditContext } from '../store/commit.ts';
import type { Call, Identity, ParsedCall } from './call.ts';

/** The tenant and mode of a caller that must have both. The pipeline authorizes no others for such operations. */
export function tenantScopeOf(identity: Identity): TenantScope {
  if (identity.tenant === null || identity.mode === null) {
    throw new Defect('an operation of a tenant was called by somebody who belongs to none');
  }
  return { tenant: identity.tenant, mode: identity.mode };
}

/** Where a source address is sealed: in whatever records the request. */
export const addressContext = (tenant: string, mode: Mode, requestId: string) => ({
  tenant,
  mode,
  purpose: 'address',
  table: 'audit',
  item: requestId,
  field: 'address',
});

export async function auditContextOf(
  call: Pick<ParsedCall<Operation>, 'identity' | 'requestId' | 'sourceAddress'>,
  { tenant, mode }: TenantScope,
  keyring: Pick<Keyring, 'seal'>,
): Promise<AuditContext> {
  return {
    tenant,
    mode,
    actor: call.identity.actor,
    onBehalfOf: call.identity.onBehalfOf,
    requestId: call.requestId,
    address: await keyring.seal(call.sourceAddress, addressContext(tenant, mode, call.requestId)),
  };
}

/** The call as a handler takes it. The audit context is sealed once, however often a change is tried. */
export function callOf<O extends Operation>(parsed: ParsedCall<O>, keyring: Pick<Keyring, 'seal'>): Call<O> {
  const contexts = new Map<string, Promise<AuditContext>>();
  return {
    ...parsed,
    get scope() {
      return tenantScopeOf(parsed.identity);
    },
    auditContext(scope = tenantScopeOf(parsed.identity)) {
      const name = `${scope.tenant}#${scope.mode}`;
      const context = contexts.get(name) ?? auditContextOf(parsed, scope, keyring);
      contexts.set(name, context);
      return context;
    },
  };
}
