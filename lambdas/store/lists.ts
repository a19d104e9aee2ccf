// Sharded lists, merged at the read: each shard gives its newest rows before a position, the newest of all are kept.

import { BatchGetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { awsLimits } from '../../contract/limits.ts';
import { type TableName, tables } from '../../contract/tables.ts';
import { Refusal } from '../domain/refusal.ts';
import type { StorePlatform } from './commit.ts';
import { fromItem, type Item, listPartition, listPosition, type RowType } from './row.ts';

/** Newest first: the items of all shards that sort before `position`, `count` at most. */
async function newest(
  platform: StorePlatform,
  table: TableName,
  index: { readonly name?: 'list'; readonly partition: string; readonly sort: string },
  owner: string,
  position: string | undefined,
  count: number,
): Promise<Item[]> {
  const before = position === undefined ? '' : ' AND #sort < :position';
  const shards = Array.from({ length: tables[table].listShards }, async (_, shard) => {
    const { Items = [] } = await platform.dynamodb.send(
      new QueryCommand({
        TableName: platform.config.table(table),
        ...(index.name && { IndexName: index.name }),
        KeyConditionExpression: `#partition = :partition${before}`,
        ExpressionAttributeNames: { '#partition': index.partition, ...(before && { '#sort': index.sort }) },
        ExpressionAttributeValues: {
          ':partition': { S: listPartition(owner, shard) },
          ...(position !== undefined && { ':position': { S: position } }),
        },
        ScanIndexForward: false,
        Limit: count,
      }),
    );
    return Items;
  });
  const sortKey = (item: Item): string => item[index.sort]?.S ?? '';
  return (await Promise.all(shards))
    .flat()
    .sort((a, b) => (sortKey(a) < sortKey(b) ? 1 : -1))
    .slice(0, count);
}

/** Rows of a table that is itself sharded by owner (`pk` = owner and shard, `sk` = position). */
export const newestItems = (
  platform: StorePlatform,
  table: TableName,
  owner: string,
  position: string | undefined,
  count: number,
): Promise<Item[]> => newest(platform, table, { partition: 'pk', sort: 'sk' }, owner, position, count);

/** Rows found through the table's keys-only `list` index; each is then read whole. */
export async function newestListed<T>(
  platform: StorePlatform,
  type: RowType<T>,
  owner: string,
  position: string | undefined,
  count: number,
): Promise<{ position: string; value: T }[]> {
  const index = { name: 'list', partition: 'list_pk', sort: 'list_sk' } as const;
  const found = await newest(platform, type.table, index, owner, position, count);
  const TableName = platform.config.table(type.table);
  const rows = new Map<string, T>();
  for (let from = 0; from < found.length; from += awsLimits.batchGetItems) {
    const Keys = found.slice(from, from + awsLimits.batchGetItems).map(({ pk, sk }) => ({ pk, sk }) as Item);
    const answer = await platform.dynamodb.send(new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys } } }));
    if (Object.keys(answer.UnprocessedKeys ?? {}).length > 0)
      throw new Refusal('unavailable', { retryAfterSeconds: 1 });
    for (const item of answer.Responses?.[TableName] ?? []) {
      const { value } = fromItem(type, item);
      const listed = type.listed(value);
      if (listed) rows.set(listPosition(listed.since, listed.id), value);
    }
  }
  return found.flatMap(({ list_sk }) => {
    const value = rows.get(list_sk?.S ?? '');
    return value === undefined ? [] : [{ position: list_sk?.S ?? '', value }];
  });
}
