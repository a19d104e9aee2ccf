// One process of a function. It runs one invocation at a time and is killed when one exceeds the function's time limit,
// as in AWS; a process that was killed or died never runs another.

import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { type Child, startChild } from '../host/children.ts';
import { localLimits } from '../host/limits.ts';
import type { FunctionClock } from './clock.ts';
import type { Hosts } from './internet.ts';
import type { FunctionLog } from './log.ts';
import type { ClockMessage, ToWorker } from './messages.ts';

export type Outcome =
  | { readonly kind: 'returned'; readonly payload: unknown }
  | { readonly kind: 'failed'; readonly errorType: string; readonly errorMessage: string }
  | { readonly kind: 'timed_out' }
  | { readonly kind: 'crashed'; readonly how: string }
  | { readonly kind: 'throttled' };

export interface Job {
  readonly requestId: string;
  readonly event: string;
  readonly trace: string;
}

export interface FunctionProcess {
  run(job: Job): Promise<Outcome>;
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

export interface ProcessOptions {
  readonly arn: string;
  readonly timeoutMs: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly log: FunctionLog;
  /** Which hosts of the internet something on this machine speaks for. Absent: none. */
  readonly hosts?: Hosts | undefined;
  /** Absent: this machine's clock. */
  readonly clock?: FunctionClock;
}

const Message = v.variant('kind', [
  v.object({ kind: v.literal('ready') }),
  v.object({ kind: v.literal('returned'), payload: v.string() }),
  v.object({ kind: v.literal('threw'), errorType: v.string(), errorMessage: v.string(), trace: v.string() }),
]);

const workerFile = fileURLToPath(new URL('./worker.ts', import.meta.url));

const outcomeOf = (message: v.InferOutput<typeof Message>, log: FunctionLog, requestId: string): Outcome => {
  if (message.kind === 'ready') return { kind: 'crashed', how: 'it started over' };
  if (message.kind === 'threw') {
    const { errorType, errorMessage, trace } = message;
    log.platform(requestId, `${errorType}: ${errorMessage}`, trace);
    return { kind: 'failed', errorType, errorMessage };
  }
  if (Buffer.byteLength(message.payload) > localLimits.payloadBytes) {
    log.platform(requestId, 'The response exceeds 6 MB');
    return {
      kind: 'failed',
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage: 'Response payload size exceeded.',
    };
  }
  return { kind: 'returned', payload: JSON.parse(message.payload) };
};

type WorkerMessage = v.InferOutput<typeof Message>;

/** The messages of a worker, one at a time. */
interface Channel {
  /** The next message; 'late' after the limit, undefined when the process has ended. */
  next(limitMs: number): Promise<WorkerMessage | 'late' | undefined>;
  send(message: ToWorker): void;
  /** How the process ended; undefined while it runs. */
  ended(): string | undefined;
}

const openChannel = ({ process, ended }: Child): Channel => {
  let how: string | undefined;
  let receive: ((message: WorkerMessage | undefined) => void) | undefined;
  process.on('message', (message) => receive?.(v.parse(Message, message)));
  process.on('error', () => {});
  ended.then((reason) => {
    how = reason;
    receive?.(undefined);
  });
  return {
    next: (limitMs) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => resolve('late'), limitMs);
        receive = (message) => {
          clearTimeout(timer);
          receive = undefined;
          resolve(message);
        };
        if (how !== undefined) receive(undefined);
      }),
    send: (message) => void process.send(message, (thrown) => thrown !== null && receive?.(undefined)),
    ended: () => how,
  };
};

/** Resolves once the bundle is loaded; an Outcome instead of a process says why it could not be. */
export const startProcess = async (options: ProcessOptions): Promise<FunctionProcess | Outcome> => {
  const { log, timeoutMs, clock, hosts } = options;
  const internet = hosts === undefined ? [] : [JSON.stringify(hosts)];
  const child = startChild(process.execPath, [workerFile, options.arn, ...internet], {
    env: options.environment,
    cwd: options.environment.LAMBDA_TASK_ROOT,
    endWith: 'KILL',
    ipc: true,
  });
  log.follow(child.process);
  const unfollow = clock?.onAdvance((clockAheadMs) =>
    child.process.send({ clockAheadMs } satisfies ClockMessage, () => {}),
  );
  child.ended.then(() => unfollow?.());
  const channel = openChannel(child);

  const first = await channel.next(localLimits.initMs);
  if (first === undefined || first === 'late' || first.kind !== 'ready') {
    await child.stop();
    if (first === 'late') return { kind: 'timed_out' };
    if (first === undefined) return { kind: 'crashed', how: channel.ended() ?? 'unknown' };
    return outcomeOf(first, log, 'init');
  }

  return {
    ended: child.ended,
    stop: () => child.stop(),
    async run({ requestId, event, trace }) {
      const received = channel.next(timeoutMs);
      channel.send({ requestId, event, trace, deadline: Date.now() + timeoutMs, clockAheadMs: clock?.aheadMs ?? 0 });
      const message = await received;
      if (message === 'late') {
        log.platform(requestId, `Task timed out after ${timeoutMs / 1000} seconds`);
        await child.stop();
        return { kind: 'timed_out' };
      }
      if (message === undefined) {
        const how = channel.ended() ?? 'its channel closed';
        log.platform(requestId, `Runtime exited: ${how}`);
        await child.stop();
        return { kind: 'crashed', how };
      }
      return outcomeOf(message, log, requestId);
    },
  };
};
