// The streams' own API (DynamoDB API reference, "Amazon DynamoDB Streams": ListStreams, DescribeStream, GetShardIterator,
// GetRecords). Shards never close here; an iterator expires after fifteen minutes, as in AWS.

import { keySchemaOf } from './description.ts';
import { DynamoDbError, invalid, notFound } from './error.ts';
import { choiceOf, type Input, optionalCount, optionalText, textOf } from './input.ts';
import type { Store } from './store.ts';
import type { TableStream } from './stream.ts';
import { numberOf, type StreamRecord, sequenceOf } from './stream.ts';
import type { Table } from './table.ts';

const mostRecords = 1_000;
const mostStreams = 100;
const mostShards = 100;
const iteratorMs = 15 * 60_000;
/** API reference, GetRecords: size of one answer. */
const mostBytes = 1024 * 1024;

interface Streamed {
  readonly table: Table;
  readonly stream: TableStream;
}

const streamsOf = (store: Store): Streamed[] =>
  [...store.tables.values()].flatMap((table) => (table.stream === undefined ? [] : [{ table, stream: table.stream }]));

const streamed = (store: Store, arn: string): Streamed => {
  const found = streamsOf(store).find(({ stream }) => stream.arn === arn);
  if (found === undefined) throw notFound(`Requested resource not found: Stream: ${arn} not found`);
  return found;
};

/** At least 28 characters, as the API demands. */
const shardName = (stream: TableStream, shard: number): string =>
  `shardId-${String(stream.createdAt).padStart(20, '0')}-${shard.toString(16).padStart(8, '0')}`;

const shardIn = (stream: TableStream, name: string): number => {
  for (let shard = 0; shard < stream.shards; shard += 1) if (shardName(stream, shard) === name) return shard;
  throw notFound(`Requested resource not found: Shard does not exist`);
};

const pageAfter = <Each>(
  all: readonly Each[],
  after: string | undefined,
  limit: number,
  name: (each: Each) => string,
) => {
  const from = after === undefined ? 0 : all.findIndex((each) => name(each) === after) + 1;
  const page = all.slice(from, from + limit);
  return { page, last: from + limit < all.length ? page.at(-1) : undefined };
};

export const listStreams = (store: Store, input: Input): object => {
  const tableName = optionalText(input.TableName, 'tableName');
  const limit = optionalCount(input.Limit, 'limit', 1, mostStreams) ?? mostStreams;
  const after = optionalText(input.ExclusiveStartStreamArn, 'exclusiveStartStreamArn');
  const all = streamsOf(store).filter(({ table }) => tableName === undefined || table.definition.name === tableName);
  const { page, last } = pageAfter(all, after, limit, ({ stream }) => stream.arn);
  return {
    Streams: page.map(({ table, stream }) => ({
      StreamArn: stream.arn,
      TableName: table.definition.name,
      StreamLabel: stream.label,
    })),
    ...(last !== undefined && { LastEvaluatedStreamArn: last.stream.arn }),
  };
};

export const describeStream = (store: Store, input: Input): object => {
  const { table, stream } = streamed(store, textOf(input.StreamArn, 'streamArn'));
  const limit = optionalCount(input.Limit, 'limit', 1, mostShards) ?? mostShards;
  const after = optionalText(input.ExclusiveStartShardId, 'exclusiveStartShardId');
  const names = Array.from({ length: stream.shards }, (_, shard) => shardName(stream, shard));
  const { page, last } = pageAfter(names, after, limit, (name) => name);
  return {
    StreamDescription: {
      StreamArn: stream.arn,
      StreamLabel: stream.label,
      StreamStatus: 'ENABLED',
      StreamViewType: stream.view,
      CreationRequestDateTime: new Date(stream.createdAt),
      TableName: table.definition.name,
      KeySchema: keySchemaOf(table.definition.keys),
      Shards: page.map((ShardId) => ({ ShardId, SequenceNumberRange: { StartingSequenceNumber: sequenceOf(1) } })),
      ...(last !== undefined && { LastEvaluatedShardId: last }),
    },
  };
};

const iteratorText = (stream: TableStream, shard: number, number: number, now: number): string =>
  `${stream.arn}|${shard}|${number}|${now}`;

export const getShardIterator = (store: Store, input: Input): object => {
  const { stream } = streamed(store, textOf(input.StreamArn, 'streamArn'));
  const shard = shardIn(stream, textOf(input.ShardId, 'shardId'));
  const type = choiceOf(
    input.ShardIteratorType,
    'shardIteratorType',
    ['AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER', 'TRIM_HORIZON', 'LATEST', ''],
    '',
  );
  if (type === '') throw invalid("1 validation error detected: Value null at 'shardIteratorType'");
  const positioned = type.endsWith('SEQUENCE_NUMBER');
  const sequence = optionalText(input.SequenceNumber, 'sequenceNumber');
  if (positioned && sequence === undefined)
    throw invalid(`Required parameter missing in the request. SequenceNumber is required with ${type}`);
  if (!positioned && sequence !== undefined) throw invalid(`Not valid to specify SequenceNumber with ${type}`);
  if (sequence !== undefined && !/^\d{21,40}$/.test(sequence)) throw invalid(`Invalid SequenceNumber: ${sequence}`);
  let number = type === 'LATEST' ? stream.next : stream.oldest;
  if (sequence !== undefined) {
    number = numberOf(sequence) + (type === 'AFTER_SEQUENCE_NUMBER' ? 1 : 0);
    if (number < stream.oldest) throw trimmed();
  }
  return { ShardIterator: iteratorText(stream, shard, number, store.options.now()) };
};

const trimmed = () =>
  new DynamoDbError(
    'TrimmedDataAccessException',
    'The operation attempted to read past the oldest stream record in a shard',
  );

/** As the SDK returns it: the time is a Date there, and seconds in Lambda's events. */
const recordOf = ({ shard: _, eventSourceARN: __, ...record }: StreamRecord): object => ({
  ...record,
  dynamodb: {
    ...record.dynamodb,
    ApproximateCreationDateTime: new Date(record.dynamodb.ApproximateCreationDateTime * 1000),
  },
});

export const getRecords = (store: Store, input: Input): object => {
  const [arn = '', shard, number, at] = textOf(input.ShardIterator, 'shardIterator').split('|');
  const limit = optionalCount(input.Limit, 'limit', 1, mostRecords) ?? mostRecords;
  if (at === undefined) throw invalid('Invalid ShardIterator');
  const { stream } = streamed(store, arn);
  const now = store.options.now();
  if (Number(at) + iteratorMs < now) {
    throw new DynamoDbError('ExpiredIteratorException', 'Iterator expired: it was provided more than 15 minutes ago');
  }
  let next = Number(number);
  if (next < stream.oldest) throw trimmed();
  const Records: object[] = [];
  let bytes = 0;
  for (; next < stream.next && Records.length < limit; next += 1) {
    const record = stream.records[next - stream.oldest];
    if (record === undefined || record.shard !== Number(shard)) continue;
    bytes += record.dynamodb.SizeBytes;
    if (bytes > mostBytes && Records.length > 0) break;
    Records.push(recordOf(record));
  }
  return { Records, NextShardIterator: iteratorText(stream, Number(shard), next, now) };
};
