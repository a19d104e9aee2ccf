// The events table: sharded by owner, ordered by the time in the event's id. An event is written under its own id, so a
// repeated relay writes the same row again.

import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as v from 'valibot';
import { Event } from '../../contract/resources/event.ts';
import { tables } from '../../contract/tables.ts';
import { Defect } from '../domain/refusal.ts';
import { shardOf } from '../platform/ids.ts';
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

export const eventItem = (event: EventRow): Item =>
  toItem({ ...event, ...key(`${event.tenant_id}#${event.mode}`, event.id) });

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
