// Streams on their way to a function, as Lambda reads them: each shard in its order, shards as they come, a batch again
// when it failed, from its first bad record on, and now and then once more although it succeeded.

import type { DynamoDBStreamEvent } from 'aws-lambda';
import { functions } from '../../contract/capabilities.ts';
import { filterPattern, replacedByOtherRegion } from '../../contract/kernel/function.ts';
import { zones } from '../../contract/kernel/zones.ts';
import type { Database } from '../../local/dynamodb/memory/database.ts';
import { recordFilter } from '../../local/lambda/streams/filter.ts';
import type { Draw } from './draw.ts';
import type { CallKind, Fault } from './faults.ts';
import type { PoolOf } from './functions.ts';
import type { Product } from './product.ts';
import type { Timeline } from './timeline.ts';

export interface StreamPorts {
  readonly timeline: Timeline;
  readonly draw: Draw;
  readonly database: Database;
  readonly name: 'relay' | 'processor_events' | 'lost_updates';
  readonly region?: string;
  /** Whether anything runs there. Absent: always. */
  readonly runs?: () => boolean;
  readonly reader: PoolOf<Product['relay']>;
  readonly fault: (address: string, kind: CallKind) => Fault | null;
}

export const shards = 2;

type StreamRecord = ReturnType<Database['stream']>[number];

interface Shard {
  readonly name: string;
  readonly records: StreamRecord[];
  /** The first that is not known to be done. */
  next: number;
  batches: number;
  reading: boolean;
}

const latencyMs = 300;
const againMs = 1_000;

/** As the event source mapping has it; the other functions pass over by themselves what their filters would. */
const lostUpdatesFilter = (region: string): ((record: unknown) => boolean) => {
  const Pattern = filterPattern(replacedByOtherRegion, zones.us, region);
  return recordFilter({ Filters: [{ Pattern }] }, 'lost_updates');
};

export function streams({ timeline, draw, database, name, region, reader, fault, runs = () => true }: StreamPorts) {
  const { batchRecords, tables } = functions[name].trigger;
  const isWanted = name === 'lost_updates' ? lostUpdatesFilter(region ?? zones.us.home) : () => true;
  const sources = tables.map((table) => ({
    table,
    position: 0,
    shards: Array.from({ length: shards }, (_, index): Shard => {
      return { name: `${name}.${table}.${index}`, records: [], next: 0, batches: 0, reading: false };
    }),
  }));

  const read = async (shard: Shard): Promise<void> => {
    shard.reading = runs();
    if (!shard.reading) return;
    const from = shard.next;
    const batch = shard.records.slice(from, from + batchRecords);
    shard.batches += 1;
    const address = `${shard.name}.${shard.batches}`;
    const outcome = await reader.invoke({ Records: batch } as unknown as DynamoDBStreamEvent, address);
    const failing = outcome.kind === 'returned' ? outcome.value.batchItemFailures[0]?.itemIdentifier : undefined;
    const bad = batch.findIndex(({ dynamodb }) => dynamodb.SequenceNumber === failing);
    const done = outcome.kind !== 'returned' ? 0 : bad < 0 ? batch.length : bad;
    const repeated = fault(`${address}/batch`, 'delivery') === 'repeated';
    shard.next = from + (repeated ? Math.floor(done / 2) : done);
    const pauseMs = shard.next === from ? againMs : 0;
    timeline.after(pauseMs, () => {
      shard.reading = false;
      wake(shard);
    });
  };

  const wake = (shard: Shard): void => {
    if (!runs() || shard.reading || shard.next >= shard.records.length) return;
    shard.reading = true;
    const waitMs = draw.fraction(`${shard.name}.${shard.batches} latency`) * latencyMs;
    timeline.after(waitMs, () => read(shard));
  };

  return {
    /** After each write: takes the new records. */
    take(): void {
      for (const source of sources) {
        const all = database.stream(source.table);
        for (; source.position < all.length; source.position += 1) {
          const record = all[source.position];
          if (record !== undefined && isWanted(record)) source.shards[record.shard]?.records.push(record);
        }
        for (const shard of source.shards) wake(shard);
      }
    },
    /** Whether all that was written is done. */
    drained: (): boolean =>
      sources.every(({ shards: each }) => each.every(({ next, records }) => next >= records.length)),
  };
}
