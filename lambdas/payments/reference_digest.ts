// How payments are found by their merchant's reference, which may name a person and lies nowhere in the clear: by a keyed digest of it.
// Tenant and mode are part of it, so that equal references of two tenants don't show.

import type { Digests } from '../kernel/crypto/digest.ts';
import type { TenantScope } from '../kernel/domain/tenant_scope.ts';

const content = ({ tenant, mode }: TenantScope, reference: string) => ['payment_reference', tenant, mode, reference];

export const referenceDigest = async (
  digests: Pick<Digests, 'of'>,
  scope: TenantScope,
  reference: string | null,
): Promise<string | null> => (reference === null ? null : digests.of(content(scope, reference)));

/** Under every version of the key, the oldest first. */
export const referenceDigests = (
  digests: Pick<Digests, 'each'>,
  scope: TenantScope,
  reference: string,
): Promise<readonly string[]> => digests.each(content(scope, reference));
