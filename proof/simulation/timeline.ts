// Virtual time: what is planned happens in its order, as fast as it can be computed. Nothing here waits for a real clock,
// and equal times keep the order in which they were planned.

interface Planned {
  readonly atMs: number;
  readonly order: number;
  /** Null: called off. */
  happen: (() => void) | null;
}

const before = (one: Planned, other: Planned): boolean =>
  one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);

/** Until every promise that could go on has gone on: Node empties the queue of microtasks before it takes the next tick. */
const quiet = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

export class EndlessWorld extends Error {}

export class Timeline {
  #nowMs: number;
  #order = 0;
  /** A binary heap, the next first. */
  readonly #planned: Planned[] = [];

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  /** Milliseconds since the Unix epoch. */
  readonly now = (): number => this.#nowMs;

  /** Gives back what calls it off. */
  after(ms: number, happen: () => void): () => void {
    const heap = this.#planned;
    const added: Planned = { atMs: this.#nowMs + Math.max(0, Math.round(ms)), order: this.#order, happen };
    this.#order += 1;
    let at = heap.length;
    heap.push(added);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent] as Planned;
      if (!before(added, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = added;
    return () => {
      added.happen = null;
    };
  }

  readonly sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      this.after(ms, resolve);
    });

  /** Lets time pass in which nothing happens: what was planned for it comes late. */
  skip(ms: number): void {
    // A clock counts whole milliseconds.
    this.#nowMs += Math.round(ms);
  }

  /** Ends when nothing is planned any more. Throws where more happens than the bound allows: a world that never ends. */
  async run(maxEvents: number): Promise<number> {
    let events = 0;
    for (let next = this.#take(); next !== undefined; next = this.#take()) {
      if (next.happen === null) continue;
      events += 1;
      if (events > maxEvents) throw new EndlessWorld(`a world that did not end after ${maxEvents} events`);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.happen();
      await quiet();
    }
    return events;
  }

  #take(): Planned | undefined {
    const heap = this.#planned;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1] as Planned, heap[child] as Planned)) child += 1;
      if (!before(heap[child] as Planned, last)) break;
      heap[at] = heap[child] as Planned;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}
