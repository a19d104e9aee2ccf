// The events that processors sent, and which of our payments a processor's charge belongs to, in sharded partitions by
// connection: charges apart from events, because the ingress may write events alone.

import * as v from 'valibot';
import { tables } from '../../contract/capabilities.ts';
import { idPrefixes } from '../../contract/kernel/vocabulary.ts';
import { unavailable } from '../kernel/domain/refusal.ts';
import { derivedId, shardOf } from '../kernel/platform/ids.ts';
import { type AuditContext, commitChange, type Identified, type StorePlatform } from '../kernel/store/commit.ts';
import { load } from '../kernel/store/load.ts';
import { type Item, type Key, listPartition, type RowType, type Stored } from '../kernel/store/row.ts';
import { ProcessorEvent } from './domain/processor_event.ts';

const keyUnder = (owner: string, id: string): Key => ({
  pk: listPartition(owner, shardOf(id, tables.processor_events.listShards)),
  sk: id,
});

/** The names that an event is found by. */
export type EventName = Pick<ProcessorEvent, 'connection' | 'id'>;

export const processorEventRow: RowType<ProcessorEvent> = {
  table: 'processor_events',
  schema: ProcessorEvent,
  key: ({ connection, id }) => keyUnder(connection, id),
  due: ({ id, due_at_ms }) => (due_at_ms === null ? null : { id, atMs: due_at_ms }),
};

const Charge = v.object({ id: v.string(), connection: v.string(), payment: v.string() });
type Charge = v.InferOutput<typeof Charge>;

const chargeRow: RowType<Charge> = {
  table: 'processor_events',
  schema: Charge,
  key: ({ connection, id }) => keyUnder(`charges#${connection}`, id),
};

/** The same for the same notifications, so that repeats and replays find it. */
export const processorEventId = ({ config }: StorePlatform, connection: string, eventIds: readonly string[]): string =>
  derivedId('provider_event', config.zone, [connection, ...eventIds]);

/** The payment that a provider's charge belongs to, once a notification named both. */
export async function paymentOfCharge(
  platform: StorePlatform,
  connection: string,
  charge: string,
): Promise<string | undefined> {
  return (await load(platform, chargeRow, { connection, id: charge }))?.value.payment;
}

/** The first payment that was named with a charge stays the charge's. */
export const storeCharge = async (
  platform: StorePlatform,
  { connection, charge, payment }: { readonly connection: string; readonly charge: string; readonly payment: string },
  audit: AuditContext,
): Promise<void> => {
  await write(platform, chargeRow, null, { id: charge, connection, payment }, audit);
};

/** One write; `before` null: the event is new. False where another was faster, or it is there already. */
export const writeProcessorEvent = (
  platform: StorePlatform,
  before: Stored<ProcessorEvent> | null,
  next: ProcessorEvent,
  audit: AuditContext,
): Promise<boolean> => write(platform, processorEventRow, before, next, audit);

async function write<T extends Identified>(
  platform: StorePlatform,
  type: RowType<T>,
  before: Stored<T> | null,
  next: T,
  audit: AuditContext,
): Promise<boolean> {
  const done = await commitChange(platform, type, before, { next, fact: null }, audit);
  if (done.kind === 'committed') return true;
  // A transaction held the row, and of what it holds nothing is known: it must be tried again.
  if (done.found.every((item) => item === undefined)) throw unavailable();
  return false;
}

/** The name of a row that holds an event; undefined for every other row of the table. */
export function eventNameOf(item: Item | undefined): EventName | undefined {
  const [pk, id] = [item?.pk?.S, item?.sk?.S];
  if (pk === undefined || !id?.startsWith(`${idPrefixes.provider_event}_`)) return undefined;
  return { connection: pk.slice(0, pk.lastIndexOf('#')), id };
}
