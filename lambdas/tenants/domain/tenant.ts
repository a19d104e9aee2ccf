// Tenants and operators: their stored form, and the pure decisions about tenants.

import * as v from 'valibot';
import {
  type CreateTenant,
  Tenant as PublicTenant,
  type SuspendTenant,
  type UpdateTenant,
} from '../../../contract/tenants/tenant.ts';
import type { Change, Refused } from '../../kernel/domain/decision.ts';
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
    verification: 'unverified',
    capabilities: { charges: false, refunds: false },
    suspension: null,
    closed_at: null,
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

/**
 * What live mode may do follows from the rest. Refunds outlast charges: buyers get their money back from a tenant that is suspended
 * or closed, unless its suspension says otherwise.
 */
export function withCapabilities(tenant: Tenant): Tenant {
  const { verification, suspension, closed_at } = tenant;
  const verified = verification === 'verified';
  const charges = verified && suspension === null && closed_at === null;
  return { ...tenant, capabilities: { charges, refunds: verified && suspension?.refunds !== 'stop' } };
}

/** From any state but a closed one. Null: it was so already. */
export function suspendTenant(
  tenant: Tenant,
  { reason, refunds }: v.InferOutput<typeof SuspendTenant>,
  now: string,
): Change<Tenant> | Refused | null {
  const { suspension, closed_at } = tenant;
  if (closed_at !== null) return { refused: 'tenant_closed' };
  if (suspension?.reason === reason && suspension.refunds === refunds) return null;
  const next = withCapabilities({ ...tenant, suspension: { reason, refunds, at: suspension?.at ?? now } });
  return { fact: 'tenant.suspended', next };
}

export function resumeTenant(tenant: Tenant): Change<Tenant> | Refused | null {
  if (tenant.closed_at !== null) return { refused: 'tenant_closed' };
  return tenant.suspension && { fact: 'tenant.resumed', next: withCapabilities({ ...tenant, suspension: null }) };
}

/** For good. A suspension that was there stays, with what it says of refunds. */
export const closeTenant = (tenant: Tenant, now: string): Change<Tenant> | null =>
  tenant.closed_at === null ? { fact: 'tenant.closed', next: withCapabilities({ ...tenant, closed_at: now }) } : null;
