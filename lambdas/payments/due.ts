// The `due` index: what must be looked at again, by shard and time. Sparse, so what is settled is not in it.

import { QueryCommand } from '@aws-sdk/client-dynamodb';
import type { StorePlatform } from '../kernel/store/commit.ts';
import type { Item } from '../kernel/store/row.ts';

/**
 * A page of the instructions due at or before `now`, the longest due first, from behind `after`. Eventually consistent:
 * each must be read again.
 */
export async function dueOperations(
  platform: StorePlatform,
  shard: number,
  now: string,
  count: number,
  after: Item | undefined,
): Promise<{ due: { payment: string; modification: string | null }[]; last: Item | undefined }> {
  const { Items = [], LastEvaluatedKey } = await platform.dynamodb.send(
    new QueryCommand({
      TableName: platform.config.table('payments'),
      IndexName: 'due',
      KeyConditionExpression: 'due_pk = :shard AND due_sk < :now',
      ExpressionAttributeValues: { ':shard': { S: String(shard) }, ':now': { S: `${now}~` } },
      Limit: count,
      ExclusiveStartKey: after,
    }),
  );
  const due = Items.flatMap(({ pk, sk }) =>
    pk?.S && sk?.S ? [{ payment: pk.S, modification: sk.S === 'payment' ? null : sk.S }] : [],
  );
  return { due, last: LastEvaluatedKey };
}
