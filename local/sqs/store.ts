// The queues of a zone, on disk: what a call answered is still there after any end of the process. A waiting receiver is woken
// when there may be messages, by arrivals and by time; it never polls.

import * as v from 'valibot';
import { AwsError } from '../endpoint/error.ts';
import { type Journal, openJournal } from '../storage/journal.ts';
import { Change } from './change.ts';
import type { QueueDefinition } from './definition.ts';
import { callQueues, definitionOf } from './operations.ts';
import { Queues } from './queues.ts';
import { waitMsOf } from './receiving.ts';

export interface QueueStore {
  readonly queues: Queues;
  /** Of SQS, by name. Throws an AwsError under SQS's name. */
  call(operation: string, input: unknown, trace?: string): Promise<object>;
  /** Resolves when the queue may hold something to receive, at the latest at this time or when `signal` says so. */
  arrival(name: string, signal: AbortSignal, latest?: number): Promise<void>;
  close(): Promise<void>;
}

export interface StoreOptions {
  readonly path: string;
  readonly definitions: readonly QueueDefinition[];
  readonly now?: () => number;
  readonly failed: (thrown: unknown) => void;
}

const Line = v.array(Change);
type Line = readonly Change[];

const parse = (text: string): Line | undefined => {
  try {
    return v.parse(Line, JSON.parse(text));
  } catch {
    return undefined;
  }
};

/** The longest that a timer of Node can be. */
const longestTimerMs = 2 ** 31 - 1;

/** Those who wait for messages of a queue. */
class Waiters {
  readonly #byQueue = new Map<string, Set<() => void>>();

  wake(queue: string): void {
    for (const wake of this.#byQueue.get(queue) ?? []) wake();
  }

  /** Resolves when the queue is woken, after the time, or when `signal` is aborted. */
  wait(queue: string, ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const all = this.#byQueue.get(queue) ?? new Set();
      this.#byQueue.set(queue, all);
      const end = (): void => {
        clearTimeout(timer);
        all.delete(end);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, Math.min(Math.max(0, ms), longestTimerMs));
      all.add(end);
      signal.addEventListener('abort', end);
      if (signal.aborted) end();
    });
  }
}

/** Queues whose changes are in a journal before a call answers. */
const openJournaled = async (
  { path, definitions, failed, now = Date.now }: StoreOptions,
  waiters: Waiters,
): Promise<{ readonly queues: Queues; readonly journal: Journal<Line> }> => {
  let append: (line: Line) => void = () => {};
  const queues = new Queues({
    definitions,
    now,
    changed(changes) {
      append(changes);
      for (const change of changes) if (change.kind === 'put' || change.kind === 'show') waiters.wake(change.queue);
    },
  });
  const journal = await openJournal<Line>({
    path,
    parse,
    print: (line) => JSON.stringify(line),
    replay: (line) => queues.replay(line),
    snapshot: () => queues.snapshot(),
    failed,
  });
  append = journal.append;
  return { queues, journal };
};

export const openQueues = async (options: StoreOptions): Promise<QueueStore> => {
  const { now = Date.now } = options;
  const waiters = new Waiters();
  const closing = new AbortController();
  const { queues, journal } = await openJournaled(options, waiters);

  const arrival: QueueStore['arrival'] = (name, signal, latest = Number.POSITIVE_INFINITY) => {
    const at = Math.min(queues.receivableAt(name) ?? Number.POSITIVE_INFINITY, latest);
    return waiters.wait(name, at - now(), AbortSignal.any([signal, closing.signal]));
  };

  const callOnce = async (operation: string, input: unknown, trace?: string): Promise<object> => {
    try {
      return callQueues(queues, operation, input, trace);
    } finally {
      // An error tells the caller about the queue's state, too: that state must be on disk.
      await journal.settled();
    }
  };

  /** Long polling: answers as soon as there is something. */
  const receive = async (input: unknown): Promise<object> => {
    const { name, waitMs } = definitionOf(queues, input);
    const latest = now() + (waitMsOf(input) ?? waitMs);
    for (;;) {
      const received = await callOnce('ReceiveMessage', input);
      if ('Messages' in received || now() >= latest) return received;
      await arrival(name, closing.signal, latest);
      if (closing.signal.aborted) throw new AwsError('ServiceUnavailable', 'The local cloud stops.', 503);
    }
  };

  return {
    queues,
    arrival,
    call: (operation, input, trace) =>
      operation === 'ReceiveMessage' ? receive(input) : callOnce(operation, input, trace),
    async close() {
      closing.abort();
      await journal.close();
    },
  };
};
