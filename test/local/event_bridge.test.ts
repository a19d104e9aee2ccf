import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventBridgeClient, ListRulesCommand, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Access } from '../../local/endpoint/access.ts';
import { createAwsEndpoint } from '../../local/endpoint/server.ts';
import { createEventBridge } from '../../local/eventbridge/event_bridge.ts';
import { listen } from '../../local/host/ports.ts';
import { createPrincipals } from '../../local/iam/principals.ts';
import { openLines } from '../../local/storage/lines.ts';

const account = '000000000000';
const bus = `arn:aws:events:us-east-1:${account}:event-bus/strongroom`;
const file = join(mkdtempSync(join(tmpdir(), 'strongroom-bus-')), 'bus.jsonl');
const lines = openLines(file);
const principals = createPrincipals();
const asked: Access[] = [];
const { server, open } = createAwsEndpoint({
  principals,
  authorize: (_, access) => void asked.push(access),
  warn: (text) => console.error(text),
});
let client: EventBridgeClient;

beforeAll(async () => {
  open('us-east-1', { events: createEventBridge({ account, buses: [bus], keep: lines.append }) });
  const endpoint = `http://127.0.0.1:${await listen(server, { what: 'the test' })}`;
  const credentials = principals.admit({ kind: 'deployer', arn: 'arn:d' });
  client = new EventBridgeClient({ endpoint, region: 'us-east-1', maxAttempts: 1, credentials });
});
afterAll(async () => {
  client.destroy();
  server.closeAllConnections();
  await lines.close();
});

const entry = (more: object = {}) => ({
  EventBusName: 'strongroom',
  Source: 'strongroom',
  DetailType: 'payment.created',
  Detail: '{"fact_id":"fct_1"}',
  Time: new Date(0),
  ...more,
});

test('accepted events are stored as EventBridge delivers them, and each refused entry has an error of its own', async () => {
  const Entries = [
    entry(),
    entry({ EventBusName: 'other' }),
    entry({ Detail: 'no json' }),
    entry({ Detail: JSON.stringify({ x: 'x'.repeat(256 * 1024) }) }),
    entry({ Source: '' }),
  ];
  const answer = await client.send(new PutEventsCommand({ Entries }));
  expect(answer.FailedEntryCount).toBe(4);
  expect(answer.Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
    undefined,
    'ResourceNotFoundException',
    'MalformedDetail',
    'InvalidArgument',
    'InvalidArgument',
  ]);
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    version: '0',
    id: answer.Entries?.[0]?.EventId,
    'detail-type': 'payment.created',
    source: 'strongroom',
    account,
    time: '1970-01-01T00:00:00Z',
    region: 'us-east-1',
    resources: [],
    detail: { fact_id: 'fct_1' },
  });
});

test('each bus, source and type is authorized once', async () => {
  asked.length = 0;
  await client.send(new PutEventsCommand({ Entries: [entry(), entry(), entry({ Source: 'aws.s3' })] }));
  expect(
    asked.map(({ action, resource, conditionKeys }) => [action, resource, conditionKeys['events:source']]),
  ).toEqual([
    ['events:PutEvents', bus, ['strongroom']],
    ['events:PutEvents', bus, ['aws.s3']],
  ]);
});

test('more than ten entries, and other operations, are refused', async () => {
  const many = new PutEventsCommand({ Entries: Array.from({ length: 11 }, () => entry()) });
  await expect(client.send(many)).rejects.toMatchObject({ name: 'ValidationException' });
  await expect(client.send(new ListRulesCommand({}))).rejects.toMatchObject({ name: 'UnknownOperationException' });
});
