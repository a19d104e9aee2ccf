// The providers table: connections, each in a partition of its own; beside them, sharded, what was told through them, and
// which of our payments a provider's charge belongs to.

import { GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';
import { tables } from '../../contract/capabilities.ts';
import { indexKeys } from '../../contract/kernel/table.ts';
import { idPrefixes } from '../../contract/kernel/vocabulary.ts';
import { Refusal } from '../kernel/operation/refusal.ts';
import { derivedId, shardOf } from '../kernel/platform/ids.ts';
import { type AuditContext, type Committed, commit, type StorePlatform } from '../kernel/store/commit.ts';
import { fromItem, type Item, type Key, keyOf, listPartition, type RowType, type Stored } from '../kernel/store/row.ts';
import { ProcessorEvent } from '../processor_events/domain/processor_event.ts';
import { Connection } from './domain/connection.ts';

export const connectionRow: RowType<Connection> = {
  table: 'providers',
  schema: Connection,
  key: ({ id }) => ({ pk: id, sk: 'connection' }),
  listed: ({ id, tenant, mode, status, created_at }) =>
    status === 'deleted' ? null : { owner: `${tenant}#${mode}`, id, since: created_at },
  due: () => null,
};

const besideConnection = (connection: string, id: string): Key => ({
  pk: listPartition(connection, shardOf(id, tables.providers.listShards)),
  sk: id,
});

export const processorEventRow: RowType<ProcessorEvent> = {
  table: 'providers',
  schema: ProcessorEvent,
  key: ({ connection, id }) => besideConnection(connection, id),
  listed: () => null,
  due: ({ id, due_at_ms }) => (due_at_ms === null ? null : { id, atMs: due_at_ms }),
};

const Charge = v.object({ id: v.string(), connection: v.string(), payment: v.string() });
type Charge = v.InferOutput<typeof Charge>;

const chargeRow: RowType<Charge> = {
  table: 'providers',
  schema: Charge,
  key: ({ connection, id }) => besideConnection(connection, id),
  listed: () => null,
  due: () => null,
};

/** Apart from the ids of events, whatever a provider's own ids look like. */
const chargeId = (charge: string): string => `charge#${charge}`;

/** The same for whatever is told again: repeats and replays find it. */
export const processorEventId = ({ config }: StorePlatform, connection: string, eventIds: readonly string[]): string =>
  derivedId('provider_event', config.zone, [connection, ...eventIds]);

async function load<T>(platform: StorePlatform, type: RowType<T>, key: Key): Promise<Stored<T> | undefined> {
  const { Item } = await platform.dynamodb.send(
    new GetItemCommand({ TableName: platform.config.table('providers'), Key: keyOf(key), ConsistentRead: true }),
  );
  return Item && fromItem(type, Item);
}

/** Strongly consistent, as are those below. */
export const loadConnection = (platform: StorePlatform, id: string): Promise<Stored<Connection> | undefined> =>
  load(platform, connectionRow, { pk: id, sk: 'connection' });

export const loadProcessorEvent = (platform: StorePlatform, key: Key): Promise<Stored<ProcessorEvent> | undefined> =>
  load(platform, processorEventRow, key);

/** The payment that a provider's charge belongs to, as far as the provider ever told both. */
export async function paymentOfCharge(
  platform: StorePlatform,
  connection: string,
  charge: string,
): Promise<string | undefined> {
  return (await load(platform, chargeRow, besideConnection(connection, chargeId(charge))))?.value.payment;
}

/** The first payment that a charge was told with is the charge's for good. */
export async function storeCharge(
  platform: StorePlatform,
  { connection, charge, payment }: { readonly connection: string; readonly charge: string; readonly payment: string },
  act: AuditContext,
): Promise<void> {
  const next = { id: chargeId(charge), connection, payment };
  wrote(await commit(platform, [{ type: chargeRow, before: null, next }], null, act));
}

/** Whether it was this call that wrote; false where another was faster. Who met neither knows nothing, and comes again. */
function wrote(done: Committed<readonly unknown[]>): boolean {
  if (done.kind === 'committed') return true;
  if (done.found.every((item) => item === undefined)) throw new Refusal('unavailable', { retryAfterSeconds: 1 });
  return false;
}

/** One write; `repeated` where it was there already, which stays as it is. */
export async function putProcessorEvent(
  platform: StorePlatform,
  next: ProcessorEvent,
  act: AuditContext,
): Promise<'committed' | 'repeated'> {
  return wrote(await commit(platform, [{ type: processorEventRow, before: null, next }], null, act))
    ? 'committed'
    : 'repeated';
}

/** False where another was faster. */
export async function updateProcessorEvent(
  platform: StorePlatform,
  before: Stored<ProcessorEvent>,
  next: ProcessorEvent,
  act: AuditContext,
): Promise<boolean> {
  return wrote(await commit(platform, [{ type: processorEventRow, before, next }], null, act));
}

/** The key of a row that holds an event; undefined for every other row of the table. */
export const processorEventKey = (item: Item | undefined): Key | undefined => {
  const [pk, sk] = [item?.pk?.S, item?.sk?.S];
  return pk !== undefined && sk?.startsWith(`${idPrefixes.provider_event}_`) ? { pk, sk } : undefined;
};

/** A page of the events due at or before `now`, the longest due first, from behind `after`; eventually consistent. */
export async function dueProcessorEvents(
  platform: StorePlatform,
  shard: number,
  now: string,
  count: number,
  after: Item | undefined,
): Promise<{ due: Key[]; last: Item | undefined }> {
  const { partition, sort } = indexKeys.due;
  const { Items = [], LastEvaluatedKey } = await platform.dynamodb.send(
    new QueryCommand({
      TableName: platform.config.table('providers'),
      IndexName: 'due',
      KeyConditionExpression: `${partition} = :shard AND ${sort} < :now`,
      ExpressionAttributeValues: { ':shard': { S: String(shard) }, ':now': { S: `${now}~` } },
      Limit: count,
      ExclusiveStartKey: after,
    }),
  );
  return { due: Items.flatMap((item) => processorEventKey(item) ?? []), last: LastEvaluatedKey };
}
