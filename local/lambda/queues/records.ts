// Messages as Lambda passes them to a function, and what the function's answer says about them (Lambda developer guide, "Using
// Lambda with Amazon SQS" and "Handling errors for an SQS event source", read November 2026).

import * as v from 'valibot';
import { invocationsIn, longestOf, recursionLimit } from '../lineage.ts';

export const Received = v.object({
  Messages: v.optional(
    v.array(
      v.object({
        MessageId: v.string(),
        ReceiptHandle: v.string(),
        Body: v.string(),
        MD5OfBody: v.string(),
        Attributes: v.record(v.string(), v.string()),
      }),
    ),
    [],
  ),
});
export type ReceivedMessage = v.InferOutput<typeof Received>['Messages'][number];

export const queueEvent = (messages: readonly ReceivedMessage[], queueArn: string): object => ({
  Records: messages.map(({ MessageId, ReceiptHandle, Body, MD5OfBody, Attributes }) => ({
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    attributes: Attributes,
    messageAttributes: {},
    md5OfBody: MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: queueArn.split(':')[3] ?? '',
  })),
});

/** What of a batch the function is given, under which tracing header; and what is stopped, because its chain is too long. */
export function withoutLoops(messages: readonly ReceivedMessage[], functionArn: string) {
  const traceIn = ({ Attributes }: ReceivedMessage): string | undefined => Attributes.AWSTraceHeader;
  const isStopped = (message: ReceivedMessage): boolean =>
    invocationsIn(traceIn(message), functionArn) >= recursionLimit;
  const given = messages.filter((message) => !isStopped(message));
  return { given, stopped: messages.filter(isStopped), trace: longestOf(given.map(traceIn), functionArn) };
}

const BatchAnswer = v.nullish(
  v.object({ batchItemFailures: v.nullish(v.array(v.object({ itemIdentifier: v.nullish(v.string()) }))) }),
);

/** The messages that the function is done with, by what it returned. */
export const doneWith = (
  payload: unknown,
  messages: readonly ReceivedMessage[],
  reportsFailures: boolean,
): readonly ReceivedMessage[] => {
  if (!reportsFailures) return messages;
  const answer = v.safeParse(BatchAnswer, payload);
  if (!answer.success) return [];
  const failed = new Set((answer.output?.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier));
  const rest = messages.filter(({ MessageId }) => !failed.has(MessageId));
  // An identifier that names no message of the batch fails the whole batch.
  return messages.length - rest.length === failed.size ? rest : [];
};
