// Batches of puts for the relay, over several tables. A put again of what is there already changes nothing, so a batch
// may be repeated at will.

import { BatchWriteItemCommand, type WriteRequest } from '@aws-sdk/client-dynamodb';
import type { TableName } from '../../../contract/capabilities.ts';
import { awsLimits } from '../../../contract/kernel/limits.ts';
import { Defect } from '../domain/refusal.ts';
import type { Platform } from '../platform/platform.ts';
import type { StorePlatform } from './commit.ts';
import type { Item } from './row.ts';

/**
 * Sends all items, so many a call; `send` returns those that AWS put off. Those are sent again, after longer and longer
 * pauses; throws where AWS keeps putting some off.
 */
export async function sendAll<T>(
  sleep: Platform['sleep'],
  items: readonly T[],
  perCall: number,
  send: (batch: readonly T[]) => Promise<readonly T[]>,
): Promise<void> {
  let waiting = items;
  for (let tries = 0; waiting.length > 0; tries += 1) {
    if (tries > items.length / perCall + awsLimits.unprocessedTries) throw new Defect('a batch was put off too often');
    const putOff = await send(waiting.slice(0, perCall));
    if (putOff.length > 0) {
      await sleep(Math.min(awsLimits.unprocessedBackoffMaxMs, awsLimits.unprocessedBackoffMs * 2 ** tries));
    }
    waiting = [...putOff, ...waiting.slice(perCall)];
  }
}

export interface TablePut {
  readonly table: TableName;
  readonly item: Item;
}

/** Writes all of them; throws where DynamoDB keeps putting some off. */
export async function putAll(
  platform: StorePlatform & Pick<Platform, 'sleep'>,
  puts: readonly TablePut[],
): Promise<void> {
  // DynamoDB refuses a batch that names one key twice.
  const distinct = new Map(puts.map((put) => [`${put.table} ${put.item.pk?.S} ${put.item.sk?.S}`, put]));
  const items = [...distinct.values()].map(({ table, item }) => ({ name: platform.config.table(table), item }));
  await sendAll(platform.sleep, items, awsLimits.batchWriteItems, async (batch) => {
    const RequestItems: Record<string, WriteRequest[]> = {};
    for (const { name, item } of batch) {
      RequestItems[name] = [...(RequestItems[name] ?? []), { PutRequest: { Item: item } }];
    }
    const { UnprocessedItems = {} } = await platform.dynamodb.send(new BatchWriteItemCommand({ RequestItems }));
    return Object.entries(UnprocessedItems).flatMap(([name, requests]) =>
      requests.flatMap(({ PutRequest }) => (PutRequest?.Item ? [{ name, item: PutRequest.Item }] : [])),
    );
  });
}
