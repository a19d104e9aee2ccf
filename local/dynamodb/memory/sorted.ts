// A sorted list that stays fast however long it grows: it is stored in chunks, so that an insertion moves few items.
// The order is that of `token`, then of `tie`, by UTF-16 units.

export interface Placed {
  readonly token: string;
  readonly tie: string;
}

const mostInChunk = 512;

/** A position: a chunk and an index in it. */
interface Spot {
  chunk: number;
  at: number;
}

const isBefore = (one: Placed, token: string, tie: string): boolean =>
  one.token < token || (one.token === token && one.tie < tie);

export class Sorted<Entry extends Placed> {
  readonly #chunks: Entry[][] = [[]];
  #count = 0;

  get size(): number {
    return this.#count;
  }

  /** The first that is not before this token and tie. */
  #seek(token: string, tie: string): Spot {
    const chunks = this.#chunks;
    let low = 0;
    let high = chunks.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      const chunk = chunks[middle] as Entry[];
      if (isBefore(chunk[chunk.length - 1] as Entry, token, tie)) low = middle + 1;
      else high = middle;
    }
    const chunk = chunks[low] as Entry[];
    let from = 0;
    let to = chunk.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (isBefore(chunk[middle] as Entry, token, tie)) from = middle + 1;
      else to = middle;
    }
    return { chunk: low, at: from };
  }

  /** Most keys come in order: behind everything that is there. */
  #end({ token, tie }: Placed): Spot | undefined {
    const chunk = this.#chunks.length - 1;
    const last = this.#chunks[chunk]?.at(-1);
    if (last !== undefined && !isBefore(last, token, tie)) return undefined;
    return { chunk, at: this.#chunks[chunk]?.length ?? 0 };
  }

  find(token: string, tie: string): Entry | undefined {
    const { chunk, at } = this.#seek(token, tie);
    const found = this.#chunks[chunk]?.[at];
    return found !== undefined && found.token === token && found.tie === tie ? found : undefined;
  }

  /** There must be none with its token and tie yet. */
  add(entry: Entry): void {
    const spot = this.#end(entry) ?? this.#seek(entry.token, entry.tie);
    const chunk = this.#chunks[spot.chunk] as Entry[];
    if (spot.at === chunk.length) chunk.push(entry);
    else chunk.splice(spot.at, 0, entry);
    this.#count += 1;
    if (chunk.length <= mostInChunk) return;
    // Appending in order fills chunks; inserting elsewhere halves them.
    const keep = spot.at === chunk.length - 1 ? mostInChunk : mostInChunk / 2;
    this.#chunks.splice(spot.chunk + 1, 0, chunk.splice(keep));
  }

  remove(entry: Entry): void {
    const { chunk, at } = this.#seek(entry.token, entry.tie);
    const found = this.#chunks[chunk];
    if (found?.[at] !== entry) return;
    found.splice(at, 1);
    this.#count -= 1;
    if (found.length === 0 && this.#chunks.length > 1) this.#chunks.splice(chunk, 1);
  }

  /** From the first that is not before `token` and `tie` on; absent, from the first of all. */
  *upwards(token = '', tie = ''): Generator<Entry, void> {
    const spot = this.#seek(token, tie);
    for (let index = spot.chunk; index < this.#chunks.length; index += 1) {
      const chunk = this.#chunks[index] as Entry[];
      for (let at = index === spot.chunk ? spot.at : 0; at < chunk.length; at += 1) yield chunk[at] as Entry;
    }
  }

  /** From the last that is before `token` and `tie` on; absent, from the last of all. */
  *downwards(token?: string, tie = ''): Generator<Entry, void> {
    const last = this.#chunks.length - 1;
    const spot = token === undefined ? { chunk: last, at: this.#chunks[last]?.length ?? 0 } : this.#seek(token, tie);
    for (let index = spot.chunk; index >= 0; index -= 1) {
      const chunk = this.#chunks[index] as Entry[];
      for (let at = (index === spot.chunk ? spot.at : chunk.length) - 1; at >= 0; at -= 1) yield chunk[at] as Entry;
    }
  }
}
