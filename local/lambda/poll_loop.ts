// The loop of an event source mapping's poller: polls until it is stopped. A poll that fails is reported and begins again
// after a pause.

import { setTimeout } from 'node:timers/promises';
import { localLimits } from '../host/limits.ts';

/** Ends early when `signal` is aborted. */
export const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  setTimeout(ms, undefined, { signal }).catch(() => {});

export const pollUntilStopped = async (
  stopping: AbortSignal,
  poll: () => Promise<void>,
  failed: (thrown: unknown) => void,
): Promise<void> => {
  while (!stopping.aborted) {
    try {
      await poll();
    } catch (thrown) {
      if (!stopping.aborted) failed(thrown);
      await pause(localLimits.idlePollMs, stopping);
    }
  }
};
