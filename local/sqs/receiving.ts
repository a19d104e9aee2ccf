// ReceiveMessage, DeleteMessage and ChangeMessageVisibility, with their batches. A receipt older than the
// message's latest one deletes nothing and is no error, as in SQS.

import * as v from 'valibot';
import { AwsError } from '../endpoint/error.ts';
import { localLimits } from '../host/limits.ts';
import { type BatchResult, eachOf } from './batch.ts';
import { accountOf } from './definition.ts';
import { invalidValue, millisecondsOf, shaped } from './fault.ts';
import { type Message, md5Of, messageId, type Receipt, receiptHandle, receiptOf } from './message.ts';
import type { Queues } from './queues.ts';

const names = v.optional(v.array(v.string()), []);
const Receive = v.strictObject({
  QueueUrl: v.string(),
  MaxNumberOfMessages: v.optional(v.number(), 1),
  VisibilityTimeout: v.optional(v.number()),
  WaitTimeSeconds: v.optional(v.number()),
  MessageSystemAttributeNames: names,
  AttributeNames: names,
  MessageAttributeNames: names,
});
const receipt = { ReceiptHandle: v.string() };
const visibility = { ...receipt, VisibilityTimeout: v.number() };
const one = <Entries extends v.ObjectEntries>(entries: Entries) => v.strictObject({ QueueUrl: v.string(), ...entries });
const batch = <Entries extends v.ObjectEntries>(entries: Entries) =>
  one({ Entries: v.array(v.strictObject({ Id: v.string(), ...entries })) });
const Delete = one(receipt);
const DeleteBatch = batch(receipt);
const Change = one(visibility);
const ChangeBatch = batch(visibility);

/** Undefined where the request leaves it to the queue. */
export const waitMsOf = (input: unknown): number | undefined =>
  millisecondsOf(shaped(Receive, input).WaitTimeSeconds, 'WaitTimeSeconds', localLimits.messageWaitMs);

const attributesOf = (queues: Queues, name: string, message: Message): Record<string, string> => {
  const { group, sentAt, sentTo, receives, firstReceivedAt, trace } = message;
  const source = sentTo === name || !queues.has(sentTo) ? undefined : queues.definition(sentTo).arn;
  return {
    SenderId: accountOf(queues.definition(name)),
    SentTimestamp: String(sentAt),
    ApproximateReceiveCount: String(receives),
    ApproximateFirstReceiveTimestamp: String(firstReceivedAt),
    ...(group !== undefined && { MessageGroupId: group }),
    ...(trace !== undefined && { AWSTraceHeader: trace }),
    ...(source !== undefined && { DeadLetterQueueSourceArn: source }),
  };
};

export const receiveMessage = (queues: Queues, name: string, input: unknown): object => {
  const { MaxNumberOfMessages: most, ...asked } = shaped(Receive, input);
  if (!Number.isInteger(most) || most < 1 || most > localLimits.messagesPerCall)
    throw invalidValue('MaxNumberOfMessages', most, 'Must be between 1 and 10, if provided');
  if (queues.counts(name).inFlight >= localLimits.messagesInFlight)
    throw new AwsError('OverLimit', 'Too many messages of the queue are in flight.', 403);
  const visibilityMs = millisecondsOf(asked.VisibilityTimeout, 'VisibilityTimeout', localLimits.messageVisibilityMs);
  const wanted = new Set([...asked.MessageSystemAttributeNames, ...asked.AttributeNames]);
  const Messages = queues.receive(name, most, visibilityMs).map((message) => {
    const all = Object.entries(attributesOf(queues, name, message));
    const Attributes = wanted.has('All') ? all : all.filter(([attribute]) => wanted.has(attribute));
    return {
      MessageId: messageId(message),
      ReceiptHandle: receiptHandle(name, message),
      Body: message.body,
      MD5OfBody: md5Of(message.body),
      ...(Attributes.length > 0 && { Attributes: Object.fromEntries(Attributes) }),
    };
  });
  return Messages.length === 0 ? {} : { Messages };
};

const receiptFor = (name: string, { ReceiptHandle }: { readonly ReceiptHandle: string }): Receipt => {
  const found = receiptOf(name, ReceiptHandle);
  if (found !== undefined) return found;
  throw new AwsError(
    'ReceiptHandleIsInvalid',
    `The input receipt handle "${ReceiptHandle}" is not a valid receipt handle.`,
    404,
  );
};

const remove = (queues: Queues, name: string, entry: { readonly ReceiptHandle: string }): object => {
  queues.remove(name, receiptFor(name, entry));
  return {};
};

const change = (queues: Queues, name: string, entry: v.InferOutput<typeof Change> | ChangeEntry): object => {
  const { ReceiptHandle, VisibilityTimeout } = entry;
  const visibilityMs = millisecondsOf(VisibilityTimeout, 'VisibilityTimeout', localLimits.messageVisibilityMs) ?? 0;
  const outcome = queues.changeVisibility(name, receiptFor(name, entry), visibilityMs);
  if (outcome === 'done') return {};
  if (outcome === 'not in flight') throw new AwsError('MessageNotInflight', 'The message is not in flight.');
  throw invalidValue(
    'ReceiptHandle',
    ReceiptHandle,
    'Message does not exist or is not available for visibility timeout change',
  );
};
type ChangeEntry = v.InferOutput<typeof ChangeBatch>['Entries'][number];

export const deleteMessage = (queues: Queues, name: string, input: unknown): object =>
  remove(queues, name, shaped(Delete, input));
export const deleteMessageBatch = (queues: Queues, name: string, input: unknown): BatchResult =>
  eachOf(shaped(DeleteBatch, input).Entries, (entry) => remove(queues, name, entry));
export const changeMessageVisibility = (queues: Queues, name: string, input: unknown): object =>
  change(queues, name, shaped(Change, input));
export const changeMessageVisibilityBatch = (queues: Queues, name: string, input: unknown): BatchResult =>
  eachOf(shaped(ChangeBatch, input).Entries, (entry) => change(queues, name, entry));
