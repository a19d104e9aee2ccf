// The payment that a path names with one of its modifications: another tenant's, or another mode's, does not exist for the caller.

import { owns, type TenantScope } from '../kernel/domain/tenant_scope.ts';
import { idOf, type NamingCall, notFound } from '../kernel/operation/named.ts';
import type { StorePlatform } from '../kernel/store/commit.ts';
import type { Stored } from '../kernel/store/row.ts';
import type { Modification } from './domain/modification.ts';
import type { Payment } from './domain/payment.ts';
import { loadWithModification } from './store.ts';

/** Strongly consistent, in one call. */
export async function namedWithModification(
  platform: StorePlatform,
  call: NamingCall & { readonly scope: TenantScope },
  modificationId: string,
): Promise<{ readonly payment: Stored<Payment>; readonly modification: Stored<Modification> | undefined }> {
  const { payment, modification } = await loadWithModification(platform, idOf(call, 'payment'), modificationId);
  if (payment === undefined || !owns(call.scope, payment.value)) throw notFound('payment');
  return { payment, modification };
}
