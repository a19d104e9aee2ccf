// Items by key: partitions, and in each the items in the order of their sort keys. A scan goes through the partitions in
// the order of their hashes, as DynamoDB does, which has nothing to do with the order in which they were written.

import type { Entry } from './entry.ts';
import { Sorted } from './sorted.ts';

const hashBits = 32;

/** FNV-1a, as text in the order of the hashes. */
export const hashOf = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  // Its high bits differ too little for texts that end alike; one more mixing spreads them.
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
};

const hashText = (name: string): string =>
  hashOf(name)
    .toString(16)
    .padStart(hashBits / 4, '0');

class Partition {
  readonly tie: string;
  readonly entries = new Sorted<Entry>();
  #token: string | undefined = undefined;

  constructor(name: string) {
    this.tie = name;
  }

  get token(): string {
    this.#token ??= hashText(this.tie);
    return this.#token;
  }
}

/** Where a scan goes on: behind this entry. */
export interface ScanStart {
  readonly partition: string;
  readonly token: string;
  readonly tie: string;
}

export class Keyspace {
  readonly #partitions = new Map<string, Partition>();
  readonly #order = new Sorted<Partition>();
  /** Found last, and still there. */
  #last: Entry | undefined = undefined;
  /** Partitions that no scan has seen yet: only a scan needs their order. */
  readonly #fresh = new Set<Partition>();

  find(partition: string, token: string, tie = ''): Entry | undefined {
    // A writer has just read what is there.
    const last = this.#last;
    if (last !== undefined && last.token === token && last.partition === partition && last.tie === tie) return last;
    const found = this.#partitions.get(partition)?.entries.find(token, tie);
    if (found !== undefined) this.#last = found;
    return found;
  }

  add(entry: Entry): void {
    let partition = this.#partitions.get(entry.partition);
    if (partition === undefined) {
      partition = new Partition(entry.partition);
      this.#partitions.set(entry.partition, partition);
      this.#fresh.add(partition);
    }
    partition.entries.add(entry);
  }

  remove(entry: Entry): void {
    const partition = this.#partitions.get(entry.partition);
    if (partition === undefined) return;
    if (this.#last === entry) this.#last = undefined;
    partition.entries.remove(entry);
    if (partition.entries.size > 0) return;
    this.#partitions.delete(entry.partition);
    if (!this.#fresh.delete(partition)) this.#order.remove(partition);
  }

  partition(name: string): Sorted<Entry> | undefined {
    return this.#partitions.get(name)?.entries;
  }

  *all(): Generator<Entry, void> {
    for (const { entries } of this.#partitions.values()) yield* entries.upwards();
  }

  /** One of `segments` equal parts of the hashes. */
  *scan(after: ScanStart | undefined, segment: number, segments: number): Generator<Entry, void> {
    for (const partition of this.#fresh) this.#order.add(partition);
    this.#fresh.clear();
    const bound = (part: number): string =>
      Math.ceil((part * 2 ** hashBits) / segments)
        .toString(16)
        .padStart(hashBits / 4, '0');
    const end = segment + 1 === segments ? 'g' : bound(segment + 1);
    const [from, tie] = after === undefined ? [bound(segment), ''] : [hashText(after.partition), after.partition];
    for (const partition of this.#order.upwards(from, tie)) {
      if (partition.token >= end) return;
      if (partition.tie !== after?.partition) yield* partition.entries.upwards();
      else
        for (const entry of partition.entries.upwards(after.token, after.tie)) {
          if (entry.token !== after.token || entry.tie !== after.tie) yield entry;
        }
    }
  }
}
