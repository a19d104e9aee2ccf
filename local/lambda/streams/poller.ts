// Polls the stream of one table for one function, as Lambda's event source mapping does: each shard in order, after its
// parents, from the checkpoint on. A record is delivered at least once, whichever process is killed.

import { EngineError } from '../../dynamodb/client.ts';
import { localLimits } from '../../host/limits.ts';
import { messageOf } from '../../host/user_error.ts';
import { pause, pollUntilStopped } from '../poll_loop.ts';
import type { Pool } from '../pool.ts';
import { type Attempt, attemptOf } from './deliver.ts';
import type { StreamRecord } from './records.ts';
import { openStream, type StreamOptions } from './shards.ts';

export interface Poller {
  /** Something was written: look now. */
  nudge(): void;
  stop(): Promise<void>;
}

export interface PollerOptions extends StreamOptions {
  readonly pool: Pool;
  /** Whether the function's role lets Lambda read the stream; asked once. Absent: it does. */
  readonly mayRead?: () => boolean;
}

const expiredCodes = new Set(['ExpiredIteratorException', 'TrimmedDataAccessException']);

export const startPoller = (options: PollerOptions): Poller => {
  const { mapping, pool, warn } = options;
  let nudged = false;
  const stopping = new AbortController();
  const stopped = (): boolean => stopping.signal.aborted;
  let idling: AbortController | undefined;

  /** An iterator that has expired or lost a race is normal; everything starts again from the checkpoint. */
  const failed = (thrown: unknown): void => {
    const expired = thrown instanceof EngineError && expiredCodes.has(thrown.code);
    if (!expired) warn(`Stream of ${mapping.table}: ${messageOf(thrown)}`);
  };

  /** Ends early when something was written; a pause before a retry does not. */
  const idle = async (): Promise<void> => {
    idling = new AbortController();
    await pause(localLimits.idlePollMs, AbortSignal.any([idling.signal, stopping.signal]));
    idling = undefined;
  };

  const attempt = async (records: readonly StreamRecord[]): Promise<Attempt> => {
    const outcome = await pool.invoke({ Records: records });
    if (outcome.kind === 'returned') return attemptOf(outcome.payload, records, mapping.reportsFailures);
    return { done: 0, failed: true, threw: true };
  };

  const readStream = async (): Promise<void> => {
    const stream = await openStream(options, { attempt, pause: (ms) => pause(ms, stopping.signal), stopped });
    while (!stopped()) {
      nudged = false;
      const foundRecords = await stream.readShards();
      if (!foundRecords && !nudged && !stopped()) await idle();
    }
  };

  const run = async (): Promise<void> => {
    // Policies don't change while the zone runs: a role that may not read now never may.
    if (options.mayRead?.() === false)
      return warn(
        `${mapping.functionName}: the stream of ${mapping.table} is not read; nothing that it holds is delivered.`,
      );
    await pollUntilStopped(stopping.signal, readStream, failed);
  };

  const running = run();
  return {
    nudge() {
      nudged = true;
      idling?.abort();
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
};
