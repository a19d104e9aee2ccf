// Tenants and operators: their stored form, and the pure decisions about tenants.

import * as v from 'valibot';
import { type CreateTenant, Tenant as PublicTenant, type UpdateTenant } from '../../../contract/tenants/tenant.ts';
import type { Change } from '../../kernel/domain/decision.ts';
import { IdempotencyRecord } from '../../kernel/domain/idempotency.ts';
import type { Sealed } from '../../kernel/domain/sealed_text.ts';
import { SealedText } from '../../kernel/domain/sealed_text.ts';

export const Tenant = v.object({
  ...v.omit(PublicTenant, ['metadata']).entries,
  ...IdempotencyRecord.entries,
  /** Metadata. */
  sealed_fields: SealedText,
});
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
  body: Pick<v.InferOutput<typeof CreateTenant>, 'name' | 'zone'>,
  sealedFields: Sealed<string>,
  createdAt: string,
): Change<Tenant> => ({
  fact: 'tenant.created',
  next: {
    id: origin.id,
    object: 'tenant',
    name: body.name,
    zone: body.zone,
    sealed_fields: sealedFields,
    created_at: createdAt,
    body_digest: origin.bodyDigest,
    reply: null,
  },
});

/**
 * `zone` is not among what can change (promise RES-1). `sealedFields`: the tenant's own where they are to stay. Null: it was
 * so already.
 */
export function updateTenant(
  tenant: Tenant,
  { name = tenant.name }: Pick<v.InferOutput<typeof UpdateTenant>, 'name'>,
  sealedFields: Sealed<string>,
): Change<Tenant> | null {
  const next = { ...tenant, name, sealed_fields: sealedFields };
  return name === tenant.name && sealedFields === tenant.sealed_fields ? null : { fact: 'tenant.updated', next };
}
