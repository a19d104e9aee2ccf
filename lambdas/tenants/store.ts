// The tenants table: tenants, their API keys, and operators, each in a partition of its own.

import { keyLimits } from '../../contract/tenants/limits.ts';
import { ownerOf, ownScope } from '../kernel/domain/tenant_scope.ts';
import { timestamp } from '../kernel/platform/clock.ts';
import { type AuditContext, type Committed, commitChange, type StorePlatform } from '../kernel/store/commit.ts';
import { updateItem } from '../kernel/store/conditional.ts';
import { keyOf, type NamedRow, type RowType, type Stored } from '../kernel/store/row.ts';
import { Business } from './domain/business.ts';
import { Capability } from './domain/capability.ts';
import { Key } from './domain/key.ts';
import { Operator, Tenant } from './domain/tenant.ts';

/** Owner of the list of all tenants, which operators read. */
export const allTenants = 'tenants';

export const tenantRow: NamedRow<Tenant> = {
  table: 'tenants',
  schema: Tenant,
  kind: 'tenant',
  key: ({ id }) => ({ pk: id, sk: 'tenant' }),
  // What operators do to it stands among its own audit entries of test mode.
  scope: ({ id }) => ({ tenant: id, mode: 'test' }),
  listed: ({ id, created_at }) => ({ owner: allTenants, id, since: created_at }),
};

/** Beside its tenant's row. */
export const businessRow: RowType<Business> = {
  table: 'tenants',
  schema: Business,
  key: ({ tenant }) => ({ pk: tenant, sk: 'business' }),
};

export const capabilityRow: RowType<Capability> = {
  table: 'tenants',
  schema: Capability,
  key: ({ id }) => ({ pk: id, sk: 'capability' }),
};

export const keyRow: NamedRow<Key> = {
  table: 'tenants',
  schema: Key,
  kind: 'key',
  key: ({ id }) => ({ pk: id, sk: 'key' }),
  scope: ownScope,
  listed: (key) => ({ owner: ownerOf(key), id: key.id, since: key.created_at }),
};

export const operatorRow: RowType<Operator> = {
  table: 'tenants',
  schema: Operator,
  key: ({ id }) => ({ pk: id, sk: 'operator' }),
};

/**
 * Notes that a key was used, at most once in a while however many requests race. Beside the key's version on purpose: it
 * must never make a change of the key fail. Throws where it was noted already, or took too long.
 */
export async function touchKey(platform: StorePlatform, id: string, atMs: number): Promise<void> {
  // A standby's note would be a newer item than a change that is still on its way to it, and undo that in both regions.
  await updateItem(
    platform,
    {
      TableName: platform.config.table('tenants'),
      Key: keyOf({ pk: id, sk: 'key' }),
      UpdateExpression: 'SET last_used_at = :now',
      ConditionExpression: 'attribute_exists(pk) AND (attribute_type(last_used_at, :null) OR last_used_at < :stale)',
      ExpressionAttributeValues: {
        ':now': { S: timestamp(atMs) },
        ':stale': { S: timestamp(atMs - keyLimits.lastUsedResolutionMs) },
        ':null': { S: 'NULL' },
      },
    },
    { abortSignal: AbortSignal.timeout(keyLimits.touchMs) },
  );
}

export const createOperator = (
  platform: StorePlatform,
  next: Operator,
  audit: AuditContext,
): Promise<Committed<[Operator]>> =>
  commitChange(platform, operatorRow, null, { next, fact: 'operator.created' }, audit);

export const revokeOperator = (
  platform: StorePlatform,
  before: Stored<Operator>,
  audit: AuditContext,
): Promise<Committed<[Operator]>> => {
  const next: Operator = { ...before.value, status: 'revoked' };
  return commitChange(platform, operatorRow, before, { next, fact: 'operator.revoked' }, audit);
};
