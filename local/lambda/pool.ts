// The processes of one function: started on demand up to a bound, one invocation at a time in each, ended when idle.
// Invocations beyond the bound wait in order; they are not refused.

import { randomUUID } from 'node:crypto';
import { localLimits } from '../host/limits.ts';
import { traceOf } from './lineage.ts';
import { type FunctionProcess, type Job, type Outcome, type ProcessOptions, startProcess } from './process.ts';
import type { StartLimiter } from './start_limiter.ts';

export interface Pool {
  readonly name: string;
  readonly arn: string;
  /** `trace`: the tracing header of what led to it. */
  invoke(event: unknown, trace?: string): Promise<Outcome>;
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

interface WaitingJob extends Job {
  readonly resolve: (outcome: Outcome) => void;
}

interface IdleProcess {
  readonly process: FunctionProcess;
  readonly sinceMs: number;
}

class ProcessPool implements Pool {
  readonly name: string;
  readonly arn: string;
  readonly #options: PoolOptions;
  readonly #bound: number;
  readonly #idleMs: number;
  readonly #queue: WaitingJob[] = [];
  readonly #idle: IdleProcess[] = [];
  readonly #all = new Set<FunctionProcess>();
  readonly #sweep: NodeJS.Timeout;
  #starting = 0;
  #stopped = false;

  constructor(options: PoolOptions) {
    this.name = options.name;
    this.arn = options.arn;
    this.#options = options;
    this.#bound = options.bound ?? localLimits.processesPerFunction;
    this.#idleMs = options.idleMs ?? localLimits.idleProcessMs;
    this.#sweep = setInterval(() => this.#endIdle(), Math.max(50, this.#idleMs / 4)).unref();
  }

  size(): number {
    return this.#all.size;
  }

  invoke(event: unknown, trace?: string): Promise<Outcome> {
    return new Promise((resolve) => {
      if (this.#stopped || this.#queue.length >= localLimits.queuedInvocations) return resolve({ kind: 'throttled' });
      const job = { requestId: randomUUID(), event: JSON.stringify(event), trace: traceOf(trace, this.arn) };
      this.#queue.push({ ...job, resolve });
      this.#assign();
    });
  }

  warm(): void {
    const { startLimiter } = this.#options;
    if (this.#stopped || this.#all.size + this.#starting > 0) return;
    if (startLimiter.enter(() => this.warm())) void this.#start();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#sweep);
    for (const job of this.#queue.splice(0)) job.resolve({ kind: 'crashed', how: 'the local cloud stopped' });
    await Promise.all([...this.#all].map((process) => process.stop()));
    this.#options.log.close();
  }

  /** Gives waiting jobs to idle processes, and starts processes for those that are left. */
  readonly #assign = (): void => {
    while (this.#queue.length > 0 && !this.#stopped) {
      // The process that was used last: the others may grow old and end.
      const next = this.#idle.pop();
      const job = next === undefined ? undefined : this.#queue.shift();
      if (next === undefined || job === undefined) break;
      void this.#serve(next.process, job);
    }
    while (this.#mayStartAnother() && this.#options.startLimiter.enter(this.#assign)) void this.#start();
  };

  #mayStartAnother(): boolean {
    const wanted = !this.#stopped && this.#starting < this.#queue.length;
    return wanted && this.#all.size + this.#starting < this.#bound;
  }

  /** Only after the limiter let it in. */
  async #start(): Promise<void> {
    this.#starting += 1;
    const started = await startProcess(this.#options).catch(
      (thrown: unknown): Outcome => ({ kind: 'crashed', how: String(thrown) }),
    );
    this.#starting -= 1;
    this.#options.startLimiter.leave();
    if ('kind' in started) {
      // The job that has waited longest fails; another process is started for the next one.
      this.#queue.shift()?.resolve(started);
    } else if (this.#stopped) {
      await started.stop();
    } else {
      this.#all.add(started);
      this.#idle.push({ process: started, sinceMs: Date.now() });
      started.ended.then(() => this.#forget(started));
    }
    this.#assign();
  }

  async #serve(process: FunctionProcess, job: WaitingJob): Promise<void> {
    const outcome = await process.run(job);
    if (outcome.kind === 'timed_out' || outcome.kind === 'crashed') this.#forget(process);
    else if (this.#all.has(process)) this.#idle.push({ process, sinceMs: Date.now() });
    job.resolve(outcome);
    this.#assign();
  }

  #endIdle(): void {
    const old = this.#idle.filter(({ sinceMs }) => Date.now() - sinceMs > this.#idleMs);
    for (const { process } of old) {
      this.#forget(process);
      void process.stop();
    }
  }

  #forget(process: FunctionProcess): void {
    this.#all.delete(process);
    const at = this.#idle.findIndex((each) => each.process === process);
    if (at >= 0) this.#idle.splice(at, 1);
  }
}

export const createPool = (options: PoolOptions): Pool => new ProcessPool(options);
