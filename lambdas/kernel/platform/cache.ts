// What a process keeps in memory for a while: by name, each until its time is over, and at most so many, because names may
// come from callers. The one that was kept first goes first.

export interface Cache<T> {
  /** Undefined: never kept, over, displaced or forgotten. */
  get(name: string): T | undefined;
  keep(name: string, value: T, untilMs: number): void;
  forget(name: string): void;
}

export function cache<T>(clock: () => number, most: number): Cache<T> {
  const kept = new Map<string, { readonly value: T; readonly untilMs: number }>();
  return {
    get(name) {
      const found = kept.get(name);
      if (found === undefined || clock() < found.untilMs) return found?.value;
      kept.delete(name);
      return undefined;
    },
    keep(name, value, untilMs) {
      // A Map lists its names in the order in which they came: what is kept anew comes last.
      kept.delete(name);
      kept.set(name, { value, untilMs });
      const first = kept.size > most ? kept.keys().next().value : undefined;
      // Stryker disable next-line ConditionalExpression: deleting undefined deletes nothing; the types want it asked.
      if (first !== undefined) kept.delete(first);
    },
    forget: (name) => {
      kept.delete(name);
    },
  };
}
