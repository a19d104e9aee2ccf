// The caller of a tenant's operation, and the act that its commits record.

import type { Mode } from '../../../contract/kernel/roles.ts';
import type { Keyring } from '../crypto/keyring.ts';
import type { AuditContext } from '../store/commit.ts';
import type { Identity } from './call.ts';
import { Defect } from './refusal.ts';

export interface TenantScope {
  readonly tenant: string;
  readonly mode: Mode;
}

/** The tenant and mode of a caller that must have both. The pipeline admits no others to such operations. */
export function tenantScopeOf(identity: Identity): TenantScope {
  if (identity.tenant === null || identity.mode === null)
    throw new Defect('a tenant’s operation was called by nobody’s');
  return { tenant: identity.tenant, mode: identity.mode };
}

/** Whether an object is the caller's own; another tenant's, or another mode's, does not exist for it. */
export const owns = (
  member: TenantScope,
  object: { readonly tenant: string; readonly mode: string } | undefined,
): boolean => object !== undefined && object.tenant === member.tenant && object.mode === member.mode;

/** Where a source address is sealed: in whatever tells of the request. */
export const addressContext = (tenant: string, mode: Mode, requestId: string) => ({
  tenant,
  mode,
  purpose: 'address',
  table: 'audit',
  item: requestId,
  field: 'address',
});

export async function auditContextOf(
  call: { readonly identity: Identity; readonly requestId: string; readonly sourceAddress: string },
  { tenant, mode }: TenantScope,
  keyring: Keyring,
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
