// Carries the writes of one region's tables to the other, as global tables do: asynchronously, item by item, and until the other
// region has them, whichever of the two ends meanwhile. It holds nothing that outlives it: what waits is in the source's engine.

import { setTimeout } from 'node:timers/promises';
import * as v from 'valibot';
import { localLimits } from '../host/limits.ts';
import { messageOf } from '../host/user_error.ts';
import type { EngineClient } from './client.ts';

const Writes = v.object({
  // The engine's own, passed on as they are.
  writes: v.array(v.looseObject({ number: v.number() })),
});

/** How the engines are spoken to: in this process, or over HTTP. */
export interface ReplicationEnds {
  /** Those after this number, in order. */
  read(after: number, limit: number): Promise<readonly { readonly number: number }[]>;
  apply(writes: readonly object[]): Promise<void>;
  acknowledge(upTo: number): Promise<void>;
}

/** Each is asked for when it is called: an engine that was started again is another client. */
export const engineCalls = (from: () => EngineClient, to: () => EngineClient): ReplicationEnds => {
  const call = async (client: () => EngineClient, operation: string, input: object): Promise<unknown> =>
    client().call(`DynamoDB_20120810.${operation}`, input);
  return {
    read: async (after, limit) => v.parse(Writes, await call(from, 'ReadReplication', { after, limit })).writes,
    apply: async (writes) => void (await call(to, 'ApplyReplication', { writes })),
    acknowledge: async (upTo) => void (await call(from, 'AcknowledgeReplication', { upTo })),
  };
};

export interface Replicator {
  /** Something was written at the source: look now. */
  nudge(): void;
  /** Nothing is sent until it is mended. */
  cut(): void;
  mend(): void;
  stop(): Promise<void>;
}

export interface ReplicatorOptions {
  /** From where to where, for messages. */
  readonly name: string;
  readonly ends: ReplicationEnds;
  /** How long after a write the other region has it; AWS says "usually within a second". */
  readonly lagMs: number;
  readonly warn: (text: string) => void;
}

class Loop implements Replicator {
  readonly #options: ReplicatorOptions;
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;
  #idle: AbortController | undefined;
  #isNudged = false;
  #isCut = false;
  /** Number of the last write that the other region has. */
  #sent = 0;
  /** A region that is down is down for a while: it is said once. */
  #isFailing = false;

  constructor(options: ReplicatorOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  nudge(): void {
    this.#isNudged = true;
    this.#idle?.abort();
  }

  cut(): void {
    this.#isCut = true;
  }

  mend(): void {
    this.#isCut = false;
    this.nudge();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#idle?.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      this.#isNudged = false;
      const sent = await this.#send().catch((thrown: unknown) => {
        if (!this.#isFailing && !this.#stopping.signal.aborted)
          this.#options.warn(`Replication ${this.#options.name} waits: ${messageOf(thrown)}`);
        this.#isFailing = true;
        return 0;
      });
      if (sent === 0 && !this.#isNudged) await this.#pause(localLimits.idlePollMs);
    }
  }

  /** Sends what there is, once. Resolves with how many writes. */
  async #send(): Promise<number> {
    const { ends, lagMs } = this.#options;
    if (this.#isCut) return 0;
    const writes = await ends.read(this.#sent, localLimits.streamBatchRecords);
    const last = writes.at(-1);
    if (last === undefined) return 0;
    await this.#pause(lagMs, this.#stopping.signal);
    // What was cut off on the way is read again, and with what came after it.
    if (this.#isCut || this.#stopping.signal.aborted) return 0;
    await ends.apply(writes);
    await ends.acknowledge(last.number);
    this.#sent = last.number;
    this.#isFailing = false;
    return writes.length;
  }

  async #pause(ms: number, signal?: AbortSignal): Promise<void> {
    this.#idle = new AbortController();
    await setTimeout(ms, undefined, { signal: signal ?? this.#idle.signal }).catch(() => {});
    this.#idle = undefined;
  }
}

export const startReplicator = (options: ReplicatorOptions): Replicator => new Loop(options);
