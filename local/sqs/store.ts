// The queues of a zone, kept on disk: what a call has told its caller is there after any end. Whoever waits for messages is
// woken when there may be some: by arrivals and by time, never by asking again and again.

import * as v from 'valibot';
import { AwsError } from '../endpoint/error.ts';
import { openJournal } from '../storage/journal.ts';
import { Change } from './change.ts';
import type { QueueDefinition } from './definition.ts';
import { callQueues, definitionOf } from './operations.ts';
import { Queues } from './queues.ts';
import { waitMsOf } from './receiving.ts';

export interface QueueStore {
  readonly queues: Queues;
  /** Of SQS, by name. Throws an AwsError under SQS's name. */
  call(operation: string, input: unknown): Promise<object>;
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

/** Longer than any timer of Node can be. */
const noEnd = 2 ** 31 - 1;

export const openQueues = async ({ path, definitions, failed, now = Date.now }: StoreOptions): Promise<QueueStore> => {
  let append: (line: Line) => void = () => {};
  const waiting = new Map<string, Set<() => void>>();
  const closing = new AbortController();
  const queues = new Queues({
    definitions,
    now,
    changed(changes) {
      append(changes);
      for (const change of changes) {
        if (change.kind !== 'put' && change.kind !== 'show') continue;
        for (const wake of waiting.get(change.queue) ?? []) wake();
      }
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

  const arrival: QueueStore['arrival'] = (name, signal, latest = Number.POSITIVE_INFINITY) =>
    new Promise((resolve) => {
      const all = waiting.get(name) ?? new Set();
      waiting.set(name, all);
      const either = AbortSignal.any([signal, closing.signal]);
      const end = (): void => {
        clearTimeout(timer);
        all.delete(end);
        either.removeEventListener('abort', end);
        resolve();
      };
      const at = Math.min(queues.receivableAt(name) ?? Number.POSITIVE_INFINITY, latest);
      const timer = setTimeout(end, Math.min(Math.max(0, at - now()), noEnd));
      all.add(end);
      either.addEventListener('abort', end);
      if (either.aborted) end();
    });

  const once = async (operation: string, input: unknown): Promise<object> => {
    try {
      return callQueues(queues, operation, input);
    } finally {
      // A refusal shows what is there, too.
      await journal.settled();
    }
  };

  /** Long polling: answers as soon as there is something. */
  const receive = async (input: unknown): Promise<object> => {
    const { name, waitMs } = definitionOf(queues, input);
    const latest = now() + (waitMsOf(input) ?? waitMs);
    for (;;) {
      const received = await once('ReceiveMessage', input);
      if ('Messages' in received || now() >= latest) return received;
      await arrival(name, closing.signal, latest);
      if (closing.signal.aborted) throw new AwsError('ServiceUnavailable', 'The local cloud stops.', 503);
    }
  };

  return {
    queues,
    arrival,
    call: (operation, input) => (operation === 'ReceiveMessage' ? receive(input) : once(operation, input)),
    async close() {
      closing.abort();
      await journal.close();
    },
  };
};
