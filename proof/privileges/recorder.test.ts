// The recorder of tests without a cloud: each shape of call once, under the names of their environment, and nothing of what
// calls carry.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AwsCall } from '../../test/kit/aws/answered.ts';
import { keyArn } from '../../test/kit/aws/environment.ts';
import { createRecorder, NamedAccess } from './recorder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strongroom-recorder-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function recordedOf(...calls: AwsCall[]): NamedAccess[] {
  const file = join(folder, 'calls.jsonl');
  const recorder = createRecorder(file);
  for (const call of calls) recorder.record('money', call);
  recorder.close();
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => v.parse(NamedAccess, JSON.parse(line)));
}

const put = (id: string, more: object = {}): AwsCall => ({
  service: 'dynamodb',
  operation: 'PutItem',
  input: { TableName: 'payments', Item: { pk: { S: id }, sk: { S: 'payment' }, ...more } },
});
const table = (name: string): string => `arn:aws:dynamodb:us-east-1:000000000000:table/${name}`;

describe('the recorder', () => {
  it('writes calls that differ in values alone once, and no value of an item', () => {
    const found = recordedOf(put('pay_us_a'), put('pay_us_b'));
    expect(found).toEqual([
      {
        function: 'money',
        action: 'dynamodb:PutItem',
        resource: table('payments'),
        keys: { 'dynamodb:Attributes': ['pk', 'sk'], 'dynamodb:LeadingKeys': ['pay_*'] },
      },
    ]);
  });

  it('tells data keys of different purposes apart, and of nothing else whose it is', () => {
    const [own, other] = [put('ten_1#tenant'), put('ten_2#secrets')];
    const found = recordedOf(own, put('ten_2#tenant'), other);
    expect(found.map(({ keys }) => keys['dynamodb:LeadingKeys'])).toEqual([['*#tenant'], ['*#secrets']]);
  });

  it('tells calls apart that name other attributes', () => {
    const found = recordedOf(put('pay_us_a'), put('pay_us_a', { status: { S: 'captured' } }));
    expect(found.map(({ keys }) => keys['dynamodb:Attributes'])).toEqual([
      ['pk', 'sk'],
      ['pk', 'sk', 'status'],
    ]);
  });

  it('takes a transaction and a batch apart, by table', () => {
    const Key = { pk: { S: 'a' }, sk: { S: 'b' } };
    const found = recordedOf(
      {
        service: 'dynamodb',
        operation: 'TransactWriteItems',
        input: { TransactItems: [{ Put: put('a').input }, { ConditionCheck: { TableName: 'tenants', Key } }] },
      },
      {
        service: 'dynamodb',
        operation: 'BatchWriteItem',
        input: { RequestItems: { events: [{ PutRequest: { Item: Key } }], webhooks: [{ DeleteRequest: { Key } }] } },
      },
      {
        service: 'dynamodb',
        operation: 'BatchExecuteStatement',
        input: {
          Statements: ['events', 'audit'].map((into) => ({
            Statement: `INSERT INTO "${into}" VALUE {'pk':?,'sk':?}`,
            Parameters: [{ S: 'a' }, { S: 'b' }],
          })),
        },
      },
    );
    expect(found.map(({ action, resource }) => `${action} ${resource}`)).toEqual([
      `dynamodb:PutItem ${table('payments')}`,
      `dynamodb:ConditionCheckItem ${table('tenants')}`,
      `dynamodb:BatchWriteItem ${table('events')}`,
      `dynamodb:BatchWriteItem ${table('webhooks')}`,
      `dynamodb:PartiQLInsert ${table('events')}`,
      `dynamodb:PartiQLInsert ${table('audit')}`,
    ]);
  });

  it('knows keys by their ARN and contexts by their names alone', () => {
    const EncryptionContext = { tenant: 'ten_us_a', zone: 'us' };
    const found = recordedOf({
      service: 'kms',
      operation: 'Decrypt',
      input: { KeyId: keyArn('tenant'), CiphertextBlob: new Uint8Array(8), EncryptionContext },
    });
    expect(found).toEqual([
      {
        function: 'money',
        action: 'kms:Decrypt',
        resource: keyArn('tenant'),
        keys: { 'kms:EncryptionContextKeys': ['tenant', 'zone'] },
      },
    ]);
  });

  it('refuses what it cannot name', () => {
    expect(() => recordedOf({ service: 'kms', operation: 'Decrypt', input: {} })).toThrow(/names no key/);
    const unknown = { service: 'dynamodb', operation: 'ExecuteStatement', input: {} } as const;
    expect(() => recordedOf(unknown)).toThrow(/ExecuteStatement/);
  });

  it('a hundred thousand calls of one shape cost next to nothing', () => {
    const recorder = createRecorder(join(folder, 'many.jsonl'));
    const more = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`attribute_${at}`, { S: 'x' }]));
    const call = put('pay_us_a', more);
    const before = process.cpuUsage();
    for (let calls = 0; calls < 100_000; calls += 1) recorder.record('money', call);
    // Of the processor, not of the clock: others run beside it.
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(3_000);
    recorder.close();
  });
});
