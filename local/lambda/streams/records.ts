// Stream records as Lambda's event source sends them: the engine's records with the ids and ARNs that AWS adds.

import { createHash } from 'node:crypto';
import * as v from 'valibot';

/**
 * The streams of DynamoDB Local leave out the type of an empty map, and of nothing else: `{}` for `{"M":{}}`.
 */
const typed = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  const [only] = Object.entries(value);
  if (only === undefined) return { M: {} };
  const [type, held] = only;
  if (type === 'M') return { M: Object.fromEntries(Object.entries(held).map(([name, each]) => [name, typed(each)])) };
  if (type === 'L' && Array.isArray(held)) return { L: held.map(typed) };
  return value;
};

const Image = v.record(v.string(), v.pipe(v.unknown(), v.transform(typed)));

export const EngineRecord = v.object({
  eventName: v.picklist(['INSERT', 'MODIFY', 'REMOVE']),
  eventVersion: v.optional(v.string(), '1.1'),
  dynamodb: v.object({
    Keys: Image,
    NewImage: v.optional(Image),
    OldImage: v.optional(Image),
    SequenceNumber: v.string(),
    SizeBytes: v.optional(v.number(), 0),
    StreamViewType: v.string(),
    /** Seconds since 1970. */
    ApproximateCreationDateTime: v.number(),
  }),
  userIdentity: v.optional(v.unknown()),
});

export interface StreamRecord extends v.InferOutput<typeof EngineRecord> {
  readonly eventID: string;
  readonly eventSource: 'aws:dynamodb';
  readonly awsRegion: string;
  readonly eventSourceARN: string;
}

export const streamRecord = (
  record: v.InferOutput<typeof EngineRecord>,
  streamArn: string,
  shard: string,
): StreamRecord => ({
  ...record,
  eventID: createHash('sha256')
    .update(`${streamArn}/${shard}/${record.dynamodb.SequenceNumber}`)
    .digest('hex')
    .slice(0, 32),
  eventSource: 'aws:dynamodb',
  awsRegion: streamArn.split(':')[3] ?? '',
  eventSourceARN: streamArn,
});
