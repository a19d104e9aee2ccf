// One table: its items, its indexes, its stream, and when its items expire. A write reaches all of them at once.

import type { ChangeLog } from './change_log.ts';
import type { TableDefinition } from './definition.ts';
import { Entry, type Stored } from './entry.ts';
import { ExpiryClock } from './expiry.ts';
import { type Address, addressText, keyNames } from './key.ts';
import { Keyspace } from './keyspace.ts';
import { SecondaryIndex } from './secondary_index.ts';
import type { StreamView, TableStream } from './stream.ts';
import type { Item } from './value.ts';

/** As DescribeTable shows it. */
export interface RestoreSummary {
  readonly SourceTableArn: string;
  readonly RestoreDateTime: Date;
  readonly RestoreInProgress: boolean;
}

export class Table {
  definition: TableDefinition;
  readonly arn: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly keyspace = new Keyspace();
  readonly indexes: readonly SecondaryIndex[];
  stream: TableStream | undefined;
  /** Absent: no point in time can be restored. */
  recovery: ChangeLog | undefined = undefined;
  /** What it was restored from. */
  restored: RestoreSummary | undefined = undefined;
  readonly expiry = new ExpiryClock();
  readonly #keepsHistory: boolean;
  readonly #keyNames: readonly string[];
  count = 0;
  bytes = 0;

  constructor(
    definition: TableDefinition,
    more: {
      readonly arn: string;
      readonly createdAt: number;
      readonly stream: TableStream | undefined;
      readonly keepsHistory: boolean;
    },
  ) {
    this.definition = definition;
    this.arn = more.arn;
    this.createdAt = more.createdAt;
    this.stream = more.stream;
    this.#keepsHistory = more.keepsHistory;
    this.#keyNames = keyNames(definition.keys);
    this.indexes = definition.indexes.map((index) => new SecondaryIndex(index, definition.keys));
  }

  /** Its keys and indexes stay. */
  redefine(definition: TableDefinition, streamOf: (view: StreamView) => TableStream): void {
    this.definition = definition;
    if (definition.view === undefined) this.stream = undefined;
    else this.stream ??= streamOf(definition.view);
  }

  isKey(name: string): boolean {
    return this.#keyNames.includes(name);
  }

  index(name: string): SecondaryIndex | undefined {
    return this.indexes.find(({ definition }) => definition.name === name);
  }

  checkIndexKeys(item: Item): void {
    for (const index of this.indexes) index.check(item);
  }

  stored({ partition, token }: Address): Stored | undefined {
    return this.keyspace.find(partition, token)?.stored;
  }

  /** `before` is what is there; an undefined `after` deletes it. What is written must have been checked. */
  put(address: Address, before: Stored | undefined, after: Stored | undefined, position: number): void {
    // Only what has a past has an entry without an item.
    const isThere = before !== undefined || this.#keepsHistory;
    let entry = isThere ? this.keyspace.find(address.partition, address.token) : undefined;
    if (entry === undefined) {
      if (after === undefined) return;
      entry = new Entry(address.partition, address.token, '');
      this.keyspace.add(entry);
    }
    entry.hold(after, position, this.#keepsHistory);
    for (let number = 0; number < this.indexes.length; number += 1) this.#mirror(number, entry, before, position);
    if (after === undefined && !this.#keepsHistory) this.keyspace.remove(entry);
    this.count += (after === undefined ? 0 : 1) - (before === undefined ? 0 : 1);
    this.bytes += (after?.bytes ?? 0) - (before?.bytes ?? 0);
    this.expiry.note(address, before?.item, after?.item);
  }

  /** Undefined turns it off. */
  setExpiry(attribute: string | undefined): void {
    this.expiry.set(attribute);
    for (const entry of this.keyspace.all()) this.expiry.note(entry, undefined, entry.stored?.item);
  }

  /** Every item that is there. */
  *items(): Generator<Item, void> {
    for (const { stored } of this.keyspace.all()) if (stored !== undefined) yield stored.item;
  }

  #mirror(number: number, entry: Entry, before: Stored | undefined, position: number): void {
    const index = this.indexes[number];
    if (index === undefined) return;
    const after = entry.stored;
    const mirror = entry.mirrors[number];
    if (mirror !== undefined && before !== undefined && after !== undefined) {
      if (index.keepsKey(before.item, after.item)) {
        mirror.hold(after, position, this.#keepsHistory);
        return;
      }
    }
    const address = after === undefined ? undefined : index.addressOf(after.item);
    if (mirror !== undefined) {
      if (mirror.partition === address?.partition && mirror.token === address.token) {
        mirror.hold(after, position, this.#keepsHistory);
        return;
      }
      mirror.hold(undefined, position, this.#keepsHistory);
      if (!this.#keepsHistory) index.keyspace.remove(mirror);
      entry.mirrors[number] = undefined;
    }
    if (address === undefined) return;
    const tie = addressText(entry);
    let placed = this.#keepsHistory ? index.keyspace.find(address.partition, address.token, tie) : undefined;
    if (placed === undefined) {
      placed = new Entry(address.partition, address.token, tie);
      index.keyspace.add(placed);
    }
    placed.hold(after, position, this.#keepsHistory);
    entry.mirrors[number] = placed;
  }
}
