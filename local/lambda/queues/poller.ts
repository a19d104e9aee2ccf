// Delivers messages of one queue to one function, as Lambda's event source mapping does: several batches at once. It deletes
// the messages that the function is done with; the others come back after the queue's visibility timeout, so that a message
// is delivered at least once, whichever process is killed.

import * as v from 'valibot';
import { localLimits } from '../../host/limits.ts';
import { messageOf } from '../../host/user_error.ts';
import { accountOf, type QueueDefinition } from '../../sqs/definition.ts';
import { receiptOf } from '../../sqs/message.ts';
import type { QueueStore } from '../../sqs/store.ts';
import { recursionLimit } from '../lineage.ts';
import { pollUntilStopped } from '../poll_loop.ts';
import type { Pool } from '../pool.ts';
import type { QueueMapping } from './mapping.ts';
import { doneWith, queueEvent, Received, type ReceivedMessage, withoutLoops } from './records.ts';

export interface QueuePoller {
  stop(): Promise<void>;
}

export interface QueuePollerOptions {
  readonly mapping: QueueMapping;
  readonly store: QueueStore;
  readonly pool: Pool;
  readonly warn: (text: string) => void;
  /** Whether the function's role lets Lambda receive messages from the queue; asked once. Absent: it does. */
  readonly mayPoll?: () => boolean;
}

/** The calls of SQS that a poller makes on its queue. */
const queueCalls = (queue: QueueDefinition, store: QueueStore) => {
  // The host of a queue's URL is that of the endpoint, which is not called here.
  const QueueUrl = `http://127.0.0.1/${accountOf(queue)}/${queue.name}`;
  return {
    async receive(batchMessages: number): Promise<readonly ReceivedMessage[]> {
      const batch: ReceivedMessage[] = [];
      while (batch.length < batchMessages) {
        const MaxNumberOfMessages = Math.min(localLimits.messagesPerCall, batchMessages - batch.length);
        const asked = { QueueUrl, MaxNumberOfMessages, WaitTimeSeconds: 0, MessageSystemAttributeNames: ['All'] };
        const { Messages } = v.parse(Received, await store.call('ReceiveMessage', asked));
        batch.push(...Messages);
        if (Messages.length < MaxNumberOfMessages) break;
      }
      return batch;
    },
    /** Into the dead-letter queue, at once. */
    setAside(messages: readonly ReceivedMessage[]): void {
      for (const { ReceiptHandle } of messages) {
        const receipt = receiptOf(queue.name, ReceiptHandle);
        if (receipt !== undefined) store.queues.deadLetter(queue.name, receipt);
      }
    },
    async remove(messages: readonly ReceivedMessage[]): Promise<void> {
      for (let at = 0; at < messages.length; at += localLimits.messagesPerCall) {
        const Entries = messages
          .slice(at, at + localLimits.messagesPerCall)
          .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
        await store.call('DeleteMessageBatch', { QueueUrl, Entries });
      }
    },
  };
};

const stoppedAs = (functionName: string): string =>
  `${functionName} was stopped: AWS ends a chain of ${recursionLimit} invocations that feed each other.`;

const whenAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

export const startQueuePoller = ({ mapping, store, pool, warn, ...options }: QueuePollerOptions): QueuePoller => {
  const { queue, functionName } = mapping;
  const { receive, remove, setAside } = queueCalls(queue, store);
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  /** Aborted when a batch is done: there is room for another. */
  let room = new AbortController();

  const failed = (thrown: unknown): void => warn(`Queue ${queue.name}: ${messageOf(thrown)}`);
  const deliver = async (messages: readonly ReceivedMessage[]): Promise<void> => {
    const { given, stopped, trace } = withoutLoops(messages, pool.arn);
    setAside(stopped);
    if (stopped.length > 0) warn(stoppedAs(functionName));
    if (given.length === 0) return;
    const outcome = await pool.invoke(queueEvent(given, queue.arn), trace);
    if (outcome.kind === 'returned') await remove(doneWith(outcome.payload, given, mapping.reportsFailures));
  };

  const start = (messages: readonly ReceivedMessage[]): void => {
    const delivery = deliver(messages)
      .catch(failed)
      .finally(() => {
        running.delete(delivery);
        room.abort();
      });
    running.add(delivery);
  };

  const poll = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      room = new AbortController();
      if (running.size >= mapping.concurrency) {
        await whenAborted(AbortSignal.any([room.signal, stopping.signal]));
        continue;
      }
      const messages = await receive(mapping.batchMessages);
      if (messages.length > 0) start(messages);
      else await store.arrival(queue.name, stopping.signal);
    }
  };

  const run = async (): Promise<void> => {
    // Policies don't change while the zone runs: a role that may not poll now never may.
    if (options.mayPoll?.() === false)
      return warn(`${functionName}: the queue ${queue.name} is not polled; nothing that it holds is delivered.`);
    // Functions end with the local cloud: none still works on messages that it received before.
    store.queues.releaseInFlight(queue.name);
    await pollUntilStopped(stopping.signal, poll, failed);
    await Promise.all(running);
  };

  const polling = run();
  return {
    async stop() {
      stopping.abort();
      await polling;
    },
  };
};
