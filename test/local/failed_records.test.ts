import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type FailedBatch, storeFailedBatch } from '../../local/lambda/streams/failed_records.ts';
import type { StreamRecord } from '../../local/lambda/streams/records.ts';
import { openState } from '../../local/storage/state.ts';

const streamArn = 'arn:aws:dynamodb:us-east-1:000000000000:table/payments/stream/x';
const record = (sequence: string): StreamRecord => ({
  eventID: sequence,
  eventName: 'INSERT',
  eventVersion: '1.1',
  eventSource: 'aws:dynamodb',
  awsRegion: 'us-east-1',
  eventSourceARN: streamArn,
  dynamodb: {
    Keys: { pk: { S: sequence } },
    SequenceNumber: sequence,
    SizeBytes: 1,
    StreamViewType: 'NEW_AND_OLD_IMAGES',
    ApproximateCreationDateTime: 1,
  },
});
const discarded: FailedBatch = {
  mapping: { id: 'm', streamArn },
  functionArn: 'arn:f',
  shard: 'shard-1',
  records: [record('1'), record('2')],
  reason: 'RetryAttemptsExhausted',
  invocations: 3,
  threw: true,
  atMs: Date.UTC(2026, 0, 2, 3, 4, 5),
};

test('records that were given up are stored whole, where and as Lambda stores them', async () => {
  const state = await openState(mkdtempSync(join(tmpdir(), 'strongroom-failed-')));
  const name = await storeFailedBatch(discarded, 'us', state);
  expect(name).toMatch(/^failed-us\/aws\/lambda\/m\/shard-1\/2026\/01\/02\/2026-01-02T03\.04\.05-[\w-]{36}$/);
  const invocation = JSON.parse(readFileSync(state.file(name), 'utf8'));
  expect(invocation).toMatchObject({
    requestContext: { functionArn: 'arn:f', condition: 'RetryAttemptsExhausted', approximateInvokeCount: 3 },
    responseContext: { functionError: 'Unhandled' },
    version: '1.0',
    DDBStreamBatchInfo: {
      shardId: 'shard-1',
      startSequenceNumber: '1',
      endSequenceNumber: '2',
      batchSize: 2,
      streamArn,
    },
  });
  expect(JSON.parse(invocation.payload).Records).toEqual(discarded.records);
});

test('records that were too old before the first invocation have no response', async () => {
  const state = await openState(mkdtempSync(join(tmpdir(), 'strongroom-failed-')));
  const old = { ...discarded, reason: 'RecordAgeExceeded', invocations: 0 } as const;
  const invocation = JSON.parse(readFileSync(state.file(await storeFailedBatch(old, 'us', state)), 'utf8'));
  expect(invocation.requestContext).toMatchObject({ condition: 'RecordAgeExceeded', approximateInvokeCount: 0 });
  expect(invocation.responseContext).toBeUndefined();
});
