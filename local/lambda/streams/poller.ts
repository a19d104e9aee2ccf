// Polls the stream of one table for one function, as Lambda's event source mapping does: each shard in order, after its
// parents, from the checkpoint on. A record is delivered at least once, whatever is killed when.

import { setTimeout } from 'node:timers/promises';
import * as v from 'valibot';
import { type EngineClient, EngineError } from '../../dynamodb/client.ts';
import { localLimits } from '../../host/limits.ts';
import { messageOf } from '../../host/user_error.ts';
import type { StateFolder } from '../../storage/state.ts';
import type { Pool } from '../pool.ts';
import { type Attempt, attemptOf, type Delivery, deliver, type GivenUp } from './deliver.ts';
import type { StreamMapping } from './mapping.ts';
import { EngineRecord, type StreamRecord, streamRecord } from './records.ts';

export interface Poller {
  /** Something was written: look now. */
  nudge(): void;
  stop(): Promise<void>;
}

export interface PollerOptions {
  readonly mapping: StreamMapping;
  readonly engine: EngineClient;
  readonly pool: Pool;
  readonly state: StateFolder;
  readonly warn: (text: string) => void;
  /** Whether the function's role lets Lambda read the stream; asked once. Absent: it does. */
  readonly mayRead?: () => boolean;
  /** Keeps what is given up; resolves with where, or undefined where it could not be kept. */
  readonly storeFailed?: (shard: string, records: readonly StreamRecord[], why: GivenUp) => Promise<string | undefined>;
}

/** The engine's stream ARN names its creation, so that a new table starts a new checkpoint. */
const Checkpoints = v.object({ stream: v.string(), settled: v.record(v.string(), v.string()) });
const Described = v.object({ Table: v.object({ LatestStreamArn: v.string() }) });
const Stream = v.object({
  StreamDescription: v.object({
    Shards: v.array(v.object({ ShardId: v.string(), ParentShardId: v.optional(v.string()) })),
  }),
});
const Iterator = v.object({ ShardIterator: v.string() });
const Records = v.object({ Records: v.array(EngineRecord), NextShardIterator: v.nullish(v.string()) });

const normal = new Set(['ExpiredIteratorException', 'TrimmedDataAccessException']);

const api = (operation: string): string => `DynamoDBStreams_20120810.${operation}`;

export const startPoller = (options: PollerOptions): Poller => {
  const { mapping, engine, pool, state, warn } = options;
  const file = `checkpoint-${mapping.id}.json`;
  let stopped = false;
  let nudged = false;
  const stopping = new AbortController();
  let look: AbortController | undefined;

  const pause = (ms: number, signal: AbortSignal): Promise<void> =>
    setTimeout(ms, undefined, { signal }).catch(() => {});

  /** Ends early when something was written; a pause before a retry does not. */
  const idle = async (): Promise<void> => {
    look = new AbortController();
    await pause(localLimits.idlePollMs, AbortSignal.any([look.signal, stopping.signal]));
    look = undefined;
  };

  const attempt = async (records: readonly StreamRecord[]): Promise<Attempt> => {
    const outcome = await pool.invoke({ Records: records });
    if (outcome.kind === 'returned') return attemptOf(outcome.payload, records, mapping.reportsFailures);
    return { done: 0, failed: true, threw: true };
  };

  const readStream = async (): Promise<void> => {
    const table = v.parse(
      Described,
      await engine.call('DynamoDB_20120810.DescribeTable', { TableName: mapping.table }),
    );
    const stream = table.Table.LatestStreamArn;
    const kept = await state.read(file, Checkpoints);
    const settled: Record<string, string> = kept?.stream === stream ? { ...kept.settled } : {};
    const iterators = new Map<string, string>();
    const closed = new Set<string>();

    const iteratorOf = async (shard: string): Promise<string> => {
      const known = iterators.get(shard);
      if (known !== undefined) return known;
      const after = settled[shard];
      const position =
        after === undefined
          ? { ShardIteratorType: 'TRIM_HORIZON' }
          : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: after };
      const asked = { StreamArn: stream, ShardId: shard, ...position };
      return v.parse(Iterator, await engine.call(api('GetShardIterator'), asked)).ShardIterator;
    };

    const delivery = (shard: string): Delivery => ({
      mapping,
      attempt,
      pause: (ms) => pause(ms, stopping.signal),
      now: Date.now,
      stopped: () => stopped,
      async discarded(records, why) {
        const ids = records.map(({ dynamodb }) => dynamodb.SequenceNumber).join(', ');
        const kept = await options.storeFailed?.(shard, records, why);
        warn(
          `${mapping.functionName}: gave up ${records.length} record(s) of ${mapping.table} after ${why.invocations} invocations: ${why.reason} (${ids}); ${kept === undefined ? 'they are not kept' : `kept in ${kept}`}`,
        );
      },
      async checkpoint(sequenceNumber) {
        settled[shard] = sequenceNumber;
        await state.write(file, { stream, settled });
      },
    });

    /** Whether there was anything. */
    const readShard = async (shard: string): Promise<boolean> => {
      const asked = { ShardIterator: await iteratorOf(shard), Limit: mapping.batchRecords };
      const answer = v.parse(Records, await engine.call(api('GetRecords'), asked));
      const records = answer.Records.map((record) => streamRecord(record, mapping.streamArn, shard));
      const wanted = mapping.isWanted === undefined ? records : records.filter(mapping.isWanted);
      await deliver(delivery(shard), wanted);
      const last = records.at(-1);
      // What was passed over at the end is settled with what came before it, and not before.
      if (!stopped && last !== undefined && last !== wanted.at(-1)) {
        await delivery(shard).checkpoint(last.dynamodb.SequenceNumber);
      }
      if (answer.NextShardIterator === undefined || answer.NextShardIterator === null) closed.add(shard);
      else iterators.set(shard, answer.NextShardIterator);
      return records.length > 0;
    };

    let shards: v.InferOutput<typeof Stream>['StreamDescription']['Shards'] = [];
    while (!stopped) {
      nudged = false;
      if (shards.every(({ ShardId }) => closed.has(ShardId))) {
        const described = v.parse(Stream, await engine.call(api('DescribeStream'), { StreamArn: stream }));
        shards = described.StreamDescription.Shards.slice(-localLimits.streamShards);
      }
      let busy = false;
      for (const { ShardId, ParentShardId } of shards) {
        const waitsForParent = shards.some((other) => other.ShardId === ParentShardId && !closed.has(other.ShardId));
        if (!closed.has(ShardId) && !waitsForParent && !stopped) busy = (await readShard(ShardId)) || busy;
      }
      if (!busy && !nudged && !stopped) await idle();
    }
  };

  const run = async (): Promise<void> => {
    // Policies don't change while the zone runs: a role that may not read now never may.
    if (options.mayRead?.() === false) {
      warn(`${mapping.functionName}: the stream of ${mapping.table} is not read; nothing that it holds is delivered.`);
      return;
    }
    while (!stopped) {
      try {
        await readStream();
      } catch (thrown) {
        // An iterator that has expired or lost a race is normal; everything starts again from the checkpoint.
        const expired = thrown instanceof EngineError && normal.has(thrown.code);
        if (!expired && !stopped) warn(`Stream of ${mapping.table}: ${messageOf(thrown)}`);
        await pause(localLimits.idlePollMs, stopping.signal);
      }
    }
  };

  const running = run();
  return {
    nudge() {
      nudged = true;
      look?.abort();
    },
    async stop() {
      stopped = true;
      stopping.abort();
      await running;
    },
  };
};
