import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deploy } from '../../local/cloudformation/deployment.ts';
import { chooseEngine, type Engine, startEngine } from '../../local/dynamodb/engine.ts';
import { createTable } from '../../local/dynamodb/tables.ts';
import type { Pool } from '../../local/lambda/pool.ts';
import { attemptOf, type Delivery, deliver } from '../../local/lambda/streams/deliver.ts';
import { recordFilter } from '../../local/lambda/streams/filter.ts';
import { streamMappings } from '../../local/lambda/streams/mapping.ts';
import { startPoller } from '../../local/lambda/streams/poller.ts';
import { EngineRecord, type StreamRecord, streamRecord } from '../../local/lambda/streams/records.ts';
import { openState, type StateFolder } from '../../local/storage/state.ts';
import { resource, stack, zoneOf } from './stacks.ts';

const record = (sequence: number, createdAt = 1_000): StreamRecord => ({
  eventID: String(sequence),
  eventName: 'INSERT',
  eventVersion: '1.1',
  eventSource: 'aws:dynamodb',
  awsRegion: 'us-east-1',
  eventSourceARN: 'arn',
  dynamodb: {
    Keys: {},
    SequenceNumber: String(sequence),
    SizeBytes: 1,
    StreamViewType: 'NEW_AND_OLD_IMAGES',
    ApproximateCreationDateTime: createdAt,
  },
});

/** Delivers records 1 to `count` to a function that fails each batch that holds one of `failing`. */
const run = async (count: number, failing: readonly number[], partial: boolean, mapping = {}) => {
  const calls: string[] = [];
  const settled: string[] = [];
  const discarded: string[] = [];
  const pauses: number[] = [];
  const delivery: Delivery = {
    mapping: { bisect: false, retries: 2, maximumAgeMs: Number.POSITIVE_INFINITY, ...mapping },
    async attempt(records) {
      const numbers = records.map(({ dynamodb }) => Number(dynamodb.SequenceNumber));
      calls.push(numbers.join());
      const bad = numbers.findIndex((each) => failing.includes(each));
      if (bad < 0) return { done: records.length, failed: false };
      return { done: partial ? bad : 0, failed: true };
    },
    checkpoint: async (sequence) => void settled.push(sequence),
    discarded: (records) => void discarded.push(...records.map(({ dynamodb }) => dynamodb.SequenceNumber)),
    pause: async (ms) => void pauses.push(ms),
    now: () => 2_000_000,
    stopped: () => false,
  };
  await deliver(
    delivery,
    Array.from({ length: count }, (_, at) => record(at + 1, at === 0 ? 1_500 : 1_900)),
  );
  return { calls, settled, discarded, pauses };
};

test('an acknowledged batch is settled at its last record', async () => {
  expect(await run(3, [], true)).toEqual({ calls: ['1,2,3'], settled: ['3'], discarded: [], pauses: [] });
});

test('after a partial failure only the failed record and what follows is sent again', async () => {
  const { calls, settled, discarded } = await run(4, [3], true);
  expect(calls).toEqual(['1,2,3,4', '3,4', '3,4']);
  expect(settled).toEqual(['2', '4']);
  expect(discarded).toEqual(['3', '4']);
});

test('bisecting isolates the record that fails, and every other is delivered once it is given up', async () => {
  const { discarded, settled, pauses } = await run(8, [6], false, { bisect: true });
  expect(discarded).toEqual(['6']);
  expect(settled.at(-1)).toBe('8');
  expect(settled.map(Number)).toEqual([...settled].map(Number).sort((a, b) => a - b));
  expect(pauses).toEqual([100, 200]);
});

test('records beyond the mapping’s age are given up without being sent', async () => {
  const { calls, discarded } = await run(2, [], true, { maximumAgeMs: 200_000 });
  expect({ calls, discarded }).toEqual({ calls: ['2'], discarded: ['1'] });
});

test.each([
  ['no failures', { batchItemFailures: [] }, { done: 2, failed: false }],
  ['nothing', null, { done: 2, failed: false }],
  ['the second', { batchItemFailures: [{ itemIdentifier: '2' }] }, { done: 1, failed: true }],
  [
    'both, out of order',
    { batchItemFailures: [{ itemIdentifier: '2' }, { itemIdentifier: '1' }] },
    { done: 0, failed: true },
  ],
  ['a record that is not there', { batchItemFailures: [{ itemIdentifier: '9' }] }, { done: 0, failed: true }],
  ['an empty identifier', { batchItemFailures: [{ itemIdentifier: '' }] }, { done: 0, failed: true }],
  ['nonsense', { batchItemFailures: 'all' }, { done: 0, failed: true }],
])('a function that reports %s is understood as AWS does', (_, payload, attempt) => {
  expect(attemptOf(payload, [record(1), record(2)], true)).toEqual(attempt);
});

test('a setting that is not run locally is refused', () => {
  const properties = {
    EventSourceArn: 'arn:aws:dynamodb:us-east-1:0:table/t/stream/x',
    FunctionName: 'f',
    StartingPosition: 'TRIM_HORIZON',
  };
  const zone = (more: object) =>
    zoneOf(stack('s', { M: resource('AWS::Lambda::EventSourceMapping', { ...properties, ...more }) }));
  expect(streamMappings(deploy(zone({}), {}))).toHaveLength(1);
  expect(() => streamMappings(deploy(zone({ FilterCriteria: {} }), {}))).toThrow(/M .*FilterCriteria/);
});

test('records have the names of AWS, not those of the engine', () => {
  const dynamodb = {
    Keys: { pk: { S: 'a' } },
    NewImage: { m: {}, n: { M: { x: { L: [{}] } } } },
    SequenceNumber: '1',
    StreamViewType: 'V',
  };
  const engineRecord = {
    eventName: 'INSERT',
    awsRegion: 'engine',
    eventID: '1',
    dynamodb: { ...dynamodb, ApproximateCreationDateTime: 1 },
  };
  const arn = 'arn:aws:dynamodb:eu-west-1:0:table/t/stream/x';
  const made = streamRecord(v.parse(EngineRecord, engineRecord), arn, 'shard');
  expect(made).toMatchObject({
    eventSource: 'aws:dynamodb',
    awsRegion: 'eu-west-1',
    eventSourceARN: arn,
    eventName: 'INSERT',
  });
  expect(made.dynamodb.NewImage).toEqual({ m: { M: {} }, n: { M: { x: { L: [{ M: {} }] } } } });
});

const key = (name: string, KeyType: string) => ({ AttributeName: name, KeyType });
const table = (sort: string) =>
  deploy(
    zoneOf(
      stack('data', {
        T: resource('AWS::DynamoDB::GlobalTable', {
          TableName: 'things',
          KeySchema: [key('pk', 'HASH'), key(sort, 'RANGE')],
          AttributeDefinitions: ['pk', sort].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
          StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
        }),
      }),
    ),
    {},
  ).of('AWS::DynamoDB::GlobalTable');

let state: StateFolder;
let engine: Engine;
beforeAll(async () => {
  state = await openState(mkdtempSync(join(tmpdir(), 'strongroom-streams-')));
  engine = await startEngine('us', 'us-east-1', state, chooseEngine());
});
afterAll(() => engine.stop());

test('a table is made once, and one with other keys is refused', async () => {
  const [things] = table('sk');
  const [others] = table('other');
  if (things === undefined || others === undefined) throw new Error('no table');
  expect(await createTable(engine.client, things)).toBe(true);
  expect(await createTable(engine.client, things)).toBe(false);
  await expect(createTable(engine.client, others)).rejects.toThrow(
    /things has other keys[\s\S]*Delete the state folder/,
  );
});

test('every write reaches the function once acknowledged, and a restart goes on where it was', async () => {
  const put = (sk: string) =>
    engine.client.call('DynamoDB_20120810.PutItem', { TableName: 'things', Item: { pk: { S: 'a' }, sk: { S: sk } } });
  const text = (sk: string) => JSON.stringify({ S: sk });
  const seen: string[] = [];
  let failures = 1;
  const pool: Pool = {
    name: 'relay',
    arn: 'relay',
    async invoke(event) {
      if (failures-- > 0) return { kind: 'crashed', how: 'killed' };
      const { Records } = event as { Records: StreamRecord[] };
      for (const { dynamodb, awsRegion, eventSourceARN } of Records) {
        expect({ awsRegion, eventSourceARN }).toEqual({ awsRegion: 'us-east-1', eventSourceARN: mapping.streamArn });
        seen.push(JSON.stringify(dynamodb.NewImage?.sk));
      }
      return { kind: 'returned', payload: { batchItemFailures: [] } };
    },
    warm: () => {},
    size: () => 0,
    stop: async () => {},
  };
  const mapping = {
    id: 'm',
    streamArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/things/stream/x',
    table: 'things',
    functionName: 'relay',
    batchRecords: 2,
    bisect: false,
    retries: 3,
    maximumAgeMs: Number.POSITIVE_INFINITY,
    reportsFailures: true,
  };
  const poll = () => startPoller({ mapping, engine: engine.client, pool, state, warn: (text) => console.error(text) });
  for (const sk of ['1', '2', '3']) await put(sk);
  const first = poll();
  await expect.poll(() => seen).toEqual(['1', '2', '3'].map(text));
  await first.stop();
  await put('4');
  const second = poll();
  await expect.poll(() => seen).toEqual(['1', '2', '3', '4'].map(text));
  await second.stop();
  await put('5');
  await put('6');
  // Skipped for good: the next poller begins behind the skipped records.
  let passedOver: string | undefined;
  const wants = (record: unknown): boolean => {
    const { dynamodb } = record as StreamRecord;
    if (JSON.stringify(dynamodb.NewImage?.sk) !== text('6')) return true;
    passedOver = dynamodb.SequenceNumber;
    return false;
  };
  const Checkpoints = v.object({ settled: v.record(v.string(), v.string()) });
  const settled = async () => Object.values((await state.read('checkpoint-m.json', Checkpoints))?.settled ?? {});
  const third = startPoller({
    mapping: { ...mapping, isWanted: wants },
    engine: engine.client,
    pool,
    state,
    warn: (text) => console.error(text),
  });
  await expect.poll(() => seen).toEqual(['1', '2', '3', '4', '5'].map(text));
  await expect.poll(async () => passedOver !== undefined && (await settled()).includes(passedOver)).toBe(true);
  await third.stop();
  await put('7');
  const fourth = poll();
  await expect.poll(() => seen).toContain(text('7'));
  await fourth.stop();
  expect(seen).not.toContain(text('6'));
});

describe('event filters', () => {
  const filtered = (pattern: unknown) => recordFilter({ Filters: [{ Pattern: JSON.stringify(pattern) }] }, 'a mapping');
  const recordOf = (fact: object | undefined) => ({
    eventName: 'INSERT',
    dynamodb: { NewImage: { ...(fact && { fact }) } },
  });

  test.each([
    [
      'a field that is there',
      { dynamodb: { NewImage: { fact: { M: { id: { S: [{ exists: true }] } } } } } },
      [true, false],
    ],
    [
      'a field that is not',
      { dynamodb: { NewImage: { fact: { M: { id: { S: [{ exists: false }] } } } } } },
      [false, true],
    ],
    ['one of some values', { eventName: ['MODIFY', 'INSERT'] }, [true, true]],
    ['another value', { eventName: ['REMOVE'] }, [false, false]],
    [
      'all of some fields',
      { eventName: ['INSERT'], dynamodb: { NewImage: { fact: { M: { id: { S: ['f'] } } } } } },
      [true, false],
    ],
  ])('%s', (_, pattern, lets) => {
    const records = [recordOf({ M: { id: { S: 'f' } } }), recordOf(undefined)];
    expect(records.map(filtered(pattern))).toEqual(lets);
  });

  test.each([
    ['a rule that is not run here', { eventName: [{ prefix: 'IN' }] }],
    ['a list of no rules', { eventName: [] }],
    ['a value without a list', { eventName: 'INSERT' }],
  ])('%s is refused', (_, pattern) => {
    expect(() => filtered(pattern)).toThrow(/is not run locally/);
  });
});
