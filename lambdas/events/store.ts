// The events table: sharded by owner, ordered by the time in the event's id. An event is written under its own id, so a
// repeated relay writes the same row again.

import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as v from 'valibot';
import { tables } from '../../contract/capabilities.ts';
import { Event } from '../../contract/events/event.ts';
import { idPrefixes } from '../../contract/kernel/vocabulary.ts';
import { Defect } from '../kernel/domain/refusal.ts';
import { SealedText } from '../kernel/domain/sealed_text.ts';
import { ownerOf, type TenantScope } from '../kernel/domain/tenant_scope.ts';
import { shardOf, timeDigits } from '../kernel/platform/ids.ts';
import type { StorePlatform } from '../kernel/store/commit.ts';
import { newestItems, oldestItems } from '../kernel/store/lists.ts';
import { batchGet, loadItem } from '../kernel/store/load.ts';
import { type Item, listPartition, toItem } from '../kernel/store/row.ts';

/**
 * As stored: with the event before it about the same aggregate (null for its first), and with the sealed fields of the object
 * as they lie in its row.
 */
const Stored = v.object({ ...Event.entries, previous: v.nullable(v.string()), sealed_fields: v.nullable(SealedText) });
export type StoredEvent = v.InferOutput<typeof Stored>;

export const eventKey = (owner: string, id: string) => ({
  pk: listPartition(owner, shardOf(id, tables.events.listShards)),
  sk: id,
});

export function eventFromItem(item: Item): StoredEvent {
  const parsed = v.safeParse(Stored, unmarshall(item));
  if (!parsed.success) throw new Defect('a row of events does not fit its schema');
  return parsed.output;
}

export const eventItem = (event: StoredEvent): Item =>
  toItem({ ...event, ...eventKey(ownerOf({ tenant: event.tenant_id, mode: event.mode }), event.id) });

/** Eventually consistent. */
export async function loadEvent(platform: StorePlatform, owner: string, id: string): Promise<StoredEvent | undefined> {
  const item = await loadItem(platform, 'events', eventKey(owner, id), false);
  return item && eventFromItem(item);
}

/** All of them, in the order given. What a message names was stored before it was sent: one that is not there is a fault. */
export async function presentEvents(
  platform: StorePlatform,
  scope: TenantScope,
  ids: readonly string[],
): Promise<StoredEvent[]> {
  const keys = ids.map((id) => eventKey(ownerOf(scope), id));
  const read = await batchGet(platform, { events: { keys, consistent: true } });
  const found = new Map(read('events').map((item) => [item.sk?.S ?? '', eventFromItem(item)]));
  return ids.map((id) => {
    const event = found.get(id);
    if (event === undefined) throw new Defect('an event that a message names is not there');
    return event;
  });
}

/** Newest first, from before the event with id `position`. */
export async function newestEvents(
  platform: StorePlatform,
  owner: string,
  position: string | undefined,
  count: number,
): Promise<{ position: string; value: StoredEvent }[]> {
  const items = await newestItems(platform, 'events', owner, position, count);
  return items.map((item) => ({ position: item.sk?.S ?? '', value: eventFromItem(item) }));
}

/** Oldest first: events that occurred from `from` on and before `to`, behind the event with id `after`. */
export async function eventsBetween(
  platform: StorePlatform,
  owner: string,
  window: { readonly from: string; readonly to: string; readonly after: string | null },
  count: number,
): Promise<StoredEvent[]> {
  const at = (time: string): string => `${idPrefixes.event}_${platform.config.zone}_${timeDigits(Date.parse(time))}`;
  const items = await oldestItems(
    platform,
    'events',
    owner,
    { from: window.after ?? at(window.from), to: at(window.to) },
    count,
  );
  return items.map(eventFromItem);
}
