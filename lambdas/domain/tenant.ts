// Tenants and operators: their stored form, and the pure decisions about tenants.

import { isDeepStrictEqual } from 'node:util';
import * as v from 'valibot';
import { type CreateTenant, Tenant as PublicTenant, type UpdateTenant } from '../../contract/resources/tenant.ts';
import type { Change } from './payment.ts';
import { RepeatRecord } from './repeat.ts';

export const Tenant = v.object({ ...PublicTenant.entries, ...RepeatRecord.entries });
export type Tenant = v.InferOutput<typeof Tenant>;

/** Who runs a zone. Made with the deployer's own AWS credentials, never through the API. */
export const Operator = v.object({
  id: v.string(),
  object: v.literal('operator'),
  name: v.string(),
  status: v.picklist(['active', 'revoked']),
  expires_at: v.null(),
  secret_hmac: v.string(),
  created_at: v.string(),
});
export type Operator = v.InferOutput<typeof Operator>;

export const createTenant = (
  origin: { readonly id: string; readonly bodyDigest: string },
  body: v.InferOutput<typeof CreateTenant>,
  createdAt: string,
): Change<Tenant> => ({
  fact: 'tenant.created',
  next: {
    id: origin.id,
    object: 'tenant',
    name: body.name,
    zone: body.zone,
    metadata: body.metadata,
    created_at: createdAt,
    body_digest: origin.bodyDigest,
    reply: null,
  },
});

/** `zone` is not among what can change (promise RES-1). Null: it was so already. */
export function updateTenant(tenant: Tenant, body: v.InferOutput<typeof UpdateTenant>): Change<Tenant> | null {
  const next = { ...tenant, name: body.name ?? tenant.name, metadata: body.metadata ?? tenant.metadata };
  const same = next.name === tenant.name && isDeepStrictEqual(next.metadata, tenant.metadata);
  return same ? null : { fact: 'tenant.updated', next };
}
