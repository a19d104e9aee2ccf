// Whether a tenant's live mode may do something, as part of the very transaction that does it. Test mode asks nobody.

import type { ErrorCode } from '../../contract/capabilities.ts';
import { tenantLimits } from '../../contract/tenants/limits.ts';
import type { TenantScope } from '../kernel/domain/tenant_scope.ts';
import type { Platform } from '../kernel/platform/platform.ts';
import type { Check } from '../kernel/store/guard.ts';
import { capabilityId } from './domain/capability.ts';

const refusals = { charges: 'charges_disabled', refunds: 'refunds_disabled' } as const satisfies Record<
  string,
  ErrorCode
>;

/** To be made for each try: which copy is asked is drawn, so that few transactions meet. */
export function capabilityChecks(
  { random }: Pick<Platform, 'random'>,
  { tenant, mode }: TenantScope,
  attribute: keyof typeof refusals,
): readonly Check[] {
  if (mode === 'test') return [];
  const copy = (random(1)[0] ?? 0) % tenantLimits.capabilityCopies;
  const key = { pk: capabilityId(tenant, copy), sk: 'capability' };
  return [{ table: 'tenants', key, attribute, refused: refusals[attribute] }];
}
