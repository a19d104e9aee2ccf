// Stores records that a mapping gave up as Lambda stores them in the mapping's on-failure bucket: an object with what happened
// and the whole payload, so that they can be corrected and sent again (Lambda developer guide, "Retain discarded records for
// a DynamoDB event source").

import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type StateFolder, writeAtomically } from '../../storage/state.ts';
import type { StreamMapping } from './mapping.ts';
import type { StreamRecord } from './records.ts';

export type Reason = 'RetryAttemptsExhausted' | 'RecordAgeExceeded';

export interface FailedBatch {
  readonly mapping: Pick<StreamMapping, 'id' | 'streamArn'>;
  readonly functionArn: string;
  readonly shard: string;
  readonly records: readonly StreamRecord[];
  readonly reason: Reason;
  /** How often the function was invoked. */
  readonly invocations: number;
  /** Whether it threw, instead of saying which records failed. */
  readonly threw: boolean;
  readonly atMs: number;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** `aws/lambda/<mapping>/<shard>/YYYY/MM/DD/YYYY-MM-DDTHH.MM.SS-<UUID>` */
const objectKey = ({ mapping, shard, atMs }: FailedBatch): string => {
  const at = new Date(atMs);
  const [year, month, day] = [at.getUTCFullYear(), two(at.getUTCMonth() + 1), two(at.getUTCDate())];
  const time = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()].map(two).join('.');
  return `aws/lambda/${mapping.id}/${shard}/${year}/${month}/${day}/${year}-${month}-${day}T${time}-${randomUUID()}`;
};

const arrivalOf = (record: StreamRecord | undefined): string =>
  new Date((record?.dynamodb.ApproximateCreationDateTime ?? 0) * 1000).toISOString();

export const invocationRecord = ({ mapping, functionArn, shard, records, reason, ...discarded }: FailedBatch) => ({
  requestContext: {
    requestId: randomUUID(),
    functionArn,
    condition: reason,
    approximateInvokeCount: discarded.invocations,
  },
  ...(discarded.invocations > 0 && {
    responseContext: {
      statusCode: 200,
      executedVersion: '$LATEST',
      ...(discarded.threw && { functionError: 'Unhandled' }),
    },
  }),
  version: '1.0',
  timestamp: new Date(discarded.atMs).toISOString(),
  DDBStreamBatchInfo: {
    shardId: shard,
    startSequenceNumber: records[0]?.dynamodb.SequenceNumber,
    endSequenceNumber: records.at(-1)?.dynamodb.SequenceNumber,
    approximateArrivalOfFirstRecord: arrivalOf(records[0]),
    approximateArrivalOfLastRecord: arrivalOf(records.at(-1)),
    batchSize: records.length,
    streamArn: mapping.streamArn,
  },
  payload: JSON.stringify({ Records: records }),
});

/** Resolves with the path of the object, below the state folder. */
export const storeFailedBatch = async (discarded: FailedBatch, zone: string, state: StateFolder): Promise<string> => {
  const name = join(`failed-${zone}`, objectKey(discarded));
  const path = state.file(name);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeAtomically(path, `${JSON.stringify(invocationRecord(discarded))}\n`);
  return name;
};
