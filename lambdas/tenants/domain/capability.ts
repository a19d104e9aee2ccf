// What a tenant's live mode may do, as rows that other transactions check: copies of one statement, since DynamoDB refuses
// transactions that meet at one item.

import * as v from 'valibot';
import { tenantLimits } from '../../../contract/tenants/limits.ts';
import { Capabilities } from '../../../contract/tenants/tenant.ts';

export const Capability = v.object({
  id: v.string(),
  object: v.literal('capability'),
  tenant: v.string(),
  ...Capabilities.entries,
});
export type Capability = v.InferOutput<typeof Capability>;

const copies = Array.from({ length: tenantLimits.capabilityCopies }, (_, copy) => copy);

export const capabilityId = (tenant: string, copy: number): string => `tcap_${copy}_${tenant}`;

/** All copies of one statement. */
export const capabilityCopies = (
  tenant: string,
  { charges, refunds }: v.InferOutput<typeof Capabilities>,
): readonly Capability[] =>
  copies.map((copy) => ({ id: capabilityId(tenant, copy), object: 'capability', tenant, charges, refunds }));

/** The copy without what is to be no more. */
export const narrowed = (copy: Capability, next: Capability): Capability => ({
  ...copy,
  charges: copy.charges && next.charges,
  refunds: copy.refunds && next.refunds,
});

export const saysSame = (one: Capability, other: Capability): boolean =>
  one.charges === other.charges && one.refunds === other.refunds;
