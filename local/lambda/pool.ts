// The processes of one function: started on demand up to a bound, one invocation at a time in each, ended when idle.
// A burst beyond the bound waits in order; it is not refused.

import { randomUUID } from 'node:crypto';
import { localLimits } from '../host/limits.ts';
import { type FunctionProcess, type Job, type Outcome, type ProcessOptions, startProcess } from './process.ts';
import type { StartLimiter } from './start_limiter.ts';

export interface Pool {
  readonly name: string;
  readonly arn: string;
  invoke(event: unknown): Promise<Outcome>;
  /** Starts one process ahead of the first invocation, when there is time for it. */
  warm(): void;
  /** How many processes there are. */
  size(): number;
  stop(): Promise<void>;
}

export interface PoolOptions extends ProcessOptions {
  readonly name: string;
  readonly startLimiter: StartLimiter;
  readonly bound?: number;
  readonly idleMs?: number;
}

interface Waiting extends Job {
  readonly resolve: (outcome: Outcome) => void;
}

export const createPool = (options: PoolOptions): Pool => {
  const bound = options.bound ?? localLimits.processesPerFunction;
  const idleMs = options.idleMs ?? localLimits.idleProcessMs;
  const queue: Waiting[] = [];
  const idle: { readonly process: FunctionProcess; readonly since: number }[] = [];
  const all = new Set<FunctionProcess>();
  let starting = 0;
  let stopped = false;

  const forget = (process: FunctionProcess): void => {
    all.delete(process);
    const at = idle.findIndex((each) => each.process === process);
    if (at >= 0) idle.splice(at, 1);
  };

  /** Only after the gate let it in. */
  const start = async (): Promise<void> => {
    starting += 1;
    const started = await startProcess(options).catch(
      (thrown: unknown): Outcome => ({ kind: 'crashed', how: String(thrown) }),
    );
    starting -= 1;
    options.startLimiter.leave();
    if ('kind' in started) {
      // Whoever has waited longest learns why; the next one in line tries anew.
      queue.shift()?.resolve(started);
    } else if (stopped) {
      await started.stop();
    } else {
      all.add(started);
      idle.push({ process: started, since: Date.now() });
      started.ended.then(() => forget(started));
    }
    pump();
  };

  const serve = async (process: FunctionProcess, job: Waiting): Promise<void> => {
    const outcome = await process.run(job);
    if (outcome.kind === 'timed_out' || outcome.kind === 'crashed') forget(process);
    else if (all.has(process)) idle.push({ process, since: Date.now() });
    job.resolve(outcome);
    pump();
  };

  const pump = (): void => {
    while (queue.length > 0 && !stopped) {
      // The one used last: the others may grow old and end.
      const next = idle.pop();
      const job = next === undefined ? undefined : queue.shift();
      if (next === undefined || job === undefined) break;
      void serve(next.process, job);
    }
    while (!stopped && starting < queue.length && all.size + starting < bound && options.startLimiter.enter(pump))
      void start();
  };

  const warm = (): void => {
    if (!stopped && all.size + starting === 0 && options.startLimiter.enter(warm)) void start();
  };

  const sweep = setInterval(
    () => {
      const old = idle.filter(({ since }) => Date.now() - since > idleMs);
      for (const { process } of old) {
        forget(process);
        void process.stop();
      }
    },
    Math.max(50, idleMs / 4),
  );
  sweep.unref();

  return {
    name: options.name,
    arn: options.arn,
    size: () => all.size,
    invoke: (event) =>
      new Promise((resolve) => {
        if (stopped || queue.length >= localLimits.queuedInvocations) return resolve({ kind: 'throttled' });
        queue.push({ requestId: randomUUID(), event: JSON.stringify(event), resolve });
        pump();
      }),
    warm,
    async stop() {
      stopped = true;
      clearInterval(sweep);
      for (const job of queue.splice(0)) job.resolve({ kind: 'crashed', how: 'the local cloud stopped' });
      await Promise.all([...all].map((process) => process.stop()));
      options.log.close();
    },
  };
};
