// The shards of one table's stream, read for one function: each in order, after its parent, from the checkpoint on. A
// checkpoint says up to which record a shard is settled, and outlives every end of the process.

import * as v from 'valibot';
import type { EngineClient } from '../../dynamodb/client.ts';
import { localLimits } from '../../host/limits.ts';
import type { StateFolder } from '../../storage/state.ts';
import { type Delivery, deliver, type GivenUp } from './deliver.ts';
import type { StreamMapping } from './mapping.ts';
import { EngineRecord, type StreamRecord, streamRecord } from './records.ts';

export interface StreamOptions {
  readonly mapping: StreamMapping;
  readonly engine: EngineClient;
  readonly state: StateFolder;
  readonly warn: (text: string) => void;
  /** Stores records that were given up; resolves with where, or undefined where they could not be stored. */
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

const api = (operation: string): string => `DynamoDBStreams_20120810.${operation}`;

type DeliverySteps = Pick<Delivery, 'attempt' | 'pause' | 'stopped'>;

class ShardReader {
  readonly #options: StreamOptions;
  readonly #steps: DeliverySteps;
  readonly #streamArn: string;
  readonly #checkpointFile: string;
  /** Sequence number of the last settled record, by shard. */
  readonly #settled: Record<string, string>;
  readonly #iterators = new Map<string, string>();
  readonly #closed = new Set<string>();
  #shards: v.InferOutput<typeof Stream>['StreamDescription']['Shards'] = [];

  constructor(options: StreamOptions, steps: DeliverySteps, streamArn: string, settled: Record<string, string>) {
    this.#options = options;
    this.#steps = steps;
    this.#streamArn = streamArn;
    this.#settled = settled;
    this.#checkpointFile = checkpointFileOf(options.mapping);
  }

  /** Reads once from each shard whose parent is read to its end. Resolves with whether there were records. */
  async readShards(): Promise<boolean> {
    if (this.#shards.every(({ ShardId }) => this.#closed.has(ShardId))) await this.#describe();
    let found = false;
    for (const { ShardId, ParentShardId } of this.#shards) {
      const waitsForParent = this.#shards.some(
        (other) => other.ShardId === ParentShardId && !this.#closed.has(other.ShardId),
      );
      if (this.#closed.has(ShardId) || waitsForParent || this.#steps.stopped()) continue;
      if (await this.#readShard(ShardId)) found = true;
    }
    return found;
  }

  async #describe(): Promise<void> {
    const answer = await this.#options.engine.call(api('DescribeStream'), { StreamArn: this.#streamArn });
    this.#shards = v.parse(Stream, answer).StreamDescription.Shards.slice(-localLimits.streamShards);
  }

  async #readShard(shard: string): Promise<boolean> {
    const { mapping, engine } = this.#options;
    const asked = { ShardIterator: await this.#iteratorOf(shard), Limit: mapping.batchRecords };
    const answer = v.parse(Records, await engine.call(api('GetRecords'), asked));
    const records = answer.Records.map((record) => streamRecord(record, mapping.streamArn, shard));
    const wanted = mapping.isWanted === undefined ? records : records.filter(mapping.isWanted);
    const delivery = this.#deliveryOf(shard);
    await deliver(delivery, wanted);
    const last = records.at(-1);
    // Unwanted records at the end are settled after the wanted ones before them.
    if (!this.#steps.stopped() && last !== undefined && last !== wanted.at(-1)) {
      await delivery.checkpoint(last.dynamodb.SequenceNumber);
    }
    if (answer.NextShardIterator === undefined || answer.NextShardIterator === null) this.#closed.add(shard);
    else this.#iterators.set(shard, answer.NextShardIterator);
    return records.length > 0;
  }

  async #iteratorOf(shard: string): Promise<string> {
    const known = this.#iterators.get(shard);
    if (known !== undefined) return known;
    const after = this.#settled[shard];
    const position =
      after === undefined
        ? { ShardIteratorType: 'TRIM_HORIZON' }
        : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: after };
    const asked = { StreamArn: this.#streamArn, ShardId: shard, ...position };
    return v.parse(Iterator, await this.#options.engine.call(api('GetShardIterator'), asked)).ShardIterator;
  }

  #deliveryOf(shard: string): Delivery {
    const { mapping, state, warn, storeFailed } = this.#options;
    return {
      mapping,
      ...this.#steps,
      now: Date.now,
      async discarded(records, why) {
        const ids = records.map(({ dynamodb }) => dynamodb.SequenceNumber).join(', ');
        const path = await storeFailed?.(shard, records, why);
        warn(
          `${mapping.functionName}: gave up ${records.length} record(s) of ${mapping.table} after ${why.invocations} invocations: ${why.reason} (${ids}); ${path === undefined ? 'they are not kept' : `kept in ${path}`}`,
        );
      },
      checkpoint: async (sequenceNumber) => {
        this.#settled[shard] = sequenceNumber;
        await state.write(this.#checkpointFile, { stream: this.#streamArn, settled: this.#settled });
      },
    };
  }
}

const checkpointFileOf = ({ id }: StreamMapping): string => `checkpoint-${id}.json`;

export const openStream = async (
  options: StreamOptions,
  steps: DeliverySteps,
): Promise<Pick<ShardReader, 'readShards'>> => {
  const { mapping, engine, state } = options;
  const answer = await engine.call('DynamoDB_20120810.DescribeTable', { TableName: mapping.table });
  const streamArn = v.parse(Described, answer).Table.LatestStreamArn;
  const checkpoints = await state.read(checkpointFileOf(mapping), Checkpoints);
  const settled = checkpoints?.stream === streamArn ? { ...checkpoints.settled } : {};
  return new ShardReader(options, steps, streamArn, settled);
};
