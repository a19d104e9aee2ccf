// One key's place in a table or index: the item that it holds now and, where there is a history, those that it held.

import type { Item } from './value.ts';

/** An item as stored. It is never changed: a write puts another in its place. */
export interface Stored {
  readonly item: Item;
  /** Of the whole item. */
  readonly bytes: number;
}

interface Version {
  readonly stored: Stored | undefined;
  /** The position of the write that put it here. */
  readonly since: number;
  readonly older: Version | undefined;
}

export class Entry {
  /** Partition key, as text. */
  readonly partition: string;
  /** Sort key, as text in the order of the keys. */
  readonly token: string;
  /** Distinguishes entries of an index that have the same key. */
  readonly tie: string;
  stored: Stored | undefined = undefined;
  /** The same item's entries in the table's indexes, by the index's number. Of a table's own entry. */
  readonly mirrors: (Entry | undefined)[] = [];
  #since = 0;
  #older: Version | undefined = undefined;

  constructor(partition: string, token: string, tie: string) {
    this.partition = partition;
    this.token = token;
    this.tie = tie;
  }

  hold(stored: Stored | undefined, position: number, keepsHistory: boolean): void {
    if (keepsHistory && this.#since !== position) {
      this.#older = { stored: this.stored, since: this.#since, older: this.#older };
    }
    this.#since = position;
    this.stored = stored;
  }

  /** What it held once the write at `position` was done. */
  at(position: number): Stored | undefined {
    if (this.#since <= position) return this.stored;
    let version = this.#older;
    while (version !== undefined && version.since > position) version = version.older;
    return version?.stored;
  }

  /** Forgets what only reads before `position` would see. True once nothing is left at all. */
  forget(position: number): boolean {
    if (this.#since <= position) {
      this.#older = undefined;
      return this.stored === undefined;
    }
    let version = this.#older;
    while (version !== undefined && version.since > position) version = version.older;
    if (version !== undefined) Object.assign(version, { older: undefined });
    return false;
  }
}
