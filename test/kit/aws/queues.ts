// The queues of the contract as a template would give them, under their own names, each with the one of its dead letters;
// and how a simulated Lambda takes from them.

import * as v from 'valibot';
import { type QueueName, queues } from '../../../contract/capabilities.ts';
import type { Queue } from '../../../contract/kernel/queue.ts';
import { traceOf } from '../../../local/lambda/lineage.ts';
import { doneWith, queueEvent, Received, withoutLoops } from '../../../local/lambda/queues/records.ts';
import type { QueueDefinition } from '../../../local/sqs/definition.ts';
import { receiptOf } from '../../../local/sqs/message.ts';
import { callQueues } from '../../../local/sqs/operations.ts';
import type { Queues } from '../../../local/sqs/queues.ts';
import { queueArn, queueUrl } from './environment.ts';

const dayMs = 24 * 60 * 60_000;

export const deadLetters = (name: QueueName): string => `${name}-dead-letters`;

export const queueDefinitions: readonly QueueDefinition[] = (Object.entries(queues) as [QueueName, Queue][]).flatMap(
  ([name, { visibilityMs, retentionDays, receives }]) => {
    const dead = deadLetters(name);
    const times = { visibilityMs, retentionMs: retentionDays * dayMs, waitMs: 0 };
    return [
      { name, arn: queueArn(name), ...times, redrive: { to: dead, receives } },
      { name: dead, arn: queueArn(dead), ...times },
    ];
  },
);

export interface ReceivedBatch {
  /** As Lambda hands it to a function. */
  readonly event: object;
  /** The tracing header of the invocation. */
  readonly trace: string;
  /** Messages that Lambda stopped because their chain was too long: they are dead-lettered. */
  readonly stopped: number;
  /** Deletes what the function is done with, by what it returned. Not called: all of it comes back in its time. */
  settle(payload: unknown): void;
}

/** Whoever reads it, as a chain of invocations names it. */
const consumer = 'the consumer of the queue';

/** What Lambda takes from a queue at once; null where there is nothing to receive. */
export function receiveBatch(queues: Queues, name: string, most: number): ReceivedBatch | null {
  const QueueUrl = queueUrl(name);
  const asked = { QueueUrl, MaxNumberOfMessages: most, MessageSystemAttributeNames: ['All'] };
  const { Messages } = v.parse(Received, callQueues(queues, 'ReceiveMessage', asked));
  if (Messages.length === 0) return null;
  const { given, stopped, trace } = withoutLoops(Messages, consumer);
  for (const { ReceiptHandle } of stopped) {
    const receipt = receiptOf(name, ReceiptHandle);
    if (receipt !== undefined) queues.deadLetter(name, receipt);
  }
  return {
    event: queueEvent(given, queueArn(name)),
    trace: traceOf(trace, consumer),
    stopped: stopped.length,
    settle(payload) {
      for (const { ReceiptHandle } of doneWith(payload, given, true))
        callQueues(queues, 'DeleteMessage', { QueueUrl, ReceiptHandle });
    },
  };
}
