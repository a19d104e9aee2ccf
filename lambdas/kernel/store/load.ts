// Reads of rows by their keys: one strongly consistent row, or some rows of several tables in one call.

import {
  BatchGetItemCommand,
  type BatchGetItemCommandInput,
  type BatchGetItemCommandOutput,
  GetItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { TableName } from '../../../contract/capabilities.ts';
import { awsLimits } from '../../../contract/kernel/limits.ts';
import { unavailable } from '../domain/refusal.ts';
import type { StorePlatform } from './commit.ts';
import { fromItem, type Item, type Key, keyOf, type RowType, type Stored } from './row.ts';

type ReadPlatform = Pick<StorePlatform, 'config' | 'dynamodb'>;

/** One item of a table whose items are no rows with versions; undefined if there is none. */
export async function loadItem(
  { config, dynamodb }: ReadPlatform,
  table: TableName,
  key: Key,
  ConsistentRead: boolean,
): Promise<Item | undefined> {
  const { Item } = await dynamodb.send(
    new GetItemCommand({ TableName: config.table(table), Key: keyOf(key), ConsistentRead }),
  );
  return Item;
}

/** One row, strongly consistent; undefined if there is none. `named` holds what its key is made of. */
export async function load<T>(
  platform: ReadPlatform,
  type: RowType<T>,
  named: Partial<T>,
): Promise<Stored<T> | undefined> {
  const item = await loadItem(platform, type.table, type.key(named as T), true);
  return item && fromItem(type, item);
}

export interface BatchRead {
  readonly keys: readonly Key[];
  /** Strongly consistent; absent: eventually. */
  readonly consistent?: boolean;
  /** The only attributes that are read. Absent: all. */
  readonly only?: readonly string[];
}

const projection = (only: readonly string[]) => ({
  ProjectionExpression: only.map((name) => `#${name}`).join(),
  ExpressionAttributeNames: Object.fromEntries(only.map((name) => [`#${name}`, name])),
});

/**
 * Rows of several tables in one call, in no order; those that do not exist are left out. DynamoDB may put some off (16 MB, or
 * a busy table): they are asked for again, a few times, then refused as `unavailable`. At most `awsLimits.batchGetItems` keys.
 */
export async function batchGet(
  { config, dynamodb }: ReadPlatform,
  wanted: Readonly<Partial<Record<TableName, BatchRead>>>,
): Promise<(table: TableName) => Item[]> {
  const found = new Map<string, Item[]>();
  let left: BatchGetItemCommandInput['RequestItems'] = Object.fromEntries(
    (Object.entries(wanted) as [TableName, BatchRead][])
      .filter(([, { keys }]) => keys.length > 0)
      .map(([table, { keys, consistent, only }]) => [
        config.table(table),
        { Keys: keys.map(keyOf), ...(consistent && { ConsistentRead: true }), ...(only && projection(only)) },
      ]),
  );
  for (let tries = 0; Object.keys(left ?? {}).length > 0; tries += 1) {
    if (tries === awsLimits.unprocessedTries) throw unavailable();
    const { Responses = {}, UnprocessedKeys = {} }: BatchGetItemCommandOutput = await dynamodb.send(
      new BatchGetItemCommand({ RequestItems: left }),
    );
    for (const [name, items] of Object.entries(Responses)) found.set(name, [...(found.get(name) ?? []), ...items]);
    left = UnprocessedKeys;
  }
  return (table) => found.get(config.table(table)) ?? [];
}
