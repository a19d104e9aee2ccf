// The queues of the contract as a template would give them, under their own names, each with the one of its dead letters;
// and how a simulated Lambda takes from them.

import * as v from 'valibot';
import { type QueueName, queues } from '../../../contract/capabilities.ts';
import type { Queue } from '../../../contract/kernel/queue.ts';
import { doneWith, queueEvent, Received } from '../../../local/lambda/queues/records.ts';
import type { QueueDefinition } from '../../../local/sqs/definition.ts';
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
  /** Deletes what the function is done with, by what it returned. Not called: all of it comes back in its time. */
  settle(payload: unknown): void;
}

/** What Lambda takes from a queue at once; null where there is nothing to receive. */
export function receiveBatch(queues: Queues, name: string, most: number): ReceivedBatch | null {
  const QueueUrl = queueUrl(name);
  const asked = { QueueUrl, MaxNumberOfMessages: most, MessageSystemAttributeNames: ['All'] };
  const { Messages } = v.parse(Received, callQueues(queues, 'ReceiveMessage', asked));
  if (Messages.length === 0) return null;
  return {
    event: queueEvent(Messages, queueArn(name)),
    settle(payload) {
      for (const { ReceiptHandle } of doneWith(payload, Messages, true))
        callQueues(queues, 'DeleteMessage', { QueueUrl, ReceiptHandle });
    },
  };
}
