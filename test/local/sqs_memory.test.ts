// Queues in memory, as simulations have them: a real client, virtual time, no disk.

import {
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import { beforeEach, expect, test } from 'vitest';
import { queues } from '../../contract/capabilities.ts';
import { answeredClients } from '../kit/aws/answered.ts';
import { queueUrl } from '../kit/aws/environment.ts';
import { type MemoryAws, memoryAws } from '../kit/aws/memory.ts';
import { deadLetters, type ReceivedBatch, receiveBatch } from '../kit/aws/queues.ts';

const name = 'deliveries';
const QueueUrl = queueUrl(name);
const { visibilityMs, receives } = queues[name];

let nowMs: number;
let aws: MemoryAws;
let client: ReturnType<typeof answeredClients>['sqs'];
beforeEach(() => {
  nowMs = 0;
  aws = memoryAws({ now: () => nowMs, random: (bytes) => new Uint8Array(bytes) });
  client = answeredClients(async (call) => aws.answer(call)).sqs;
});

const recordsOf = (batch: ReceivedBatch | null) => (batch?.event as SQSEvent | undefined)?.Records ?? [];
const bodies = (batch: ReceivedBatch | null) => recordsOf(batch).map(({ body }) => body);

test('what a client sends is received as Lambda receives it, and only failed messages come back', async () => {
  const Entries = ['a', 'b'].map((Id) => ({ Id, MessageBody: Id, MessageGroupId: 'tenant' }));
  await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  const batch = receiveBatch(aws.queues, name, 10);
  expect(bodies(batch)).toEqual(['a', 'b']);
  const failed = recordsOf(batch)[1]?.messageId;
  batch?.settle({ batchItemFailures: [{ itemIdentifier: failed }] });
  expect(receiveBatch(aws.queues, name, 10)).toBeNull();
  expect(aws.queues.receivableAt(name)).toBe(visibilityMs);
  nowMs = visibilityMs;
  expect(bodies(receiveBatch(aws.queues, name, 10))).toEqual(['b']);
});

test('[WHK-2] a message that never succeeds is dead-lettered in the end', async () => {
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'failing' }));
  for (let time = 0; time < receives; time += 1, nowMs += visibilityMs) {
    expect(receiveBatch(aws.queues, name, 10)).not.toBeNull();
  }
  expect(receiveBatch(aws.queues, name, 10)).toBeNull();
  const dead = await client.send(new ReceiveMessageCommand({ QueueUrl: queueUrl(deadLetters(name)) }));
  expect(dead.Messages?.map(({ Body }) => Body)).toEqual(['failing']);
});

test.each(['constructor', 'toString', '__proto__', 'PurgeQueue'])('%s is no operation', (operation) => {
  const call = { service: 'sqs', operation, input: { QueueUrl } } as const;
  expect(() => aws.answer(call)).toThrow(expect.objectContaining({ name: 'UnsupportedOperation' }));
});

test('a refusal is of the SDK’s own class', async () => {
  const sent = client.send(new SendMessageCommand({ QueueUrl: queueUrl('nothing'), MessageBody: 'x' }));
  await expect(sent).rejects.toBeInstanceOf(QueueDoesNotExist);
});
