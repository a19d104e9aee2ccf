// What makes a table one replica of a global table, version 2019.11.21 (DynamoDB developer guide, "How DynamoDB global tables
// work", read December 2026): each item has a hidden stamp of its last write, a write from another region is applied only where
// its stamp is newer, and writes that wait are merged by item. Whoever reads what is outgoing sends it; nothing here does.

import { sameItem } from './compare.ts';
import type { Stored } from './entry.ts';
import { malformed } from './error.ts';
import { pick } from './expression/projection.ts';
import { type Input, textOf } from './input.ts';
import { type Address, addressOf, addressText, checkedKey, keyNames } from './key.ts';
import type { Table } from './table.ts';
import type { Item } from './value.ts';

/** When an item was written last, and where: the newer one wins, and of the same moment the region whose name is greater. */
export interface Stamp {
  /** Milliseconds since 1970, with a fraction where one moment saw several writes. */
  readonly at: number;
  readonly region: string;
}

/** A write on its way to the other replicas. */
export interface ReplicatedWrite extends Stamp {
  /** In the order of the writes, beginning with 1. */
  readonly number: number;
  readonly table: string;
  readonly keys: Item;
  /** Absent: the item was deleted, by a call or by its time to live. */
  readonly image?: Item;
}

interface Outgoing {
  readonly table: Table;
  readonly address: Address;
  readonly keys: Item;
  readonly number: number;
}

/** What distinguishes two writes of one moment to one item. */
const tickMs = 1 / 1024;

const isNewer = (one: Stamp, other: Stamp | undefined): boolean =>
  other === undefined || one.at > other.at || (one.at === other.at && one.region > other.region);

const placeOf = (table: Table, address: Address): string => `${table.definition.name}/${addressText(address)}`;

export const numberIn = (value: unknown): number => {
  if (typeof value === 'number') return value;
  throw malformed('a replicated write has no number where one should be');
};

export class Replication {
  readonly #region: string;
  readonly #tables = new Set<string>();
  /** Of deleted items too: an older write of another region must not bring them back. */
  readonly #stamps = new Map<string, Stamp>();
  /** At most one for each item, by place: what was not sent before the next write is merged into it. */
  readonly #outgoing = new Map<string, Outgoing>();
  #next = 1;

  constructor(region: string) {
    this.#region = region;
  }

  has(table: string): boolean {
    return this.#tables.has(table);
  }

  /** From now on the table is a replica; what it holds already goes to the others. False: it was one. */
  begin(table: Table, nowMs: number): boolean {
    const { name } = table.definition;
    if (this.#tables.has(name)) return false;
    this.#tables.add(name);
    for (const item of table.items()) {
      const address = addressOf(table.definition.keys, item);
      this.note(table, address, undefined, { item, bytes: 0 }, nowMs);
    }
    return true;
  }

  /** A write of this region. One that changes nothing is not replicated. */
  note(table: Table, address: Address, before: Stored | undefined, after: Stored | undefined, nowMs: number): void {
    const image = after ?? before;
    if (image === undefined || (before !== undefined && after !== undefined && sameItem(before.item, after.item)))
      return;
    const place = placeOf(table, address);
    const last = this.#stamps.get(place)?.at ?? 0;
    this.#stamps.set(place, { at: Math.max(nowMs, last + tickMs), region: this.#region });
    this.#outgoing.delete(place);
    const keys = pick(image.item, keyNames(table.definition.keys));
    this.#outgoing.set(place, { table, address, keys, number: this.#next });
    this.#next += 1;
  }

  /** Those after this number, in order. */
  outgoing(after: number, limit: number): ReplicatedWrite[] {
    const found: ReplicatedWrite[] = [];
    for (const [place, { table, address, keys, number }] of this.#outgoing) {
      const stamp = this.#stamps.get(place);
      // Another region's write has won here meanwhile.
      if (number <= after || stamp?.region !== this.#region) continue;
      if (found.length >= limit) break;
      const image = table.stored(address)?.item;
      found.push({ number, table: table.definition.name, keys, ...(image !== undefined && { image }), ...stamp });
    }
    return found;
  }

  /** All replicas have those up to this number. */
  acknowledge(upTo: number): void {
    for (const [place, { number }] of this.#outgoing) {
      if (number > upTo) return;
      this.#outgoing.delete(place);
    }
  }

  /** Whether another region's write wins; if so, it is the item's last. */
  accepts(table: Table, address: Address, { at, region }: Stamp): boolean {
    const place = placeOf(table, address);
    if (!isNewer({ at, region }, this.#stamps.get(place))) return false;
    this.#stamps.set(place, { at, region });
    return true;
  }

  /** In lines that `restoreLine` accepts, once the tables and their items are there. */
  *snapshot(): Generator<Input, void> {
    for (const table of this.#tables) yield { replica: table };
    for (const [place, { at, region }] of this.#stamps) yield { stamp: place, at, region };
    for (const { table, keys, number } of this.#outgoing.values()) {
      yield { outgoing: number, of: table.definition.name, keys };
    }
    yield { outgoingNext: this.#next };
  }

  /** False: it is a line of something else. */
  restoreLine(tableOf: (name: unknown) => Table, line: Input): boolean {
    if (line.replica !== undefined) this.#tables.add(textOf(line.replica, 'replica'));
    else if (line.stamp !== undefined) {
      this.#stamps.set(textOf(line.stamp, 'stamp'), { at: numberIn(line.at), region: textOf(line.region, 'region') });
    } else if (line.outgoing !== undefined) {
      const table = tableOf(line.of);
      const keys = checkedKey(table.definition.keys, line.keys);
      const address = addressOf(table.definition.keys, keys);
      this.#outgoing.set(placeOf(table, address), { table, address, keys, number: numberIn(line.outgoing) });
    } else if (line.outgoingNext !== undefined) this.#next = numberIn(line.outgoingNext);
    else return false;
    return true;
  }
}
