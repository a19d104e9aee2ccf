// Deliveries: in partitions of their own, sharded by their ids, which hold the time of their events. There is one for each
// event, endpoint and replay.

import { tables } from '../../../contract/capabilities.ts';
import { idPrefixes } from '../../../contract/kernel/vocabulary.ts';
import { eventFromItem, eventKey, type StoredEvent } from '../../events/store.ts';
import { ownerOf, ownScope, type TenantScope } from '../../kernel/domain/tenant_scope.ts';
import { shardOf, timeOf, timeOrderedBody } from '../../kernel/platform/ids.ts';
import type { StorePlatform } from '../../kernel/store/commit.ts';
import { newestItems } from '../../kernel/store/lists.ts';
import { batchGet, load } from '../../kernel/store/load.ts';
import { fromItem, type Key, listPartition, type NamedRow, type Stored } from '../../kernel/store/row.ts';
import { Delivery } from '../domain/delivery.ts';

const deliveryKey = (owner: TenantScope, id: string): Key => ({
  pk: listPartition(ownerOf(owner), shardOf(id, tables.webhooks.listShards)),
  sk: id,
});

export const deliveryRow: NamedRow<Delivery> = {
  table: 'webhooks',
  schema: Delivery,
  kind: 'delivery',
  scope: ownScope,
  key: (delivery) => deliveryKey(delivery, delivery.id),
  // What is parked is due when its endpoint is enabled again.
  due: ({ id, status, due_at, webhook_endpoint, created_at }) => {
    if (status === 'parked') return { id, atMs: Date.parse(created_at), of: parkedPartition(webhook_endpoint) };
    return due_at === null ? null : { id, atMs: Date.parse(due_at) };
  },
};

/** Partition of the `due` index that holds what is parked at an endpoint. */
export const parkedPartition = (endpoint: string): string => `parked#${endpoint}`;

/** Where a receiver's answer to an attempt is sealed. */
export const responseContext = ({ tenant, mode, id }: TenantScope & { readonly id: string }, attempt: number) => ({
  tenant,
  mode,
  purpose: 'response',
  table: 'webhooks',
  item: id,
  field: `attempts.${attempt}.response`,
});

/** The same for the same event, endpoint and replay, so that a repeat finds the delivery that is there. */
export const deliveryId = (
  { config }: StorePlatform,
  event: string,
  to: { readonly endpoint: string; readonly replay: string | null },
): string =>
  `${idPrefixes.delivery}_${config.zone}_${timeOrderedBody(timeOf(event), [event, to.endpoint, to.replay ?? ''])}`;

/** Strongly consistent. */
export const loadDelivery = (
  platform: StorePlatform,
  { tenant, mode }: TenantScope,
  id: string,
): Promise<Stored<Delivery> | undefined> => load(platform, deliveryRow, { tenant, mode, id });

/** Newest first, from before the delivery with id `position`. */
export async function newestDeliveries(
  platform: StorePlatform,
  owner: TenantScope,
  position: string | undefined,
  count: number,
): Promise<Delivery[]> {
  const items = await newestItems(platform, 'webhooks', ownerOf(owner), position, count);
  return items.map((item) => fromItem(deliveryRow, item).value);
}

/**
 * An event and some deliveries in one call. Deliveries may be stale: one that is over stays over, so a stale one only waits
 * longer. An event that is not there yet is read once more, strongly consistent, because the message that names it may be
 * faster than replication.
 */
export async function loadForDelivery(
  platform: StorePlatform,
  owner: TenantScope,
  event: string,
  deliveries: readonly string[],
  consistent = false,
): Promise<{ event: StoredEvent | undefined; deliveries: ReadonlyMap<string, Stored<Delivery>> }> {
  const read = await batchGet(platform, {
    events: { keys: [eventKey(ownerOf(owner), event)], consistent },
    webhooks: { keys: deliveries.map((id) => deliveryKey(owner, id)) },
  });
  const [item] = read('events');
  if (item === undefined && !consistent) return loadForDelivery(platform, owner, event, deliveries, true);
  const rows = read('webhooks').map((row) => fromItem(deliveryRow, row));
  return { event: item && eventFromItem(item), deliveries: new Map(rows.map((row) => [row.value.id, row])) };
}
