// The webhooks table: a tenant's endpoints, with what was asked of them, in one partition for each mode; deliveries in
// partitions beside it, sharded by their ids, which hold the time of their events.

import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as v from 'valibot';
import { tables } from '../../contract/capabilities.ts';
import { modes } from '../../contract/kernel/roles.ts';
import { indexKeys } from '../../contract/kernel/table.ts';
import { type IdKind, idPrefixes } from '../../contract/kernel/vocabulary.ts';
import { webhookLimits as limits } from '../../contract/webhooks/limits.ts';
import { eventFromItem, eventKey, type StoredEvent } from '../events/store.ts';
import { Defect, Refusal } from '../kernel/domain/refusal.ts';
import { ownerOf, ownScope, type TenantScope } from '../kernel/domain/tenant_scope.ts';
import { shardOf, timeOf, timeOrderedBody } from '../kernel/platform/ids.ts';
import type { StorePlatform } from '../kernel/store/commit.ts';
import { newestItems } from '../kernel/store/lists.ts';
import { load } from '../kernel/store/load.ts';
import {
  dueAttributes,
  fromItem,
  type Item,
  type Key,
  keyOf,
  listPartition,
  type NamedRow,
  type RowType,
  type Stored,
} from '../kernel/store/row.ts';
import { Delivery, Replay } from './domain/delivery.ts';
import { WebhookEndpoint, WebhookSecret, WebhookTest } from './domain/webhook_endpoint.ts';

const underOwner = <T extends TenantScope & { readonly id: string }>(
  kind: IdKind,
  schema: v.GenericSchema<unknown, T>,
): NamedRow<T> => ({
  table: 'webhooks',
  schema,
  kind,
  scope: ownScope,
  key: (value) => ({ pk: ownerOf(value), sk: value.id }),
});

export const endpointRow: NamedRow<WebhookEndpoint> = {
  .../* @__PURE__ */ underOwner('webhook_endpoint', WebhookEndpoint),
  hidden: ({ status }) => status === 'deleted',
};
export const secretRow = /* @__PURE__ */ underOwner('webhook_secret', WebhookSecret);
export const testRow = /* @__PURE__ */ underOwner('webhook_test', WebhookTest);
export const replayRow = /* @__PURE__ */ underOwner('replay', Replay);

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
    if (status === 'parked') return { id, atMs: Date.parse(created_at), of: parkedAt(webhook_endpoint) };
    return due_at === null ? null : { id, atMs: Date.parse(due_at) };
  },
};

const parkedAt = (endpoint: string): string => `parked#${endpoint}`;

/** Where an endpoint's signing secret is sealed: under the object that made it. */
export const secretContext = ({ tenant, mode }: TenantScope, item: string) => ({
  tenant,
  mode,
  purpose: 'webhook_secret',
  table: 'webhooks',
  item,
  field: 'secret',
});

/** Where a receiver's answer to an attempt is sealed. */
export const responseContext = ({ tenant, mode, id }: TenantScope & { readonly id: string }, attempt: number) => ({
  tenant,
  mode,
  purpose: 'response',
  table: 'webhooks',
  item: id,
  field: `attempts.${attempt}.response`,
});

/** One delivery for each event, endpoint and replay: whoever asks again finds it. */
export const deliveryId = (
  { config }: StorePlatform,
  event: string,
  to: { readonly endpoint: string; readonly replay: string | null },
): string =>
  `${idPrefixes.delivery}_${config.zone}_${timeOrderedBody(timeOf(event), [event, to.endpoint, to.replay ?? ''])}`;

/** One row under its owner, strongly consistent. */
export const loadOwned = <T extends TenantScope & { readonly id: string }>(
  platform: StorePlatform,
  type: RowType<T>,
  { tenant, mode }: TenantScope,
  id: string,
): Promise<Stored<T> | undefined> => load(platform, type, { tenant, mode, id } as unknown as Partial<T>);

/** All endpoints of an owner that are not deleted, strongly consistent, oldest id first. */
export async function endpointsOf(platform: StorePlatform, owner: TenantScope): Promise<Stored<WebhookEndpoint>[]> {
  const found: Stored<WebhookEndpoint>[] = [];
  let after: Item | undefined;
  do {
    const { Items = [], LastEvaluatedKey }: { Items?: Item[]; LastEvaluatedKey?: Item } = await platform.dynamodb.send(
      new QueryCommand({
        TableName: platform.config.table('webhooks'),
        KeyConditionExpression: 'pk = :owner AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: {
          ':owner': { S: ownerOf(owner) },
          ':prefix': { S: `${idPrefixes.webhook_endpoint}_` },
        },
        ConsistentRead: true,
        ExclusiveStartKey: after,
      }),
    );
    found.push(...Items.map((item) => fromItem(endpointRow, item)));
    after = LastEvaluatedKey;
  } while (after !== undefined);
  return found.filter(({ value }) => value.status !== 'deleted');
}

/** Strongly consistent. */
export const loadDelivery = (
  platform: StorePlatform,
  owner: TenantScope,
  id: string,
): Promise<Stored<Delivery> | undefined> => loadOwned(platform, deliveryRow, owner, id);

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
 * An event and some deliveries in one call. Deliveries may be old news: what is over stays over, so that only waits. An event
 * that is not there yet is asked for once more, strongly consistent, because whoever is told of one is to find it.
 */
export async function loadForDelivery(
  platform: StorePlatform,
  owner: TenantScope,
  event: string,
  deliveries: readonly string[],
  consistent = false,
): Promise<{ event: StoredEvent | undefined; deliveries: ReadonlyMap<string, Stored<Delivery>> }> {
  const [events, webhooks] = [platform.config.table('events'), platform.config.table('webhooks')];
  const { Responses, UnprocessedKeys = {} } = await platform.dynamodb.send(
    new BatchGetItemCommand({
      RequestItems: {
        [events]: { Keys: [keyOf(eventKey(ownerOf(owner), event))], ConsistentRead: consistent },
        ...(deliveries.length > 0 && {
          [webhooks]: { Keys: deliveries.map((id) => keyOf(deliveryKey(owner, id))) },
        }),
      },
    }),
  );
  if (Object.keys(UnprocessedKeys).length > 0) throw new Refusal('unavailable', { retryAfterSeconds: 1 });
  const [item] = Responses?.[events] ?? [];
  if (item === undefined && !consistent) return loadForDelivery(platform, owner, event, deliveries, true);
  const rows = (Responses?.[webhooks] ?? []).map((row) => fromItem(deliveryRow, row));
  return { event: item && eventFromItem(item), deliveries: new Map(rows.map((row) => [row.value.id, row])) };
}

/** Whom a row of the `due` index names: a delivery, or an endpoint that is to be tried again. */
export type Due = TenantScope & { readonly dueAt: string } & (
    | { readonly delivery: string }
    | { readonly endpoint: string }
  );

/** A page of a partition of the `due` index up to `until`, the longest due first; eventually consistent. */
async function pageOfDue(
  platform: StorePlatform,
  partition: string,
  until: string,
  count: number,
  after: Item | undefined,
): Promise<{ due: Due[]; last: Item | undefined }> {
  const { partition: pk, sort } = indexKeys.due;
  const { Items = [], LastEvaluatedKey } = await platform.dynamodb.send(
    new QueryCommand({
      TableName: platform.config.table('webhooks'),
      IndexName: 'due',
      KeyConditionExpression: `${pk} = :partition AND ${sort} < :until`,
      ExpressionAttributeValues: { ':partition': { S: partition }, ':until': { S: `${until}~` } },
      Limit: count,
      ExclusiveStartKey: after,
    }),
  );
  return { due: Items.map(dueOf), last: LastEvaluatedKey };
}

function dueOf(item: Item): Due {
  const [tenant, named] = (item.pk?.S ?? '').split('#');
  const mode = modes.find((mode) => mode === named);
  const id = item.sk?.S ?? '';
  const dueAt = item.due_sk?.S?.split('#')[0];
  if (!tenant || !mode || !id || !dueAt) throw new Defect('a key of the due index has not its form');
  const owned = { tenant, mode, dueAt };
  return id.startsWith(healthOf) ? { ...owned, endpoint: id.slice(healthOf.length) } : { ...owned, delivery: id };
}

export const dueAt = (
  platform: StorePlatform,
  shard: number,
  until: string,
  count: number,
  after: Item | undefined,
): ReturnType<typeof pageOfDue> => pageOfDue(platform, String(shard), until, count, after);

/** Ids of what is parked at an endpoint, the oldest first. */
export async function parkedDeliveries(platform: StorePlatform, endpoint: string, count: number): Promise<string[]> {
  const { due } = await pageOfDue(platform, parkedAt(endpoint), '9', count, undefined);
  return due.flatMap((each) => ('delivery' in each ? [each.delivery] : []));
}

const Health = v.object({
  /** Answers of 4xx in a row. */
  rejections: v.optional(v.number(), 0),
  /** Attempts in a row that got no answer. */
  consecutive_timeouts: v.optional(v.number(), 0),
  /** Until then nothing is sent (ms since the epoch). */
  open_until_ms: v.optional(v.number(), 0),
});
export type Health = v.InferOutput<typeof Health>;

/** No row: nothing is held against it. */
export const healthy: Health = { rejections: 0, consecutive_timeouts: 0, open_until_ms: 0 };

const healthOf = 'health#';
const healthKey = (owner: TenantScope, endpoint: string): Item =>
  keyOf({ pk: ownerOf(owner), sk: `${healthOf}${endpoint}` });

const healthFrom = (item: Item | undefined): Health => {
  if (item === undefined) return healthy;
  const parsed = v.safeParse(Health, unmarshall(item));
  if (!parsed.success) throw new Defect('the health of an endpoint does not fit its schema');
  return parsed.output;
};

/** An endpoint and how it does, in one call, eventually consistent. */
export async function loadReceiver(
  platform: StorePlatform,
  owner: TenantScope,
  endpoint: string,
): Promise<{ endpoint: Stored<WebhookEndpoint> | undefined; health: Health }> {
  const TableName = platform.config.table('webhooks');
  const Keys = [keyOf({ pk: ownerOf(owner), sk: endpoint }), healthKey(owner, endpoint)];
  const { Responses, UnprocessedKeys = {} } = await platform.dynamodb.send(
    new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys } } }),
  );
  if (Object.keys(UnprocessedKeys).length > 0) throw new Refusal('unavailable', { retryAfterSeconds: 1 });
  const items = Responses?.[TableName] ?? [];
  const found = items.find(({ sk }) => sk?.S === endpoint);
  const health = items.find(({ sk }) => sk?.S?.startsWith(healthOf));
  return { endpoint: found && fromItem(endpointRow, found), health: healthFrom(health) };
}

/** Counts up; tells what it comes to. */
export async function countAgainst(
  platform: StorePlatform,
  owner: TenantScope,
  endpoint: string,
  what: 'rejections' | 'consecutive_timeouts',
): Promise<Health> {
  const other = what === 'rejections' ? 'consecutive_timeouts' : 'rejections';
  const { Attributes } = await platform.dynamodb.send(
    new UpdateItemCommand({
      TableName: platform.config.table('webhooks'),
      Key: healthKey(owner, endpoint),
      // An answer ends a silence, and a silence is no answer.
      UpdateExpression: 'ADD #what :one SET #other = :none',
      ExpressionAttributeNames: { '#what': what, '#other': other },
      ExpressionAttributeValues: { ':one': { N: '1' }, ':none': { N: '0' } },
      ReturnValues: 'ALL_NEW',
    }),
  );
  return healthFrom(Attributes);
}

/** Nothing is held against it any more. Should nobody take up what is parked, the dispatcher has it done in a minute. */
export async function resetFailures(platform: StorePlatform, owner: TenantScope, endpoint: string): Promise<void> {
  const due = dueAttributes({ id: endpoint, atMs: platform.clock() + limits.placeholderMs });
  const { partition, sort } = indexKeys.due;
  await platform.dynamodb.send(
    new UpdateItemCommand({
      TableName: platform.config.table('webhooks'),
      Key: healthKey(owner, endpoint),
      UpdateExpression: `SET rejections = :none, consecutive_timeouts = :none, open_until_ms = :none, ${partition} = :shard, ${sort} = :at`,
      ExpressionAttributeValues: { ':none': { N: '0' }, ':shard': { S: due.due_pk }, ':at': { S: due.due_sk } },
    }),
  );
}

/** Opens the circuit until then, when it is due to be tried; false where another was faster. */
export async function openCircuit(
  platform: StorePlatform,
  owner: TenantScope,
  endpoint: string,
  fromMs: number,
  untilMs: number,
): Promise<boolean> {
  const due = dueAttributes({ id: endpoint, atMs: untilMs });
  try {
    await platform.dynamodb.send(
      new UpdateItemCommand({
        TableName: platform.config.table('webhooks'),
        Key: healthKey(owner, endpoint),
        UpdateExpression: `SET open_until_ms = :until, ${indexKeys.due.partition} = :shard, ${indexKeys.due.sort} = :at`,
        ConditionExpression: 'attribute_not_exists(open_until_ms) OR open_until_ms = :from',
        ExpressionAttributeValues: {
          ':until': { N: String(untilMs) },
          ':from': { N: String(fromMs) },
          ':shard': { S: due.due_pk },
          ':at': { S: due.due_sk },
        },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

/** Nothing waits for it: it is due no more, unless somebody opened it again. */
export async function restCircuit(
  platform: StorePlatform,
  owner: TenantScope,
  endpoint: string,
  openUntilMs: number,
): Promise<void> {
  const { partition, sort } = indexKeys.due;
  try {
    await platform.dynamodb.send(
      new UpdateItemCommand({
        TableName: platform.config.table('webhooks'),
        Key: healthKey(owner, endpoint),
        UpdateExpression: `REMOVE ${partition}, ${sort}`,
        ConditionExpression: 'open_until_ms = :until',
        ExpressionAttributeValues: { ':until': { N: String(openUntilMs) } },
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}
