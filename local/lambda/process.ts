// One process of a function. It runs one invocation at a time and is killed when one exceeds the function's time limit,
// as in AWS; a process that was killed or died never runs another.

import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { startChild } from '../host/children.ts';
import { localLimits } from '../host/limits.ts';
import type { FunctionLog } from './log.ts';
import type { ToWorker } from './messages.ts';

export type Outcome =
  | { readonly kind: 'returned'; readonly payload: unknown }
  | { readonly kind: 'failed'; readonly errorType: string; readonly errorMessage: string }
  | { readonly kind: 'timed_out' }
  | { readonly kind: 'crashed'; readonly how: string }
  | { readonly kind: 'throttled' };

export interface Job {
  readonly requestId: string;
  readonly event: string;
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

/** Resolves once the bundle is loaded; an Outcome instead of a process says why it could not be. */
export const startProcess = async (options: ProcessOptions): Promise<FunctionProcess | Outcome> => {
  const { log } = options;
  const child = startChild(process.execPath, [workerFile, options.arn], {
    env: options.environment,
    cwd: options.environment.LAMBDA_TASK_ROOT,
    endWith: 'KILL',
    ipc: true,
  });
  log.follow(child.process);
  let dead: string | undefined;
  let hear: ((message: v.InferOutput<typeof Message> | undefined) => void) | undefined;
  child.process.on('message', (message) => hear?.(v.parse(Message, message)));
  child.process.on('error', () => {});
  child.ended.then((how) => {
    dead = how;
    hear?.(undefined);
  });

  /** The next message; 'late' after the limit, undefined when the process has ended. */
  const next = (limitMs: number): Promise<v.InferOutput<typeof Message> | 'late' | undefined> =>
    new Promise((resolve) => {
      const timer = setTimeout(() => resolve('late'), limitMs);
      hear = (message) => {
        clearTimeout(timer);
        hear = undefined;
        resolve(message);
      };
      if (dead !== undefined) hear(undefined);
    });

  const first = await next(localLimits.initMs);
  if (first === undefined || first === 'late' || first.kind !== 'ready') {
    await child.stop();
    if (first === 'late') return { kind: 'timed_out' };
    if (first === undefined) return { kind: 'crashed', how: dead ?? 'unknown' };
    return outcomeOf(first, log, 'init');
  }

  return {
    ended: child.ended,
    stop: () => child.stop(),
    async run({ requestId, event }) {
      const heard = next(options.timeoutMs);
      const message: ToWorker = { requestId, event, deadline: Date.now() + options.timeoutMs };
      child.process.send(message, (thrown) => thrown !== null && hear?.(undefined));
      const answer = await heard;
      if (answer === 'late') {
        log.platform(requestId, `Task timed out after ${options.timeoutMs / 1000} seconds`);
        await child.stop();
        return { kind: 'timed_out' };
      }
      if (answer === undefined) {
        const how = dead ?? 'its channel closed';
        log.platform(requestId, `Runtime exited: ${how}`);
        await child.stop();
        return { kind: 'crashed', how };
      }
      return outcomeOf(answer, log, requestId);
    },
  };
};
