// DynamoDB in memory: every call is atomic, and deterministic but for its clock. Callers never change items that they passed or
// received: items are shared, not copied.
// By design it is not AWS in these: tables are active at once; counts are exact; legacy parameters (from before
// expressions) are refused; nothing is ever throttled; of PartiQL it knows INSERT alone; there are no item collection metrics and sizes.

import type { Meter } from './capacity.ts';
import { ClientTokens } from './client_tokens.ts';
import { DynamoDbError } from './error.ts';
import { type Input, isRecord } from './input.ts';
import { batchExecuteStatement } from './insert.ts';
import { query, scan } from './page.ts';
import { batchGetItem, getItem, transactGetItems } from './read.ts';
import { describeContinuousBackups, restoreTableToPointInTime, updateContinuousBackups } from './recovery.ts';
import type { ReplicatedWrite } from './replication.ts';
import {
  acknowledgeReplication,
  applyReplication,
  beginReplication,
  readReplication,
  receive,
} from './replication_calls.ts';
import { restoreLine, snapshotOf, tableLines } from './snapshot.ts';
import { Store } from './store.ts';
import { numberOf, type StreamRecord } from './stream.ts';
import { describeStream, getRecords, getShardIterator, listStreams } from './stream_calls.ts';
import {
  createTable,
  deleteTable,
  describeTable,
  describeTimeToLive,
  listTables,
  updateTable,
  updateTimeToLive,
} from './table_calls.ts';
import { beginTransaction, type Transaction, transactWriteItems } from './transaction.ts';
import type { Item } from './value.ts';
import { batchWriteItem, deleteItem, putItem, updateItem } from './write.ts';

export { DynamoDbError } from './error.ts';
export type { ReplicatedWrite } from './replication.ts';
export type { StreamRecord } from './stream.ts';
export type { Transaction } from './transaction.ts';
export type { Item } from './value.ts';

export interface DatabaseOptions {
  readonly region: string;
  readonly account: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Keeps earlier images, so that eventually consistent reads can be stale. Default false. */
  readonly keepsHistory?: boolean;
  /** Called with the capacity that every call consumes. */
  readonly meter?: Meter;
  /** Shards of each table's stream. Default 1. */
  readonly shards?: number;
  /** How far the newest point in time of a table's recovery lies back (ms). Default five minutes, as in AWS. */
  readonly recoveryLagMs?: number;
}

type Operation = (store: Store, input: Input, asOf: number | undefined) => object;

const operations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['GetItem', getItem],
  ['PutItem', putItem],
  ['UpdateItem', updateItem],
  ['DeleteItem', deleteItem],
  ['Query', query],
  ['Scan', scan],
  ['BatchGetItem', batchGetItem],
  ['BatchWriteItem', batchWriteItem],
  ['BatchExecuteStatement', batchExecuteStatement],
  ['TransactGetItems', transactGetItems],
  ['CreateTable', createTable],
  ['DescribeTable', describeTable],
  ['ListTables', listTables],
  ['DeleteTable', deleteTable],
  ['UpdateTable', updateTable],
  ['DescribeContinuousBackups', describeContinuousBackups],
  ['UpdateContinuousBackups', updateContinuousBackups],
  ['RestoreTableToPointInTime', restoreTableToPointInTime],
  ['UpdateTimeToLive', updateTimeToLive],
  ['DescribeTimeToLive', describeTimeToLive],
  ['ListStreams', listStreams],
  ['DescribeStream', describeStream],
  ['GetShardIterator', getShardIterator],
  ['GetRecords', getRecords],
  ['BeginReplication', beginReplication],
  ['ReadReplication', readReplication],
  ['AcknowledgeReplication', acknowledgeReplication],
  ['ApplyReplication', applyReplication],
]);

export class Database {
  readonly #store: Store;
  readonly #tokens = new ClientTokens();

  constructor(options: DatabaseOptions) {
    const { region, account, now, keepsHistory = false, shards = 1, recoveryLagMs = 300_000, meter } = options;
    this.#store = new Store({ region, account, now, keepsHistory, shards, recoveryLagMs, meter });
  }

  /**
   * One call of the API, whole and at once. Input and output have the shapes of the SDK's commands. Throws DynamoDbError.
   * `asOf`: a position; reads that are not strongly consistent see the database as it was then (where there is a history).
   */
  call(operation: string, input: object, more?: { readonly asOf?: number }): object {
    if (!isRecord(input)) throw new DynamoDbError('SerializationException', 'The input is not a structure');
    if (operation === 'TransactWriteItems') return transactWriteItems(this.#store, this.#tokens, input);
    const found = operations.get(operation);
    if (found === undefined) throw new DynamoDbError('UnknownOperationException', `Unknown operation: ${operation}`);
    return found(this.#store, input, this.#store.options.keepsHistory ? more?.asOf : undefined);
  }

  /** Rises by one with every call that wrote something, tables and their settings included. */
  get position(): number {
    return this.#store.position;
  }

  /**
   * Takes the locks of a TransactWriteItems. Until it has ended, other writes to its items are refused as under
   * contention. `commit` evaluates the conditions and applies or throws; either way, as with `abort`, the locks are gone.
   */
  begin(input: object): Transaction {
    if (!isRecord(input)) throw new DynamoDbError('SerializationException', 'The input is not a structure');
    return beginTransaction(this.#store, this.#tokens, input);
  }

  /** All records of the table's stream that have not been trimmed, in order. None where it has no stream. */
  stream(tableName: string): readonly StreamRecord[] {
    return this.#store.table(tableName).stream?.records ?? [];
  }

  /** Forgets the records before this sequence number: their readers need them no more. */
  trimStream(tableName: string, sequenceNumber: string): void {
    this.#store.table(tableName).stream?.trim(numberOf(sequenceNumber));
  }

  /** From now on the table is a replica: `outgoing` has its writes, and `receive` applies those of other regions. */
  replicate(TableName: string): void {
    this.call('BeginReplication', { TableName });
  }

  /** This region's writes that are not acknowledged, after this number. Several writes of one item may be one here. */
  outgoing(after: number, limit: number): readonly ReplicatedWrite[] {
    return this.#store.replication.outgoing(after, limit);
  }

  /** They are with the other replica. */
  acknowledge(upTo: number): void {
    this.#store.replication.acknowledge(upTo);
  }

  /** Applies another region's writes, last writer wins. Returns how many won. */
  receive(writes: readonly ReplicatedWrite[]): number {
    return receive(this.#store, writes);
  }

  /** All items of a table, in no particular order. */
  items(tableName: string): Iterable<Item> {
    return this.#store.table(tableName).items();
  }

  /** The whole database, in lines that `restoreLine` accepts in this order, into an empty database. */
  snapshot(): Iterable<object> {
    return snapshotOf(this.#store, this.#tokens);
  }

  /** One table and all that is in it, in such lines. */
  *tableSnapshot(name: string): Iterable<object> {
    yield* tableLines(this.#store, this.#store.table(name));
    yield { position: this.#store.position };
  }

  restoreLine(line: Input): void {
    restoreLine(this.#store, this.#tokens, line);
  }

  /** Deletes what has expired by now; AWS takes up to some days. Returns how many items went. */
  expire(): number {
    const store = this.#store;
    const now = Math.floor(store.options.now() / 1000);
    let gone = 0;
    for (const table of store.tables.values()) {
      table.expiry.due(now, (address) => {
        const stored = table.stored(address);
        if (stored === undefined) return false;
        if (!table.expiry.isExpired(stored.item, now) || store.isLocked(table, address)) {
          return table.expiry.isPending(stored.item, now);
        }
        if (gone === 0) store.advance();
        gone += 1;
        store.write(table, address, stored, undefined, { isExpiry: true });
        return false;
      });
    }
    return gone;
  }
}
