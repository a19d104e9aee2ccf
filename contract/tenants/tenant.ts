// Tenants: merchants of this zone. The zone is chosen at creation and never changes (promise RES-1).

import * as v from 'valibot';
import { Id, Metadata, Text, Timestamp, ZoneField } from '../kernel/fields.ts';
import { requestLimits as limits } from '../kernel/limits.ts';
import { createdFilters, ListQuery } from '../kernel/list.ts';

export const verifications = ['unverified', 'pending', 'verified', 'rejected'] as const;
export const suspensionReasons = ['fraud', 'disputes', 'verification', 'legal', 'unpaid', 'other'] as const;

/** What its live mode may do: of the verification, the suspension and the closure, and of nothing else. */
export const Capabilities = v.object({ charges: v.boolean(), refunds: v.boolean() });

export const Suspension = v.object({
  reason: v.picklist(suspensionReasons),
  refunds: v.picklist(['keep', 'stop']),
  at: Timestamp,
});

export const closedAt = v.nullable(Timestamp);

export const CreateTenant = v.strictObject({
  name: Text(limits.nameChars),
  zone: ZoneField,
  metadata: v.optional(Metadata, {}),
});

export const UpdateTenant = v.pipe(
  v.strictObject({ name: v.optional(Text(limits.nameChars)), metadata: v.optional(Metadata) }),
  v.check((body) => body.name !== undefined || body.metadata !== undefined, 'Expected name or metadata'),
);

export const Tenant = v.object({
  id: Id('tenant'),
  object: v.literal('tenant'),
  name: v.string(),
  zone: ZoneField,
  metadata: v.record(v.string(), v.string()),
  verification: v.picklist(verifications),
  capabilities: Capabilities,
  suspension: v.nullable(Suspension),
  closed_at: closedAt,
  created_at: Timestamp,
});

/** In lists: without what lies sealed under each tenant's own key. */
export const ListedTenant = v.omit(Tenant, ['metadata']);

export const ListTenantsQuery = v.strictObject({
  ...ListQuery.entries,
  verification: v.optional(v.picklist(verifications, `Expected one of ${verifications.join(', ')}`)),
  suspended: v.optional(v.picklist(['true', 'false'], 'Expected true or false')),
  ...createdFilters,
});

export const SuspendTenant = v.strictObject({
  reason: v.picklist(suspensionReasons, `Expected one of ${suspensionReasons.join(', ')}`),
  refunds: v.optional(v.picklist(['keep', 'stop'], 'Expected keep or stop'), 'keep'),
});
export const ResumeTenant = v.strictObject({});
export const CloseTenant = v.strictObject({});

/** A tenant is born with one test-mode key that holds every scope; `secret_key` is null in a replay. */
export const CreatedTenant = v.object({
  ...Tenant.entries,
  mode: v.literal('test'),
  key: Id('key'),
  secret_key: v.nullable(v.string()),
});
