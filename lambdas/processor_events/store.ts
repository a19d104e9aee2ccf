// What processors sent, and which of our payments a processor's charge belongs to: in the providers table, in sharded
// partitions beside their connections.

import * as v from 'valibot';
import { tables } from '../../contract/capabilities.ts';
import { idPrefixes } from '../../contract/kernel/vocabulary.ts';
import { unavailable } from '../kernel/domain/refusal.ts';
import { derivedId, shardOf } from '../kernel/platform/ids.ts';
import { type AuditContext, type Committed, commit, type StorePlatform } from '../kernel/store/commit.ts';
import { load } from '../kernel/store/load.ts';
import { type Item, type Key, listPartition, type RowType, type Stored } from '../kernel/store/row.ts';
import { ProcessorEvent } from './domain/processor_event.ts';

const besideConnection = (connection: string, id: string): Key => ({
  pk: listPartition(connection, shardOf(id, tables.providers.listShards)),
  sk: id,
});

/** What names an event. */
export type EventName = Pick<ProcessorEvent, 'connection' | 'id'>;

export const processorEventRow: RowType<ProcessorEvent> = {
  table: 'providers',
  schema: ProcessorEvent,
  key: ({ connection, id }) => besideConnection(connection, id),
  due: ({ id, due_at_ms }) => (due_at_ms === null ? null : { id, atMs: due_at_ms }),
};

const Charge = v.object({ id: v.string(), connection: v.string(), payment: v.string() });
type Charge = v.InferOutput<typeof Charge>;

const chargeRow: RowType<Charge> = {
  table: 'providers',
  schema: Charge,
  key: ({ connection, id }) => besideConnection(connection, id),
};

/** Apart from the ids of events, whatever a provider's own ids look like. */
const chargeId = (charge: string): string => `charge#${charge}`;

/** The same for whatever is told again: repeats and replays find it. */
export const processorEventId = ({ config }: StorePlatform, connection: string, eventIds: readonly string[]): string =>
  derivedId('provider_event', config.zone, [connection, ...eventIds]);

/** Strongly consistent. `named` is the event's id and its connection's. */
export const loadProcessorEvent = (
  platform: StorePlatform,
  named: EventName,
): Promise<Stored<ProcessorEvent> | undefined> => load(platform, processorEventRow, named);

/** The payment that a provider's charge belongs to, as far as the provider ever told both. */
export async function paymentOfCharge(
  platform: StorePlatform,
  connection: string,
  charge: string,
): Promise<string | undefined> {
  return (await load(platform, chargeRow, { connection, id: chargeId(charge) }))?.value.payment;
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
  if (done.found.every((item) => item === undefined)) throw unavailable();
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

/** The name of a row that holds an event; undefined for every other row of the table. */
export function eventNameOf(item: Item | undefined): EventName | undefined {
  const [pk, id] = [item?.pk?.S, item?.sk?.S];
  if (pk === undefined || !id?.startsWith(`${idPrefixes.provider_event}_`)) return undefined;
  return { connection: pk.slice(0, pk.lastIndexOf('#')), id };
}
