// Work on as many threads as there are cores. Each takes the next piece when it is done with one, so that none waits long
// for another.

import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Job, Stretch } from './campaign.ts';
import { add, emptyTally, type Tally } from './tally.ts';

export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'progress'; readonly operations: number }
  | { readonly kind: 'done'; readonly tally: Tally };

export interface ThreadOptions {
  readonly threads: number | undefined;
  /** Where threads note distinct calls to AWS; null: nowhere. */
  readonly record: string | null;
  readonly progress: (operations: number) => void;
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

/** What all jobs come to, added up in their order whoever is done first. */
export async function runOnThreads(jobs: readonly Job[], options: ThreadOptions): Promise<Tally> {
  const { record, progress } = options;
  const threads = Math.min(options.threads ?? availableParallelism(), jobs.length);
  const tallies: (Tally | undefined)[] = jobs.map(() => undefined);
  let next = 0;
  const work = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL('./worker.ts', import.meta.url), {
        workerData: { record },
      });
      let taken = -1;
      worker.on('message', (message: FromWorker) => {
        if (message.kind === 'progress') return progress(message.operations);
        if (message.kind === 'done') tallies[taken] = message.tally;
        taken = next;
        next += 1;
        worker.postMessage(jobs[taken] ?? null);
      });
      worker.on('error', reject);
      worker.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a thread ended with ${code}`))));
    });
  await Promise.all(Array.from({ length: threads }, work));
  const sum = emptyTally();
  for (const tally of tallies) {
    if (tally === undefined) throw new Error('a piece of work was never done');
    add(sum, tally);
  }
  return sum;
}
