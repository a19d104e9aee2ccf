// AWS as calls find it when they arrive: reads may be stale, and a transaction holds its items for a moment.

import type { AwsCall } from '../../test/kit/aws/answered.ts';
import type { MemoryAws } from '../../test/kit/aws/memory.ts';
import type { Fractions } from './draw.ts';
import type { Timeline } from './timeline.ts';

export interface SimulatedAwsPorts {
  readonly timeline: Timeline;
  readonly aws: MemoryAws;
  /** After everything that changed something at AWS. */
  readonly wrote: () => void;
}

/** A transaction holds its items for a moment, in which others meet it. */
export const transactionMs = 6;

/** How old a read that may be stale is: mostly a moment, now and then seconds. */
const lagMs = (drawn: number): number => {
  if (drawn < 0.9) return drawn * 30;
  return drawn < 0.99 ? (drawn - 0.9) * 20_000 : 10_000;
};

/** What an action came to: what it returned, or the error that it threw. */
function outcomeOf(action: () => object): object | Error {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return error;
  }
}

export class SimulatedAws {
  readonly #ports: SimulatedAwsPorts;
  /** Positions of the database, for reads that see its tables as they were a while ago. */
  readonly #history: { readonly atMs: number; readonly position: number }[] = [];
  #queuesAt = 0;

  constructor(ports: SimulatedAwsPorts) {
    this.#ports = ports;
  }

  /** Carries a call out (null: nothing), and says when it is done: at once, or for a transaction a moment later. */
  perform(call: AwsCall | null, drawn: Fractions, done: (outcome: object | Error) => void): void {
    const { timeline, aws } = this.#ports;
    if (call === null) {
      done({});
      return;
    }
    if (call.operation !== 'TransactWriteItems') {
      const asOf = this.#positionAt(timeline.now() - lagMs(drawn(0)));
      done(this.#noticed(outcomeOf(() => aws.answer(call, { asOf }))));
      return;
    }
    let transaction: { commit(): object };
    try {
      transaction = aws.begin(call);
    } catch (error) {
      done(error as Error);
      return;
    }
    timeline.after(drawn(1) * transactionMs, () => done(this.#noticed(outcomeOf(() => transaction.commit()))));
  }

  /** Passes an outcome on, once what it changed is known. */
  #noticed(outcome: object | Error): object | Error {
    const { timeline, aws, wrote } = this.#ports;
    const { position } = aws.database;
    const written = this.#history.at(-1)?.position !== position;
    if (written) this.#history.push({ atMs: timeline.now(), position });
    if (written || this.#queuesAt !== aws.queues.position) wrote();
    this.#queuesAt = aws.queues.position;
    return outcome;
  }

  #positionAt(ms: number): number {
    for (let index = this.#history.length - 1; index >= 0; index -= 1) {
      const moment = this.#history[index];
      if (moment !== undefined && moment.atMs <= ms) return moment.position;
    }
    return this.#history[0]?.position ?? this.#ports.aws.database.position;
  }
}
