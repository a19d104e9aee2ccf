// The caller of a tenant's operation, and the act that its commits record.

import type { Mode } from '../../../contract/kernel/roles.ts';
import type { Keyring } from '../crypto/keyring.ts';
import type { Act } from '../store/commit.ts';
import type { Identity } from './call.ts';
import { Defect } from './refusal.ts';

export interface Member {
  readonly tenant: string;
  readonly mode: Mode;
}

/** The tenant and mode of a caller that must have both. The pipeline admits no others to such operations. */
export function memberOf(identity: Identity): Member {
  if (identity.tenant === null || identity.mode === null)
    throw new Defect('a tenant’s operation was called by nobody’s');
  return { tenant: identity.tenant, mode: identity.mode };
}

/** Whether an object is the caller's own; another tenant's, or another mode's, does not exist for it. */
export const owns = (member: Member, object: { readonly tenant: string; readonly mode: string } | undefined): boolean =>
  object !== undefined && object.tenant === member.tenant && object.mode === member.mode;

/** Where a source address is sealed: in whatever tells of the request. */
export const addressPlace = (tenant: string, mode: Mode, requestId: string) => ({
  tenant,
  mode,
  purpose: 'address',
  table: 'audit',
  item: requestId,
  field: 'address',
});

export async function actOf(
  call: { readonly identity: Identity; readonly requestId: string; readonly sourceAddress: string },
  { tenant, mode }: Member,
  keyring: Keyring,
): Promise<Act> {
  return {
    tenant,
    mode,
    actor: call.identity.actor,
    onBehalfOf: call.identity.onBehalfOf,
    requestId: call.requestId,
    address: await keyring.seal(call.sourceAddress, addressPlace(tenant, mode, call.requestId)),
  };
}
