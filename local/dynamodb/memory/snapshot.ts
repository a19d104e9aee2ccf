// A whole database as lines, and a database from its lines. What no call can return any more is left out: stream
// records older than a day (DynamoDB developer guide, "Change data capture for DynamoDB Streams") and expired tokens.

import type { ClientTokens } from './client_tokens.ts';
import { definitionOf } from './definition.ts';
import { type Input, optionalText, recordOf, textOf } from './input.ts';
import type { Store } from './store.ts';
import { isStreamRecord } from './stream.ts';
import { addTable } from './table_calls.ts';
import { storable } from './write_request.ts';

const streamMs = 24 * 60 * 60_000;

export const snapshotOf = function* (store: Store, tokens: ClientTokens): Generator<object, void> {
  const now = store.options.now();
  for (const table of store.tables.values()) {
    const { name, asked } = table.definition;
    yield { table: asked, at: table.createdAt, expiry: table.expiry.attribute, next: table.stream?.next };
    for (const item of table.items()) yield { item, of: name };
    for (const record of table.stream?.records ?? []) {
      if (record.dynamodb.ApproximateCreationDateTime * 1000 > now - streamMs) yield { record, of: name };
    }
  }
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
