// A whole database as lines, and a database from its lines. What no call can return any more is left out: stream
// records older than a day (DynamoDB developer guide, "Change data capture for DynamoDB Streams") and expired tokens.

import { ChangeLog } from './change_log.ts';
import type { ClientTokens } from './client_tokens.ts';
import { definitionOf } from './definition.ts';
import { type Input, isRecord, optionalText, recordOf, textOf } from './input.ts';
import type { Store } from './store.ts';
import { isStreamRecord } from './stream.ts';
import type { Table } from './table.ts';
import { addTable } from './table_calls.ts';
import { storable } from './write_request.ts';

const streamMs = 24 * 60 * 60_000;

export function* tableLines(store: Store, table: Table): Generator<object, void> {
  const { name, asked } = table.definition;
  const { expiry, recovery, stream } = table;
  // Earlier points in time are not in it: what can be restored begins anew.
  const recovering = recovery && { days: recovery.days, since: store.options.now() };
  yield { table: asked, at: table.createdAt, expiry: expiry.attribute, next: stream?.next, recovering };
  for (const item of table.items()) yield { item, of: name };
  for (const record of stream?.records ?? []) {
    if (record.dynamodb.ApproximateCreationDateTime * 1000 > store.options.now() - streamMs) yield { record, of: name };
  }
}

export const snapshotOf = function* (store: Store, tokens: ClientTokens): Generator<object, void> {
  for (const table of store.tables.values()) yield* tableLines(store, table);
  yield* store.replication.snapshot();
  for (const [token, { at, asked }] of tokens.entries()) yield { token, at, asked };
  yield { position: store.position };
};

const numberOf = (value: unknown): number => {
  if (typeof value === 'number') return value;
  throw new Error('The snapshot holds no number where it should');
};

/** One line. Lines come in the order in which they were written. */
export const restoreLine = (store: Store, tokens: ClientTokens, line: Input): void => {
  if (store.replication.restoreLine((name) => store.table(name), line)) return;
  if (line.table !== undefined) {
    const table = addTable(store, definitionOf(recordOf(line.table, 'table')), numberOf(line.at));
    table.setExpiry(optionalText(line.expiry, 'expiry'));
    if (table.stream !== undefined) table.stream.restore(numberOf(line.next));
    if (isRecord(line.recovering)) {
      table.recovery = new ChangeLog(numberOf(line.recovering.days), numberOf(line.recovering.since));
    }
  } else if (line.item !== undefined) {
    const table = store.table(line.of);
    const { address, stored } = storable(table, line.item);
    table.put(address, undefined, stored, store.position);
  } else if (line.record !== undefined) {
    if (!isStreamRecord(line.record)) throw new Error('The snapshot holds no stream record where it should');
    store.table(line.of).stream?.restoreRecord(line.record);
  } else if (line.token !== undefined) tokens.note(textOf(line.token, 'token'), line.asked, numberOf(line.at));
  else store.position = numberOf(line.position);
};
