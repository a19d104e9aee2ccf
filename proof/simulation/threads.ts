// Work on as many threads as there are cores. Each takes the next piece when it is done with one, so that none waits long
// for another.

import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Job, Stretch } from './campaign.ts';
import { add, emptyTally, type Tally } from './tally.ts';

export type FromWorker =
  | { readonly kind: 'progress'; readonly operations: number }
  | { readonly kind: 'done'; readonly tally: Tally };

export interface ThreadOptions {
  readonly threads: number | undefined;
  /** Where threads note distinct calls to AWS; null: nowhere. */
  readonly record: string | null;
}

const worldsAtATime = 20;

/** Cuts a stretch into pieces. */
export const cut = (stretch: Stretch): Stretch[] => {
  const pieces: Stretch[] = [];
  for (let from = stretch.fromWorld; from < stretch.toWorld; from += worldsAtATime) {
    pieces.push({ ...stretch, fromWorld: from, toWorld: Math.min(stretch.toWorld, from + worldsAtATime) });
  }
  return pieces;
};

export interface Threads {
  /** What all jobs come to, added up in their order whoever is done first. */
  run(jobs: readonly Job[], progress?: (operations: number) => void): Promise<Tally>;
  close(): Promise<void>;
}

/** One thread for a job at a time. */
function startThread(record: string | null) {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: { record } });
  const ended = new Promise<void>((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a thread ended with ${code}`))));
  });
  const done = (job: Job, progress: (operations: number) => void): Promise<Tally> =>
    new Promise((resolve) => {
      const hear = (message: FromWorker): void => {
        if (message.kind === 'progress') {
          progress(message.operations);
          return;
        }
        worker.off('message', hear);
        resolve(message.tally);
      };
      worker.on('message', hear);
      worker.postMessage(job);
    });
  const tooEarly = ended.then(() => {
    throw new Error('a thread ended before its work');
  });
  tooEarly.catch(() => {});
  return {
    run: (job: Job, progress: (operations: number) => void) => Promise.race([done(job, progress), tooEarly]),
    async close(): Promise<void> {
      worker.postMessage(null);
      await ended;
    },
  };
}

export function openThreads({ threads = availableParallelism(), record }: ThreadOptions): Threads {
  const each = Array.from({ length: threads }, () => startThread(record));
  return {
    async run(jobs, progress = () => {}) {
      const tallies: (Tally | undefined)[] = jobs.map(() => undefined);
      let next = 0;
      await Promise.all(
        each.map(async (thread) => {
          for (let index = next; index < jobs.length; index = next) {
            next += 1;
            const job = jobs[index];
            if (job !== undefined) tallies[index] = await thread.run(job, progress);
          }
        }),
      );
      const sum = emptyTally();
      for (const tally of tallies) if (tally !== undefined) add(sum, tally);
      return sum;
    },
    async close() {
      await Promise.all(each.map((thread) => thread.close()));
    },
  };
}
