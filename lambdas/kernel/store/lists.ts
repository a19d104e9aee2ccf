// Sharded lists, merged at the read: each shard gives its newest rows before a position, and the newest of all remain.

import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { type TableName, tables } from '../../../contract/capabilities.ts';
import { awsLimits } from '../../../contract/kernel/limits.ts';
import { type IndexName, indexKeys } from '../../../contract/kernel/table.ts';
import type { ReadPlatform } from './commit.ts';
import { batchGet } from './load.ts';
import { fromItem, type Item, type Key, listPartition, listPosition, lookupPartition, type RowType } from './row.ts';

interface Sorted {
  readonly name?: IndexName;
  readonly partition: string;
  readonly sort: string;
}

/** The partitions over which an owner's rows are spread. */
const shardsOf = (table: TableName, owner: string): string[] =>
  Array.from({ length: tables[table].listShards }, (_, shard) => listPartition(owner, shard));

/** Newest first: the items of all partitions that sort before `position`, `count` at most. */
async function newest(
  platform: ReadPlatform,
  table: TableName,
  index: Sorted,
  partitions: readonly string[],
  position: string | undefined,
  count: number,
): Promise<Item[]> {
  const before = position === undefined ? '' : ' AND #sort < :position';
  const page = async (partition: string, ExclusiveStartKey: Item | undefined, Limit: number) => {
    const { Items = [], LastEvaluatedKey } = await platform.dynamodb.send(
      new QueryCommand({
        TableName: platform.config.table(table),
        ...(index.name && { IndexName: index.name }),
        KeyConditionExpression: `#partition = :partition${before}`,
        ExpressionAttributeNames: { '#partition': index.partition, ...(before && { '#sort': index.sort }) },
        ExpressionAttributeValues: {
          ':partition': { S: partition },
          ...(position !== undefined && { ':position': { S: position } }),
        },
        ScanIndexForward: false,
        Limit,
        ExclusiveStartKey,
      }),
    );
    return { Items, LastEvaluatedKey };
  };
  // A query ends after 1 MB, however many rows are left: it is gone on with until there are enough.
  const each = partitions.map(async (partition) => {
    const rows: Item[] = [];
    let from: Item | undefined;
    do {
      const { Items, LastEvaluatedKey } = await page(partition, from, count - rows.length);
      rows.push(...Items);
      from = LastEvaluatedKey;
    } while (from !== undefined && rows.length < count);
    return rows;
  });
  const sortKey = (item: Item): string => item[index.sort]?.S ?? '';
  const sorted = (await Promise.all(each)).flat().sort((a, b) => (sortKey(a) < sortKey(b) ? 1 : -1));
  // While a row moves from one partition to another it may be seen in both; no two rows have one position.
  return sorted
    .filter((item, index) => index === 0 || sortKey(item) !== sortKey(sorted[index - 1] ?? {}))
    .slice(0, count);
}

/** Rows of a table that is itself sharded by owner (`pk` = owner and shard, `sk` = position). */
export const newestItems = (
  platform: ReadPlatform,
  table: TableName,
  owner: string,
  position: string | undefined,
  count: number,
): Promise<Item[]> => newest(platform, table, { partition: 'pk', sort: 'sk' }, shardsOf(table, owner), position, count);

/** Rows of such a table behind `from` and before `to`, oldest first. */
export async function oldestItems(
  platform: ReadPlatform,
  table: TableName,
  owner: string,
  { from, to }: { readonly from: string; readonly to: string },
  count: number,
): Promise<Item[]> {
  const shards = Array.from({ length: tables[table].listShards }, async (_, shard) => {
    const { Items = [] } = await platform.dynamodb.send(
      new QueryCommand({
        TableName: platform.config.table(table),
        KeyConditionExpression: 'pk = :partition AND sk BETWEEN :from AND :to',
        ExpressionAttributeValues: {
          ':partition': { S: listPartition(owner, shard) },
          ':from': { S: `${from}!` },
          ':to': { S: to },
        },
        Limit: count,
      }),
    );
    return Items;
  });
  const sortKey = ({ sk }: Item): string => sk?.S ?? '';
  return (await Promise.all(shards))
    .flat()
    .sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))
    .slice(0, count);
}

export interface Found {
  readonly position: string;
  readonly key: Key;
}

/** Keys of rows in partitions of a keys-only index, newest first; eventually consistent. */
async function newestKeys(
  platform: ReadPlatform,
  table: TableName,
  name: 'list' | 'lookup',
  partitions: readonly string[],
  position: string | undefined,
  count: number,
): Promise<Found[]> {
  const found = await newest(platform, table, { name, ...indexKeys[name] }, partitions, position, count);
  return found.map((item) => ({
    position: item[indexKeys[name].sort]?.S ?? '',
    key: { pk: item.pk?.S ?? '', sk: item.sk?.S ?? '' },
  }));
}

/** An owner's rows in the table's `list` index. */
export const listedKeys = (
  platform: ReadPlatform,
  table: TableName,
  owner: string,
  position: string | undefined,
  count: number,
): Promise<Found[]> => newestKeys(platform, table, 'list', shardsOf(table, owner), position, count);

/** An owner's rows in the table's `lookup` index that bear one of these digests. */
export const lookedUpKeys = (
  platform: ReadPlatform,
  table: TableName,
  owner: string,
  digests: readonly string[],
  position: string | undefined,
  count: number,
): Promise<Found[]> => {
  const partitions = digests.map((digest) => lookupPartition(owner, digest));
  return newestKeys(platform, table, 'lookup', partitions, position, count);
};

/** Rows found through the table's keys-only `list` index, or those with one of the digests through `lookup`; each is then read whole. */
export async function newestListed<T>(
  platform: ReadPlatform,
  type: RowType<T>,
  owner: string,
  position: string | undefined,
  count: number,
  digests?: readonly string[],
): Promise<{ position: string; value: T }[]> {
  const found =
    digests === undefined
      ? await listedKeys(platform, type.table, owner, position, count)
      : await lookedUpKeys(platform, type.table, owner, digests, position, count);
  const rows = new Map<string, T>();
  for (let from = 0; from < found.length; from += awsLimits.batchGetItems) {
    const keys = found.slice(from, from + awsLimits.batchGetItems).map(({ key }) => key);
    const read = await batchGet(platform, { [type.table]: { keys } });
    for (const item of read(type.table)) {
      const { value } = fromItem(type, item);
      const listed = type.listed?.(value);
      if (listed) rows.set(listPosition(listed.since, listed.id), value);
    }
  }
  return found.flatMap(({ position }) => {
    const value = rows.get(position);
    return value === undefined ? [] : [{ position, value }];
  });
}
