// What all operations share: the tables, the clock, the position, and who holds which item's lock.

import { Consumption, capacityMode, type Meter } from './capacity.ts';
import type { Stored } from './entry.ts';
import { DynamoDbError, invalid, notFound } from './error.ts';
import { pick } from './expression/projection.ts';
import { type Input, textOf } from './input.ts';
import { type Address, addressText, keyNames } from './key.ts';
import { Replication } from './replication.ts';
import { itemBytes } from './size.ts';
import type { Table } from './table.ts';

export interface StoreOptions {
  readonly region: string;
  readonly account: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly keepsHistory: boolean;
  readonly shards: number;
  /** How far the newest point of a table's recovery lies back (ms). */
  readonly recoveryLagMs: number;
  readonly meter: Meter | undefined;
}

export class Store {
  readonly options: StoreOptions;
  readonly tables = new Map<string, Table>();
  readonly replication: Replication;
  position = 0;
  /** Items that a transaction has begun to write, and the transaction. */
  readonly #locks = new Map<string, object>();

  constructor(options: StoreOptions) {
    this.options = options;
    this.replication = new Replication(options.region);
  }

  table(given: unknown): Table {
    const name = textOf(given, 'tableName');
    const found = this.tables.get(name) ?? this.tables.get(nameInArn(name));
    if (found !== undefined) return found;
    if (!/^[a-zA-Z0-9_.-]{3,255}$|^arn:/.test(name)) {
      throw invalid(
        `1 validation error detected: Value '${name}' at 'tableName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+ and have 3 to 255 characters`,
      );
    }
    throw notFound();
  }

  consumption(input: Input, kind: 'Read' | 'Write'): Consumption {
    return new Consumption(capacityMode(input), kind, this.options.meter);
  }

  advance(): number {
    this.position += 1;
    return this.position;
  }

  /** Puts an image in the place of another, everywhere. */
  write(
    table: Table,
    address: Address,
    before: Stored | undefined,
    after: Stored | undefined,
    more: { readonly isExpiry?: boolean; readonly isReplicated?: boolean } = {},
  ): void {
    table.put(address, before, after, this.position);
    table.recovery?.note(this.options.now(), address, before);
    if (more.isReplicated !== true && this.replication.has(table.definition.name)) {
      this.replication.note(table, address, before, after, this.options.now());
    }
    const image = after ?? before;
    if (table.stream === undefined || image === undefined) return;
    const keys = pick(image.item, keyNames(table.definition.keys));
    table.stream.append({
      partition: address.partition,
      keys,
      keyBytes: itemBytes(keys),
      before,
      after,
      at: this.options.now(),
      isExpiry: more.isExpiry === true,
    });
  }

  get hasLocks(): boolean {
    return this.#locks.size > 0;
  }

  isLocked(table: Table, address: Address, by?: object): boolean {
    if (this.#locks.size === 0) return false;
    const holder = this.#locks.get(lockName(table, address));
    return holder !== undefined && holder !== by;
  }

  refuseLocked(table: Table, address: Address): void {
    if (!this.isLocked(table, address)) return;
    throw new DynamoDbError('TransactionConflictException', 'Transaction is ongoing for the item');
  }

  lock(table: Table, address: Address, by: object): void {
    this.#locks.set(lockName(table, address), by);
  }

  unlock(table: Table, address: Address, by: object): void {
    const name = lockName(table, address);
    if (this.#locks.get(name) === by) this.#locks.delete(name);
  }
}

const nameInArn = (text: string): string => (text.startsWith('arn:') ? (text.split('/')[1] ?? '') : '');

const lockName = (table: Table, address: Address): string => `${table.definition.name}/${addressText(address)}`;
