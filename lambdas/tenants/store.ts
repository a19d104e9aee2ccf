// The tenants table: tenants, their API keys, and operators, each in a partition of its own.

import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { GenericSchema } from 'valibot';
import type { EventType } from '../../contract/kernel/vocabulary.ts';
import { keyLimits } from '../../contract/tenants/limits.ts';
import { timestamp } from '../kernel/platform/clock.ts';
import { type AuditContext, type Committed, commit, type StorePlatform } from '../kernel/store/commit.ts';
import { fromItem, keyOf, type RowType, type Stored } from '../kernel/store/row.ts';
import { Key } from './domain/key.ts';
import { Operator, Tenant } from './domain/tenant.ts';

const rowOf = <T extends { readonly id: string }>(
  schema: GenericSchema<unknown, T>,
  kind: string,
  listed: RowType<T>['listed'],
): RowType<T> => ({
  table: 'tenants',
  schema,
  key: ({ id }) => ({ pk: id, sk: kind }),
  listed: listed,
  due: () => null,
});

export const tenantRow = /* @__PURE__ */ rowOf(Tenant, 'tenant', () => null);
export const operatorRow = /* @__PURE__ */ rowOf(Operator, 'operator', () => null);
export const keyRow = /* @__PURE__ */ rowOf(Key, 'key', ({ id, tenant, mode, created_at }) => ({
  owner: `${tenant}#${mode}`,
  id,
  since: created_at,
}));

/** One row by id, strongly consistent; undefined if there is none. */
export async function load<T extends { readonly id: string }>(
  platform: StorePlatform,
  type: RowType<T>,
  id: string,
): Promise<Stored<T> | undefined> {
  const Key = keyOf(type.key({ id } as T));
  const TableName = platform.config.table(type.table);
  const { Item } = await platform.dynamodb.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
  return Item && fromItem(type, Item);
}

/** A tenant with its first key, or neither. */
export const createTenant = (
  platform: StorePlatform,
  tenant: Tenant,
  key: Key,
  fact: EventType | null,
  act: AuditContext,
): Promise<Committed<[Key, Tenant]>> =>
  commit(
    platform,
    [
      { type: keyRow, before: null, next: key },
      { type: tenantRow, before: null, next: tenant },
    ],
    fact && { type: fact, aggregateId: tenant.id },
    act,
  );

export const updateTenant = (
  platform: StorePlatform,
  before: Stored<Tenant>,
  next: Tenant,
  fact: EventType | null,
  act: AuditContext,
): Promise<Committed<[Tenant]>> =>
  commit(platform, [{ type: tenantRow, before, next }], fact && { type: fact, aggregateId: next.id }, act);

export const createKey = (
  platform: StorePlatform,
  next: Key,
  fact: EventType | null,
  act: AuditContext,
): Promise<Committed<[Key]>> =>
  commit(platform, [{ type: keyRow, before: null, next }], fact && { type: fact, aggregateId: next.id }, act);

/** The successor and the end of the old key, in one transaction. */
export const rotateKey = (
  platform: StorePlatform,
  old: { readonly before: Stored<Key>; readonly next: Key },
  next: Key,
  fact: EventType | null,
  act: AuditContext,
): Promise<Committed<[Key, Key]>> =>
  commit(
    platform,
    [
      { type: keyRow, ...old },
      { type: keyRow, before: null, next },
    ],
    fact && { type: fact, aggregateId: next.id },
    act,
  );

export const revokeKey = (
  platform: StorePlatform,
  before: Stored<Key>,
  next: Key,
  fact: EventType | null,
  act: AuditContext,
): Promise<Committed<[Key]>> =>
  commit(platform, [{ type: keyRow, before, next }], fact && { type: fact, aggregateId: next.id }, act);

/**
 * Notes that a key was used, at most once in a while however many requests race. Beside the key's version on purpose: it
 * must never make a change of the key fail. Throws where it was noted already, or took too long.
 */
export async function touchKey(platform: StorePlatform, id: string, atMs: number): Promise<void> {
  await platform.dynamodb.send(
    new UpdateItemCommand({
      TableName: platform.config.table('tenants'),
      Key: keyOf({ pk: id, sk: 'key' }),
      UpdateExpression: 'SET last_used_at = :now',
      ConditionExpression: 'attribute_exists(pk) AND (attribute_type(last_used_at, :null) OR last_used_at < :stale)',
      ExpressionAttributeValues: {
        ':now': { S: timestamp(atMs) },
        ':stale': { S: timestamp(atMs - keyLimits.lastUsedResolutionMs) },
        ':null': { S: 'NULL' },
      },
    }),
    { abortSignal: AbortSignal.timeout(keyLimits.touchMs) },
  );
}

export const revokeOperator = (
  platform: StorePlatform,
  before: Stored<Operator>,
  act: AuditContext,
): Promise<Committed<[Operator]>> =>
  commit(
    platform,
    [{ type: operatorRow, before, next: { ...before.value, status: 'revoked' } }],
    { type: 'operator.revoked', aggregateId: before.value.id },
    act,
  );

export const createOperator = (
  platform: StorePlatform,
  next: Operator,
  act: AuditContext,
): Promise<Committed<[Operator]>> =>
  commit(
    platform,
    [{ type: operatorRow, before: null, next }],
    { type: 'operator.created', aggregateId: next.id },
    act,
  );
