// SQS as a real client of it sees it.

import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  type Message,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SendMessageCommandInput,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bodies, definition, openPlace, type Place, queueArn } from './sqs_endpoint.ts';

let place: Place;
beforeEach(async () => {
  place = await openPlace([
    definition('jobs', { redrive: { to: 'dead', receives: 2 } }),
    definition('dead'),
    definition('sealed', { keyArn: 'arn:k', redrive: { to: 'dead', receives: 1 } }),
    definition('waits', { waitMs: 2_000 }),
  ]);
});
afterEach(() => place.stop());

const QueueUrl = (name = 'jobs'): string => place.url(name);
const send = (MessageBody: string, more: Partial<SendMessageCommandInput> = {}) =>
  place.client.send(new SendMessageCommand({ QueueUrl: QueueUrl(), MessageBody, ...more }));
const receive = async (more: Partial<ReceiveMessageCommandInput> = {}): Promise<Message[]> => {
  const asked = {
    QueueUrl: QueueUrl(),
    MaxNumberOfMessages: 10,
    MessageSystemAttributeNames: ['All' as const],
    ...more,
  };
  return (await place.client.send(new ReceiveMessageCommand(asked))).Messages ?? [];
};
const remove = ({ ReceiptHandle }: Message, name = 'jobs') =>
  place.client.send(new DeleteMessageCommand({ QueueUrl: QueueUrl(name), ReceiptHandle }));
const change = ({ ReceiptHandle }: Message, VisibilityTimeout: number) =>
  place.client.send(new ChangeMessageVisibilityCommand({ QueueUrl: QueueUrl(), ReceiptHandle, VisibilityTimeout }));
const counts = async (name = 'jobs'): Promise<(string | undefined)[]> => {
  const asked = new GetQueueAttributesCommand({ QueueUrl: QueueUrl(name), AttributeNames: ['All'] });
  const { Attributes } = await place.client.send(asked);
  return (['', 'NotVisible', 'Delayed'] as const).map((kind) => Attributes?.[`ApproximateNumberOfMessages${kind}`]);
};
/** The only one. */
const one = async (more: Partial<ReceiveMessageCommandInput> = {}): Promise<Message> => {
  const [message, ...rest] = await receive(more);
  if (message === undefined || rest.length > 0) throw new Error('not one message');
  return message;
};

test('a message comes back as it was sent, with what SQS knows of it, and is gone once deleted', async () => {
  const text = 'Grüße, 支払い 💶\n"{}"';
  const sent = await send(text, { MessageGroupId: 'tenant' });
  const message = await one();
  expect(message).toMatchObject({ MessageId: sent.MessageId, Body: text, MD5OfBody: sent.MD5OfMessageBody });
  expect(message.Attributes).toMatchObject({ ApproximateReceiveCount: '1', MessageGroupId: 'tenant' });
  expect(Math.abs(Number(message.Attributes?.SentTimestamp) - Date.now())).toBeLessThan(10_000);
  await remove(message);
  place.advance(3_600_000);
  expect(await receive()).toEqual([]);
  expect(await counts()).toEqual(['0', '0', '0']);
});

test('of a batch what is wrong fails by itself, and the rest is sent', async () => {
  const Entries = [
    { Id: 'a', MessageBody: 'one' },
    { Id: 'b', MessageBody: 'two', DelaySeconds: 901 },
    { Id: 'c', MessageBody: 'three', MessageGroupId: 'with space' },
    { Id: 'd', MessageBody: 'bell\u0007' },
    { Id: 'e', MessageBody: 'five', DelaySeconds: 900 },
  ];
  const { Successful, Failed } = await place.client.send(
    new SendMessageBatchCommand({ QueueUrl: QueueUrl(), Entries }),
  );
  expect(Successful?.map(({ Id }) => Id)).toEqual(['a', 'e']);
  expect(Failed?.map(({ Id, Code, SenderFault }) => [Id, Code, SenderFault])).toEqual([
    ['b', 'InvalidParameterValue', true],
    ['c', 'InvalidParameterValue', true],
    ['d', 'InvalidMessageContents', true],
  ]);
  expect(await counts()).toEqual(['1', '0', '1']);
});

test('a delayed message is not there before its time, and is there at it', async () => {
  await send('later', { DelaySeconds: 900 });
  place.advance(898_000);
  expect(await receive()).toEqual([]);
  place.advance(2_000);
  expect(bodies(await receive())).toEqual(['later']);
});

test('what is not deleted comes back after the visibility timeout, and its old receipt deletes nothing', async () => {
  await send('again');
  const first = await one();
  expect(await receive()).toEqual([]);
  expect(await counts()).toEqual(['0', '1', '0']);
  place.advance(30_000);
  const second = await one();
  expect(second.MessageId).toBe(first.MessageId);
  expect(second.Attributes?.ApproximateReceiveCount).toBe('2');
  await remove(first);
  expect(await counts()).toEqual(['0', '1', '0']);
  await remove(second);
  expect(await counts()).toEqual(['0', '0', '0']);
});

test('a receipt is valid after its time until the message is received again', async () => {
  await send('slow');
  const message = await one({ VisibilityTimeout: 1 });
  place.advance(60_000);
  expect(await counts()).toEqual(['1', '0', '0']);
  await remove(message);
  expect(await counts()).toEqual(['0', '0', '0']);
});

test('the holder of a message may keep it longer, or give it back', async () => {
  await send('held');
  const message = await one();
  await change(message, 120);
  place.advance(60_000);
  expect(await receive()).toEqual([]);
  await change(message, 0);
  const again = await one();
  expect(again.MessageId).toBe(message.MessageId);
  await expect(change(message, 10)).rejects.toMatchObject({ name: 'MessageNotInflight' });
  await remove(again);
  await expect(change(again, 10)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
});

test('one call gives a message once, even if it keeps none', async () => {
  await send('twice?');
  expect(bodies(await receive({ VisibilityTimeout: 0 }))).toEqual(['twice?']);
  expect(bodies(await receive({ VisibilityTimeout: 0 }))).toEqual(['twice?']);
});

test('[WHK-2] a message that fails too often is in the dead-letter queue, and names the queue that it came from', async () => {
  const { MessageId } = await send('failing', { MessageGroupId: 'tenant' });
  for (let time = 0; time < 2; time += 1) {
    expect(bodies(await receive())).toEqual(['failing']);
    place.advance(30_000);
  }
  expect(await receive()).toEqual([]);
  expect([await counts(), await counts('dead')]).toEqual([
    ['0', '0', '0'],
    ['1', '0', '0'],
  ]);
  const dead = await one({ QueueUrl: QueueUrl('dead') });
  expect(dead).toMatchObject({ MessageId, Body: 'failing' });
  expect(dead.Attributes).toMatchObject({ DeadLetterQueueSourceArn: queueArn('jobs'), MessageGroupId: 'tenant' });
});

test('a message stays for the retention period of its queue, counted from its first sending', async () => {
  await send('old');
  place.advance(4 * 24 * 3_600_000 - 60_000);
  await send('young');
  place.advance(60_000);
  expect(await counts()).toEqual(['1', '0', '0']);
  expect(bodies(await receive())).toEqual(['young']);
});

test('a waiting receive gets a message as soon as it is sent, and nothing when the time is over', async () => {
  const began = Date.now();
  const waiting = receive({ WaitTimeSeconds: 20 });
  await send('arrives');
  expect(bodies(await waiting)).toEqual(['arrives']);
  expect(Date.now() - began).toBeLessThan(15_000);
  const empty = Date.now();
  expect(await receive({ QueueUrl: QueueUrl('waits') })).toEqual([]);
  expect(Date.now() - empty).toBeGreaterThanOrEqual(1_900);
});

test('a waiting receive gets a message when its delay ends', async () => {
  await send('soon', { DelaySeconds: 1 });
  expect(bodies(await receive({ WaitTimeSeconds: 20 }))).toEqual(['soon']);
});

const entries = (count: number, Id = (at: number) => `e${at}`) =>
  Array.from({ length: count }, (_, at) => ({ Id: Id(at), MessageBody: 'x' }));

test.each([
  ['QueueDoesNotExist', () => send('x', { QueueUrl: QueueUrl('nothing') })],
  ['QueueDoesNotExist', () => send('x', { QueueUrl: QueueUrl().replace('000000000000', '111111111111') })],
  ['QueueDoesNotExist', () => send('x', { QueueUrl: 'jobs' })],
  ['InvalidParameterValue', () => send('x', { DelaySeconds: 901 })],
  ['InvalidParameterValue', () => send('x', { DelaySeconds: -1 })],
  ['InvalidParameterValue', () => send('x', { DelaySeconds: 1.5 })],
  ['InvalidParameterValue', () => send('x', { MessageGroupId: 'g'.repeat(129) })],
  ['InvalidParameterValue', () => send('x', { MessageGroupId: '' })],
  ['InvalidParameterValue', () => send('x', { MessageDeduplicationId: 'd' })],
  ['InvalidParameterValue', () => send('x', { MessageAttributes: { a: { DataType: 'String', StringValue: 'b' } } })],
  ['InvalidParameterValue', () => send('é'.repeat(512 * 1024 + 1))],
  ['MissingParameter', () => send('')],
  ['InvalidMessageContents', () => send('\u0000')],
  ['InvalidParameterValue', () => receive({ MaxNumberOfMessages: 11 })],
  ['InvalidParameterValue', () => receive({ MaxNumberOfMessages: 0 })],
  ['InvalidParameterValue', () => receive({ VisibilityTimeout: 43_201 })],
  ['InvalidParameterValue', () => receive({ WaitTimeSeconds: 21 })],
  ['ReceiptHandleIsInvalid', () => remove({ ReceiptHandle: 'nonsense' })],
  ['EmptyBatchRequest', () => batch([])],
  ['TooManyEntriesInBatchRequest', () => batch(entries(11))],
  ['BatchEntryIdsNotDistinct', () => batch(entries(2, () => 'same'))],
  ['InvalidBatchEntryId', () => batch(entries(1, () => 'no spaces'))],
  ['BatchRequestTooLong', () => batch(entries(2).map((entry) => ({ ...entry, MessageBody: 'x'.repeat(524_289) })))],
  ['UnsupportedOperation', () => place.client.send(new ListQueuesCommand({}))],
])('%s is what SQS calls it, and nothing is sent (%#)', async (name, ask) => {
  await expect(ask()).rejects.toMatchObject({ name });
  expect(await counts()).toEqual(['0', '0', '0']);
});

const batch = (Entries: { Id: string; MessageBody: string }[]) =>
  place.client.send(new SendMessageBatchCommand({ QueueUrl: QueueUrl(), Entries }));

test('a message may be as long as 1 MiB', async () => {
  const text = 'x'.repeat(1024 * 1024);
  await send(text);
  expect((await one()).Body === text).toBe(true);
});

test('a receipt of another queue deletes nothing', async () => {
  await send('mine');
  const message = await one();
  await expect(remove(message, 'dead')).rejects.toMatchObject({ name: 'ReceiptHandleIsInvalid' });
  const Entries = [
    { Id: 'good', ReceiptHandle: message.ReceiptHandle },
    { Id: 'bad', ReceiptHandle: 'nonsense' },
  ];
  const outcome = await place.client.send(new DeleteMessageBatchCommand({ QueueUrl: QueueUrl(), Entries }));
  expect([outcome.Successful?.map(({ Id }) => Id), outcome.Failed?.map(({ Id }) => Id)]).toEqual([['good'], ['bad']]);
  expect(await counts()).toEqual(['0', '0', '0']);
});

test('a queue returns its attributes, and only those that are asked for', async () => {
  const ask = async (...AttributeNames: ('All' | 'QueueArn')[]) =>
    (await place.client.send(new GetQueueAttributesCommand({ QueueUrl: QueueUrl(), AttributeNames }))).Attributes;
  expect(await ask('All')).toMatchObject({
    QueueArn: queueArn('jobs'),
    VisibilityTimeout: '30',
    MessageRetentionPeriod: '345600',
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: queueArn('dead'), maxReceiveCount: 2 }),
  });
  expect(await ask('QueueArn')).toEqual({ QueueArn: queueArn('jobs') });
});

test('who receives a dead-lettered message needs the key under which it was sealed', async () => {
  await receive({ QueueUrl: QueueUrl('dead') });
  const [, opened] = place.asked;
  expect(opened).toMatchObject({ action: 'kms:Decrypt', resource: 'arn:k' });
  expect(opened?.conditionKeys['kms:EncryptionContext:aws:sqs:arn']).toEqual([queueArn('sealed')]);
});

test('each call asks for its action on its queue; sending and receiving ask for the key, through SQS', async () => {
  await batch(entries(2));
  const sealed = { QueueUrl: QueueUrl('sealed') };
  await send('x', sealed);
  const message = await one(sealed);
  await remove(message, 'sealed');
  const key = { 'kms:ViaService': ['sqs.us-east-1.amazonaws.com'] };
  expect(
    place.asked.map(({ action, resource, conditionKeys }) => [action, resource, conditionKeys['kms:ViaService']]),
  ).toEqual([
    ['sqs:SendMessage', queueArn('jobs'), undefined],
    ['sqs:SendMessage', queueArn('sealed'), undefined],
    ['kms:GenerateDataKey', 'arn:k', key['kms:ViaService']],
    ['kms:Decrypt', 'arn:k', key['kms:ViaService']],
    ['sqs:ReceiveMessage', queueArn('sealed'), undefined],
    ['kms:Decrypt', 'arn:k', key['kms:ViaService']],
    ['sqs:DeleteMessage', queueArn('sealed'), undefined],
  ]);
  expect(place.asked[2]?.conditionKeys['kms:EncryptionContext:aws:sqs:arn']).toEqual([queueArn('sealed')]);
});
