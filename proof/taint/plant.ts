// Leaks, planted through the very channels that a leak would take: whoever writes down a value that he should not have
// written would write it so.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import type { Engine } from '../../local/dynamodb/engine.ts';
import { createEventBridge } from '../../local/eventbridge/event_bridge.ts';
import { openFunctionLog } from '../../local/lambda/log.ts';
import { storeFailedBatch } from '../../local/lambda/streams/failed_records.ts';
import type { StreamRecord } from '../../local/lambda/streams/records.ts';
import { openQueues } from '../../local/sqs/store.ts';
import { openLines } from '../../local/storage/lines.ts';
import type { StateFolder } from '../../local/storage/state.ts';
import { account, queueUrl, region } from '../../test/kit/aws/environment.ts';
import { queueDefinitions } from '../../test/kit/aws/queues.ts';

interface Ground {
  readonly state: StateFolder;
  readonly engine: Engine;
}

type Plant = (ground: Ground, value: string) => Promise<unknown>;

/** A function's own process, with its own output, as Lambda reads it. */
const printing =
  (what: string): Plant =>
  async ({ state }, value) => {
    const platform = new URL('../../lambdas/kernel/platform/', import.meta.url);
    const code = `
      import { functionLog } from '${platform}log.ts';
      import { functionMeter } from '${platform}meter.ts';
      const value = process.env.VALUE;
      const { log } = functionLog({ service: 'strongroom', level: 'INFO', sampleRate: 0 });
      ${what};`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', code], { env: { VALUE: value } });
    const log = openFunctionLog(state.file('logs/us-money.log'), 'us money', undefined);
    log.follow(child);
    await once(child, 'close');
    log.close();
  };

const item =
  (table: string, content: (value: string) => object): Plant =>
  ({ engine }, value) =>
    engine.client.call('DynamoDB_20120810.PutItem', {
      TableName: `strongroom-development-us-${table}`,
      Item: { pk: { S: 'planted' }, sk: { S: table }, ...content(value) },
    });

const bus = 'arn:aws:events:us-east-1:000000000000:event-bus/planted';

const event: Plant = async ({ state }, value) => {
  const lines = openLines(state.file('bus-us.jsonl'));
  const events = createEventBridge({ account, buses: [bus], keep: (line) => lines.append(line) });
  const Detail = JSON.stringify({ email: value });
  const input = { Entries: [{ EventBusName: bus, Source: 'strongroom', DetailType: 'payment.created', Detail }] };
  await events.answer({ operation: 'PutEvents', target: '', region, headers: {}, body: Buffer.alloc(0), input });
  await lines.close();
};

const message: Plant = async ({ state }, value) => {
  const failed = (thrown: unknown): never => {
    throw thrown;
  };
  const store = await openQueues({ path: state.file('queues-us.journal'), definitions: queueDefinitions, failed });
  await store.call('SendMessage', { QueueUrl: queueUrl('deliveries'), MessageBody: JSON.stringify({ to: value }) });
  await store.close();
};

const object: Plant = ({ state }, value) => {
  const record: StreamRecord = {
    eventID: '1',
    eventName: 'INSERT',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    eventSourceARN: 'arn',
    awsRegion: region,
    dynamodb: {
      Keys: {},
      NewImage: { name: { S: value } },
      SequenceNumber: '1',
      SizeBytes: 1,
      StreamViewType: 'NEW_IMAGE',
      ApproximateCreationDateTime: 0,
    },
  };
  const mapping = { id: 'planted', streamArn: 'arn' };
  const why = { reason: 'RetryAttemptsExhausted', invocations: 1, threw: true, atMs: 0 } as const;
  return storeFailedBatch({ mapping, functionArn: 'arn', shard: 'shard', records: [record], ...why }, 'us', state);
};

/** By the place in which each must be found. */
export const plants: Readonly<Record<string, Plant>> = {
  'log us-money': printing("log('relay_failed', { defect: 'cannot reach ' + value })"),
  'metric us-money': printing("functionMeter()(value, 'money', { durationMs: 1, fault: false })"),
  'payments.description': item('payments', (value) => ({ description: { S: value } })),
  'events.data.metadata': item('events', (value) => ({ data: { M: { metadata: { M: { [value]: { S: '1' } } } } } })),
  'audit.address': item('audit', (value) => ({ address: { B: Buffer.from(value).toString('base64') } })),
  'webhooks.attempts': item('webhooks', (value) => ({ attempts: { L: [{ M: { response: { S: value } } }] } })),
  tenants: item('tenants', (value) => ({ [value]: { BOOL: true } })),
  'queue us': message,
  'bucket us': object,
  'bus us': event,
  ledger: async ({ state }, value) => appendFileSync(state.file('processor-ledger'), `${JSON.stringify(value)}\n`),
  'file core.1': async ({ state }, value) => appendFileSync(state.file('core.1'), Buffer.from(value, 'utf16le')),
};
