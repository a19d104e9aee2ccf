// SendMessage and SendMessageBatch: what a message may be (SQS developer guide, "Amazon SQS message quotas", read November
// 2026). A refused call leaves nothing in the queue.

import * as v from 'valibot';
import { AwsError } from '../endpoint/error.ts';
import { localLimits } from '../host/limits.ts';
import { type BatchResult, eachOf } from './batch.ts';
import { invalidValue, millisecondsOf, missing, shaped } from './fault.ts';
import { md5Of, messageId } from './message.ts';
import type { Queues, Sent } from './queues.ts';

// Message attributes are not run: a message has a body only.
const content = {
  MessageBody: v.string(),
  DelaySeconds: v.optional(v.number()),
  MessageGroupId: v.optional(v.string()),
};
const One = v.strictObject({ QueueUrl: v.string(), ...content });
const Batch = v.strictObject({
  QueueUrl: v.string(),
  Entries: v.array(v.strictObject({ Id: v.string(), ...content })),
});

type Content = v.InferOutput<typeof One> | v.InferOutput<typeof Batch>['Entries'][number];

const notAllowed = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;
const groups = /^[A-Za-z0-9!-/:-@[-`{-~]{1,128}$/;

/** Throws what is wrong with it. */
const checked = ({ MessageBody, DelaySeconds, MessageGroupId }: Content): Sent => {
  if (MessageBody === '') throw missing('MessageBody');
  if (Buffer.byteLength(MessageBody) > localLimits.messageBytes)
    throw new AwsError(
      'InvalidParameterValue',
      `One or more parameters are invalid. Reason: Message must be shorter than ${localLimits.messageBytes} bytes.`,
    );
  if (notAllowed.test(MessageBody))
    throw new AwsError('InvalidMessageContents', 'The message holds characters outside the allowed set.');
  if (MessageGroupId !== undefined && !groups.test(MessageGroupId))
    throw invalidValue(
      'MessageGroupId',
      MessageGroupId,
      'MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length',
    );
  const delayMs = millisecondsOf(DelaySeconds, 'DelaySeconds', localLimits.messageDelayMs) ?? 0;
  return { body: MessageBody, group: MessageGroupId, delayMs };
};

const put = (queues: Queues, name: string, sent: Sent, trace: string | undefined): object => {
  const [message] = queues.send(name, [{ ...sent, ...(trace !== undefined && { trace }) }]);
  return { MD5OfMessageBody: md5Of(sent.body), ...(message !== undefined && { MessageId: messageId(message) }) };
};

export const sendMessage = (queues: Queues, name: string, input: unknown, trace?: string): object =>
  put(queues, name, checked(shaped(One, input)), trace);

export const sendMessageBatch = (queues: Queues, name: string, input: unknown, trace?: string): BatchResult => {
  const { Entries } = shaped(Batch, input);
  const bytes = Entries.reduce((sum, { MessageBody }) => sum + Buffer.byteLength(MessageBody), 0);
  if (bytes > localLimits.messageBytes)
    throw new AwsError(
      'BatchRequestTooLong',
      `Batch requests cannot be longer than ${localLimits.messageBytes} bytes. You have sent ${bytes} bytes.`,
    );
  return eachOf(Entries, (entry) => put(queues, name, checked(entry), trace));
};
