// The clock that functions see: this machine's, until somebody moves it forward. It lets a test live through minutes without
// waiting for them, while every bound of the product stays what it is.

export interface FunctionClock {
  /** How far it is ahead of this machine's. */
  readonly aheadMs: number;
  /** Returns how far it is ahead then. */
  advance(ms: number): number;
  /** Calls the listener whenever it was moved, until what is returned is called. */
  onAdvance(listener: (aheadMs: number) => void): () => void;
}

export const createClock = (): FunctionClock => {
  const listeners = new Set<(aheadMs: number) => void>();
  let aheadMs = 0;
  return {
    get aheadMs() {
      return aheadMs;
    },
    advance(ms) {
      aheadMs += ms;
      for (const listener of listeners) listener(aheadMs);
      return aheadMs;
    },
    onAdvance(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
};
