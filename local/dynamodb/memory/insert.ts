// BatchExecuteStatement (DynamoDB API reference, under this name) of INSERTs alone: each by itself, and what is there already
// stays as it is.

import { insertOf } from '../insert.ts';
import type { Stored } from './entry.ts';
import { DynamoDbError, invalid } from './error.ts';
import { type Input, listOf, optionalList, recordOf, textOf } from './input.ts';
import { type Address, addressText } from './key.ts';
import type { Store } from './store.ts';
import type { Table } from './table.ts';
import { storable } from './write_request.ts';

const mostStatements = 25;

interface Insertion {
  readonly table: Table;
  readonly address: Address;
  readonly stored: Stored;
}

interface Refusal {
  readonly Code: string;
  readonly Message: string;
}

/** As it is named in the answer to a batch. */
const refusalOf = ({ name, message }: DynamoDbError): Refusal => ({
  Code: name === 'ValidationException' ? 'ValidationError' : name.replace(/Exception$/, ''),
  Message: message,
});

const read = (store: Store, given: unknown): Insertion | Refusal => {
  const { Statement, Parameters } = recordOf(given, 'statements');
  const insert = insertOf(textOf(Statement, 'statement'), optionalList(Parameters, 'parameters') ?? []);
  if (insert === undefined) throw invalid('This engine knows no other statement than an INSERT of one row');
  try {
    const table = store.table(insert.table);
    return { table, ...storable(table, insert.item) };
  } catch (thrown) {
    if (!(thrown instanceof DynamoDbError)) throw thrown;
    return refusalOf(thrown);
  }
};

const conflict: Refusal = { Code: 'TransactionConflict', Message: 'Transaction is ongoing for the item' };
const duplicate: Refusal = { Code: 'DuplicateItem', Message: 'Duplicate primary key exists in table' };

export const batchExecuteStatement = (store: Store, input: Input): object => {
  const consumption = store.consumption(input, 'Write');
  const given = listOf(input.Statements, 'statements');
  if (given.length === 0 || given.length > mostStatements) {
    throw invalid(
      `1 validation error detected: Value at 'statements' failed to satisfy constraint: Member must have length between 1 and ${mostStatements}`,
    );
  }
  const insertions = given.map((each) => read(store, each));
  const places = insertions.flatMap((each) =>
    'Code' in each ? [] : [`${each.table.definition.name}/${addressText(each.address)}`],
  );
  if (new Set(places).size < places.length) throw invalid('Provided list of item keys contains duplicates');
  let isFirst = true;
  const Responses = insertions.map((insertion) => {
    if ('Code' in insertion) return { Error: insertion };
    const { table, address, stored } = insertion;
    const TableName = table.definition.name;
    if (store.isLocked(table, address)) return { TableName, Error: conflict };
    const before = table.stored(address);
    if (before !== undefined) {
      consumption.addFailed(table, before);
      return { TableName, Error: duplicate };
    }
    if (isFirst) store.advance();
    isFirst = false;
    store.write(table, address, undefined, stored);
    consumption.addWrite(table, undefined, stored);
    return { TableName };
  });
  return consumption.many({ Responses });
};
