// How many function processes may be starting at once, of all functions together. Starting one costs a core for a tenth of a
// second; a burst that started thirty at once would wait for all of them instead of for the first two.

import { availableParallelism } from 'node:os';

export interface StartLimiter {
  /** Whether a start may begin now. If not, `askAgain` is called once when another one has ended. */
  enter(askAgain: () => void): boolean;
  leave(): void;
}

export const createStartLimiter = (limit = availableParallelism()): StartLimiter => {
  const waiting = new Set<() => void>();
  let inside = 0;
  return {
    enter(askAgain) {
      if (inside >= limit) {
        waiting.add(askAgain);
        return false;
      }
      inside += 1;
      return true;
    },
    leave() {
      inside -= 1;
      const all = [...waiting];
      waiting.clear();
      for (const askAgain of all) askAgain();
    },
  };
};
