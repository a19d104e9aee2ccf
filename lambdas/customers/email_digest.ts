// How customers are found by their e-mail address, which lies nowhere in the clear: by a keyed digest of its comparable form.
// Tenant and mode are part of it, so that it does not show who is a customer of two tenants.

import type { Digests } from '../kernel/crypto/digest.ts';
import type { TenantScope } from '../kernel/domain/tenant_scope.ts';
import { comparableEmail } from './domain/customer.ts';

const content = ({ tenant, mode }: TenantScope, email: string) => [
  'customer_email',
  tenant,
  mode,
  comparableEmail(email),
];

export const emailDigest = async (
  digests: Digests,
  scope: TenantScope,
  email: string | null,
): Promise<string | null> => (email === null ? null : digests.of(content(scope, email)));

/** Under every version of the key, the oldest first. */
export const emailDigests = (digests: Digests, scope: TenantScope, email: string): Promise<readonly string[]> =>
  digests.each(content(scope, email));
