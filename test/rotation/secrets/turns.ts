// Calls that wait for their turn, and a driver that lets one of them go on at a time, in the order that the numbers say. The
// next is let go only when everything that the last one caused has come to a stand.

import { setImmediate } from 'node:timers/promises';

export interface Turns {
  /** Resolves when it is its turn. */
  take(): Promise<void>;
  /** Lets turns pass until the work is done. */
  until<T>(work: Promise<T>): Promise<T>;
}

const turnsAtMost = 10_000;

export function turns(order: readonly number[]): Turns {
  const waiting: (() => void)[] = [];
  return {
    take: () => new Promise((resolve) => waiting.push(resolve)),
    async until(work) {
      let done = false;
      const settled = work.finally(() => {
        done = true;
      });
      settled.catch(() => {});
      for (let turn = 0; !done; turn += 1) {
        if (turn === turnsAtMost) throw new Error('the work does not end');
        await setImmediate();
        const [next] = waiting.splice((order[turn % order.length] ?? 0) % Math.max(waiting.length, 1), 1);
        next?.();
      }
      return settled;
    },
  };
}
