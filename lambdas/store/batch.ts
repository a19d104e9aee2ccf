// Batches of puts for the relay, over several tables. A put again of what is there already changes nothing, so a batch
// may be repeated at will.

import { BatchWriteItemCommand, type WriteRequest } from '@aws-sdk/client-dynamodb';
import { awsLimits } from '../../contract/limits.ts';
import type { TableName } from '../../contract/tables.ts';
import { Defect } from '../domain/refusal.ts';
import type { Platform } from '../platform/platform.ts';
import type { StorePlatform } from './commit.ts';
import type { Item } from './row.ts';

/** The pause before what AWS put off is sent again. */
export const backoffMs = (tries: number): number =>
  Math.min(awsLimits.unprocessedBackoffMaxMs, awsLimits.unprocessedBackoffMs * 2 ** tries);

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
  let waiting = [...distinct.values()].map(({ table, item }) => ({ name: platform.config.table(table), item }));
  for (let tries = 0; waiting.length > 0; tries += 1) {
    if (tries > distinct.size / awsLimits.batchWriteItems + awsLimits.unprocessedTries) {
      throw new Defect('a batch was put off too often');
    }
    const RequestItems: Record<string, WriteRequest[]> = {};
    for (const { name, item } of waiting.slice(0, awsLimits.batchWriteItems)) {
      RequestItems[name] = [...(RequestItems[name] ?? []), { PutRequest: { Item: item } }];
    }
    const { UnprocessedItems = {} } = await platform.dynamodb.send(new BatchWriteItemCommand({ RequestItems }));
    const putOff = Object.entries(UnprocessedItems).flatMap(([name, requests]) =>
      requests.flatMap(({ PutRequest }) => (PutRequest?.Item ? [{ name, item: PutRequest.Item }] : [])),
    );
    if (putOff.length > 0) await platform.sleep(backoffMs(tries));
    waiting = [...putOff, ...waiting.slice(awsLimits.batchWriteItems)];
  }
}
