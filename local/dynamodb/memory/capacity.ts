// Capacity units (DynamoDB developer guide, "DynamoDB read and write operations" and, for indexes, "Using Global Secondary
// Indexes in DynamoDB"): a write unit for each KiB begun, of the larger image, in the table and in each index that it
// touches; a read unit for each 4 KiB begun, half where the read is eventually consistent; twice that in transactions.

import { sameItem } from './compare.ts';
import type { Stored } from './entry.ts';
import { choiceOf, type Input } from './input.ts';
import type { SecondaryIndex } from './secondary_index.ts';
import type { Table } from './table.ts';

export type CapacityMode = 'NONE' | 'TOTAL' | 'INDEXES';

export const capacityMode = (input: Input): CapacityMode =>
  choiceOf(input.ReturnConsumedCapacity, 'returnConsumedCapacity', ['INDEXES', 'TOTAL', 'NONE'], 'NONE');

const writeBlockBytes = 1024;
const readBlockBytes = 4096;

const blocks = (bytes: number, blockBytes: number): number => Math.max(1, Math.ceil(bytes / blockBytes));

export const readUnits = (bytes: number, consistent: boolean): number =>
  blocks(bytes, readBlockBytes) * (consistent ? 1 : 0.5);

export const writeUnits = (before: Stored | undefined, after: Stored | undefined): number =>
  blocks(Math.max(before?.bytes ?? 0, after?.bytes ?? 0), writeBlockBytes);

const indexWriteUnits = (index: SecondaryIndex, before: Stored | undefined, after: Stored | undefined): number => {
  const [from, to] = [before && index.addressOf(before.item), after && index.addressOf(after.item)];
  const wasIn = from === undefined ? undefined : before;
  const isIn = to === undefined ? undefined : after;
  if (wasIn === undefined || isIn === undefined)
    return wasIn === isIn ? 0 : writeUnits(imaged(index, wasIn), imaged(index, isIn));
  if (from?.partition !== to?.partition || from?.token !== to?.token) {
    return writeUnits(imaged(index, wasIn), undefined) + writeUnits(undefined, imaged(index, isIn));
  }
  const [old, now] = [index.image(wasIn), index.image(isIn)];
  return sameItem(old, now) ? 0 : writeUnits(imaged(index, wasIn), imaged(index, isIn));
};

const imaged = (index: SecondaryIndex, stored: Stored | undefined): Stored | undefined =>
  stored && { item: stored.item, bytes: index.imageBytes(stored) };

interface Units {
  table: number;
  readonly indexes: Map<SecondaryIndex, number>;
}

/** Called with what every call consumes, whether or not the caller asked; failed conditions consume, too. */
export type Meter = (tableName: string, kind: 'Read' | 'Write', units: number) => void;

/** What one call consumes. */
export class Consumption {
  readonly #mode: CapacityMode;
  readonly #kind: 'Read' | 'Write';
  readonly #meter: Meter | undefined;
  #tables: Map<Table, Units> | undefined;

  constructor(mode: CapacityMode, kind: 'Read' | 'Write', meter: Meter | undefined) {
    this.#mode = mode;
    this.#kind = kind;
    this.#meter = meter;
  }

  get isCounted(): boolean {
    return this.#mode !== 'NONE' || this.#meter !== undefined;
  }

  add(table: Table, units: number, index?: SecondaryIndex): void {
    this.#tables ??= new Map();
    let of = this.#tables.get(table);
    if (of === undefined) {
      of = { table: 0, indexes: new Map() };
      this.#tables.set(table, of);
    }
    if (index === undefined) of.table += units;
    else of.indexes.set(index, (of.indexes.get(index) ?? 0) + units);
  }

  addWrite(table: Table, before: Stored | undefined, after: Stored | undefined, times = 1): void {
    if (!this.isCounted) return;
    this.add(table, writeUnits(before, after) * times);
    for (const index of table.indexes) {
      const units = indexWriteUnits(index, before, after) * times;
      if (units > 0) this.add(table, units, index);
    }
  }

  /** A condition that fails costs what the item that is there would. */
  addFailed(table: Table, before: Stored | undefined, times = 1): void {
    if (this.isCounted) this.add(table, writeUnits(before, undefined) * times);
  }

  /** Reports to the meter. */
  report(): void {
    if (this.#meter === undefined) return;
    for (const [table, units] of this.#tables ?? []) this.#meter(table.definition.name, this.#kind, total(units));
  }

  /** One for each table. `splitByKind`: whether reads and writes are separate, as they are in transactions alone. */
  #all(splitByKind: boolean): readonly object[] {
    const named = (units: number): object =>
      splitByKind ? { CapacityUnits: units, [`${this.#kind}CapacityUnits`]: units } : { CapacityUnits: units };
    return [...(this.#tables ?? [])].map(([table, units]) => {
      const of = (isLocal: boolean): object | undefined => {
        const found = [...units.indexes].filter(([{ definition }]) => definition.isLocal === isLocal);
        if (found.length === 0) return undefined;
        return Object.fromEntries(found.map(([{ definition }, each]) => [definition.name, named(each)]));
      };
      const [locals, globals] = [of(true), of(false)];
      return {
        TableName: table.definition.name,
        ...named(total(units)),
        ...(this.#mode === 'INDEXES' && {
          Table: named(units.table),
          ...(locals !== undefined && { LocalSecondaryIndexes: locals }),
          ...(globals !== undefined && { GlobalSecondaryIndexes: globals }),
        }),
      };
    });
  }

  /** As calls on one table return it. The end of the call. */
  one(output: Record<string, unknown>): object {
    this.report();
    if (this.#mode !== 'NONE') [output.ConsumedCapacity] = this.#all(false);
    return output;
  }

  /** As calls on several tables return it. The end of the call. */
  many(output: Record<string, unknown>, splitByKind = false): object {
    this.report();
    if (this.#mode !== 'NONE') output.ConsumedCapacity = this.#all(splitByKind);
    return output;
  }
}

const total = ({ table, indexes }: Units): number => {
  let sum = table;
  for (const units of indexes.values()) sum += units;
  return sum;
};
