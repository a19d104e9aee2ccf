// A tenant in one mode: what every object of a merchant belongs to.

import type { Mode } from '../../../contract/kernel/roles.ts';

export interface TenantScope {
  readonly tenant: string;
  readonly mode: Mode;
}

/** The scope of an object that says itself whose it is. */
export const ownScope = ({ tenant, mode }: TenantScope): TenantScope => ({ tenant, mode });

/** How a scope is written in keys. */
export const ownerOf = ({ tenant, mode }: TenantScope): string => `${tenant}#${mode}`;

/** Whether an object is the caller's own; another tenant's, or another mode's, does not exist for it. */
export const owns = (
  scope: TenantScope,
  object: { readonly tenant: string; readonly mode: string } | undefined,
): boolean => object !== undefined && object.tenant === scope.tenant && object.mode === scope.mode;
