// The events table: sharded by owner, ordered by the time in the event's id. An event is written under its own id, so a
// repeated relay writes the same row again.

import { BatchWriteItemCommand, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as v from 'valibot';
import { awsLimits, relayLimits } from '../../contract/limits.ts';
import { Event } from '../../contract/resources/event.ts';
import { tables } from '../../contract/tables.ts';
import { Defect } from '../domain/refusal.ts';
import { shardOf } from '../platform/ids.ts';
import type { Platform } from '../platform/platform.ts';
import type { StorePlatform } from './commit.ts';
import { newestItems } from './lists.ts';
import { type Item, keyOf, listPartition, toItem } from './row.ts';

export type EventRow = v.InferOutput<typeof Event>;

const key = (owner: string, id: string) => ({
  pk: listPartition(owner, shardOf(id, tables.events.listShards)),
  sk: id,
});

const fromRow = (item: Item): EventRow => {
  const parsed = v.safeParse(Event, unmarshall(item));
  if (!parsed.success) throw new Defect('a row of events does not fit its schema');
  return parsed.output;
};

/** Writes all of them; throws where DynamoDB keeps putting some off. Writing one again changes nothing. */
export async function putEvents(
  platform: StorePlatform & Pick<Platform, 'sleep'>,
  events: readonly EventRow[],
): Promise<void> {
  const TableName = platform.config.table('events');
  const rows = new Map(
    events.map((event) => [event.id, { ...event, ...key(`${event.tenant_id}#${event.mode}`, event.id) }]),
  );
  let waiting = [...rows.values()].map((row) => ({ PutRequest: { Item: toItem(row) } }));
  for (let tries = 0; waiting.length > 0; tries += 1) {
    if (tries > rows.size / awsLimits.batchWriteItems + relayLimits.unprocessedTries) {
      throw new Defect('events were put off too often');
    }
    const batch = waiting.slice(0, awsLimits.batchWriteItems);
    const answer = await platform.dynamodb.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: batch } }));
    const putOff = (answer.UnprocessedItems?.[TableName] ?? []) as typeof waiting;
    if (putOff.length > 0) await platform.sleep(50 * 2 ** Math.min(tries, 6));
    waiting = [...putOff, ...waiting.slice(awsLimits.batchWriteItems)];
  }
}

export async function loadEvent(platform: StorePlatform, owner: string, id: string): Promise<EventRow | undefined> {
  const { Item } = await platform.dynamodb.send(
    new GetItemCommand({ TableName: platform.config.table('events'), Key: keyOf(key(owner, id)) }),
  );
  return Item && fromRow(Item);
}

/** Newest first, from before the event with id `position`. */
export async function newestEvents(
  platform: StorePlatform,
  owner: string,
  position: string | undefined,
  count: number,
): Promise<{ position: string; value: EventRow }[]> {
  const items = await newestItems(platform, 'events', owner, position, count);
  return items.map((item) => ({ position: item.sk?.S ?? '', value: fromRow(item) }));
}
