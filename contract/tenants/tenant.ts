// Tenants: merchants of this zone. The zone is chosen at creation and never changes (promise RES-1).

import * as v from 'valibot';
import { Id, Metadata, Text, Timestamp, ZoneField } from '../kernel/fields.ts';
import { requestLimits as limits } from '../kernel/limits.ts';

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
  created_at: Timestamp,
});

/** A tenant is born with one test-mode key that holds every scope; `secret_key` is null in a replay. */
export const CreatedTenant = v.object({
  ...Tenant.entries,
  mode: v.literal('test'),
  key: Id('key'),
  secret_key: v.nullable(v.string()),
});
