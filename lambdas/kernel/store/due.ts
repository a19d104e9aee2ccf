// The `due` index: what must be looked at again, by shard and time. Sparse, so what is settled is not in it. One walk serves all
// who look: every shard page by page while time is left, so that what fails in front holds up nothing behind it.

import { QueryCommand } from '@aws-sdk/client-dynamodb';
import type { TableName } from '../../../contract/capabilities.ts';
import { dueShards, indexKeys } from '../../../contract/kernel/table.ts';
import type { ReadPlatform } from './commit.ts';
import type { Item } from './row.ts';

type WalkPlatform = Pick<ReadPlatform, 'clock' | 'config' | 'dynamodb'>;

export interface DuePage {
  readonly table: TableName;
  /** A shard, or a partition of its own for what waits for something else than time. */
  readonly partition: string;
  /** RFC 3339: what is due at or before it. */
  readonly until: string;
  readonly count: number;
}

/** The longest due first, from behind `after`. Eventually consistent: each must be read again. */
export async function duePage(
  { config, dynamodb }: Pick<ReadPlatform, 'config' | 'dynamodb'>,
  { table, partition, until, count }: DuePage,
  after?: Item,
): Promise<{ readonly items: Item[]; readonly last: Item | undefined }> {
  const { partition: pk, sort } = indexKeys.due;
  const { Items = [], LastEvaluatedKey } = await dynamodb.send(
    new QueryCommand({
      TableName: config.table(table),
      IndexName: 'due',
      KeyConditionExpression: `${pk} = :partition AND ${sort} < :until`,
      ExpressionAttributeValues: { ':partition': { S: partition }, ':until': { S: `${until}~` } },
      Limit: count,
      ExclusiveStartKey: after,
    }),
  );
  return { items: Items, last: LastEvaluatedKey };
}

/** The shards, beginning with another one each minute, so that none is always last. */
export function shardsInTurn(nowMs: number): string[] {
  const first = Math.floor(nowMs / 60_000) % dueShards;
  return Array.from({ length: dueShards }, (_, turn) => String((first + turn) % dueShards));
}

/** All pages of one shard; nothing is begun after `stopMs`. */
export async function walkShard(
  platform: WalkPlatform,
  page: DuePage,
  stopMs: number,
  work: (items: Item[]) => Promise<void>,
): Promise<void> {
  let after: Item | undefined;
  do {
    const { items, last } = await duePage(platform, page, after);
    await work(items);
    after = last;
  } while (after !== undefined && platform.clock() < stopMs);
}

/** Works on items side by side, so many at once; nothing is begun after `stopMs`. `work` must not throw. */
export async function concurrently<T>(
  { clock }: Pick<ReadPlatform, 'clock'>,
  items: readonly T[],
  concurrency: number,
  stopMs: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const left = [...items];
  const worker = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined && clock() < stopMs; next = left.shift()) await work(next);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}
