// Functions as Lambda runs them: an idle process is taken or a new one started, one invocation at a time, and whoever is
// not done in time dies. The code inside is the product's own.

import { type FunctionName, functions } from '../../contract/capabilities.ts';
import { Process, type Surroundings } from './process.ts';

/** What became of an invocation, as its caller learns it. */
export type Outcome<T> =
  | { readonly kind: 'returned'; readonly value: T }
  | { readonly kind: 'threw'; readonly error: unknown }
  | { readonly kind: 'died' };

/** One function: what a new process of it loads, and how an event is handed to that. */
export interface Code<Event, Result> {
  readonly name: FunctionName;
  load(process: Process): (event: Event, address: string) => Promise<Result>;
}

interface Running<Event, Result> {
  readonly process: Process;
  readonly handle: (event: Event, address: string) => Promise<Result>;
}

export interface Pool<Event, Result> {
  /** `trace`: its tracing header, where it continues a chain of invocations. */
  invoke(event: Event, address: string, trace?: string): Promise<Outcome<Result>>;
  /** All processes at once. */
  dieAll(): void;
  /** At the end of a world. */
  release(): void;
}

export type PoolOf<C> = C extends { load(process: never): (event: infer E, address: string) => Promise<infer R> }
  ? Pool<E, R>
  : never;

/** Between a death and the moment in which whoever called hears of it. */
const noticeMs = 5;

export function pool<Event, Result>(code: Code<Event, Result>, surroundings: Surroundings): Pool<Event, Result> {
  const idle: Running<Event, Result>[] = [];
  const all: Process[] = [];
  const { timeline } = surroundings;
  const take = (): Running<Event, Result> => {
    for (let found = idle.pop(); found !== undefined; found = idle.pop()) if (found.process.alive) return found;
    const process = new Process(code.name, surroundings);
    all.push(process);
    return { process, handle: code.load(process) };
  };
  return {
    invoke: (event, address, trace) =>
      new Promise((resolve) => {
        const running = take();
        const { process } = running;
        let open = true;
        const end = (outcome: Outcome<Result>): void => {
          if (!open) return;
          open = false;
          inTime();
          deaf();
          if (process.alive) idle.push(running);
          resolve(outcome);
        };
        const deaf = process.onDeath(() => timeline.after(noticeMs, () => end({ kind: 'died' })));
        process.begin(address, trace);
        const inTime = timeline.after(functions[code.name].timeoutMs, () => process.die());
        running.handle(event, address).then(
          (value) => process.alive && end({ kind: 'returned', value }),
          (error) => process.alive && end({ kind: 'threw', error }),
        );
      }),
    dieAll() {
      for (const process of all) process.die();
      idle.length = 0;
    },
    release() {
      for (const process of all) process.release();
    },
  };
}
