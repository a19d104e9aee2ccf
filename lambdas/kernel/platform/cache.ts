// What a process keeps in memory for a while: by name, each until its time is over, and at most so many, because names may
// come from callers. The oldest is dropped first.

export interface Cache<T> {
  /** Undefined: never put in, expired, displaced or forgotten. */
  get(name: string): T | undefined;
  keep(name: string, value: T, untilMs: number): void;
  forget(name: string): void;
}

export function cache<T>(clock: () => number, most: number): Cache<T> {
  const entries = new Map<string, { readonly value: T; readonly untilMs: number }>();
  return {
    get(name) {
      const found = entries.get(name);
      if (found === undefined || clock() < found.untilMs) return found?.value;
      entries.delete(name);
      return undefined;
    },
    keep(name, value, untilMs) {
      // A Map lists its names in the order in which they came: what is put again comes last.
      entries.delete(name);
      entries.set(name, { value, untilMs });
      const first = entries.size > most ? entries.keys().next().value : undefined;
      // Stryker disable next-line ConditionalExpression: deleting undefined deletes nothing; the types want it asked.
      if (first !== undefined) entries.delete(first);
    },
    forget: (name) => {
      entries.delete(name);
    },
  };
}
