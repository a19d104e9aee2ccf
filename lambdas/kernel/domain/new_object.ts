import type { TenantScope } from './tenant_scope.ts';

/** What every new object begins with. */
export interface NewObject extends TenantScope {
  readonly id: string;
  readonly bodyDigest: string;
  readonly createdAt: string;
}
