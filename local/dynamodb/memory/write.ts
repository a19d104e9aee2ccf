// PutItem, UpdateItem, DeleteItem and BatchWriteItem (DynamoDB API reference, under these names). A write whose condition
// fails changes nothing, and neither does one that is refused.

import type { Stored } from './entry.ts';
import { DynamoDbError, invalid } from './error.ts';
import { project } from './expression/projection.ts';
import type { Path } from './expression/syntax.ts';
import { choiceOf, type Input, listOf, optionalRecord, recordOf, refuseLegacy } from './input.ts';
import { type Address, addressOf, addressText, checkedKey } from './key.ts';
import type { Store } from './store.ts';
import type { Table } from './table.ts';
import type { Item } from './value.ts';
import { deleteIntent, type Intent, isMet, putIntent, storable, updateIntent } from './write_request.ts';

const legacy = ['Expected', 'ConditionalOperator', 'AttributeUpdates'];
/** API reference, BatchWriteItem. */
const mostInBatch = 25;

type ReturnValues = 'NONE' | 'ALL_OLD' | 'UPDATED_OLD' | 'ALL_NEW' | 'UPDATED_NEW';
const returnValues: readonly ReturnValues[] = ['NONE', 'ALL_OLD', 'UPDATED_OLD', 'ALL_NEW', 'UPDATED_NEW'];

export const returnsOldOnFailure = (input: Input): boolean =>
  choiceOf(
    input.ReturnValuesOnConditionCheckFailure,
    'returnValuesOnConditionCheckFailure',
    ['ALL_OLD', 'NONE'],
    'NONE',
  ) === 'ALL_OLD';

const returned = (
  wanted: ReturnValues,
  intent: Intent,
  before: Stored | undefined,
  after: Stored | undefined,
): Item | undefined => {
  if (wanted === 'NONE') return undefined;
  const image = wanted.endsWith('OLD') ? before : after;
  if (image === undefined || wanted.startsWith('ALL')) return image?.item;
  if (intent.update === undefined) return undefined;
  const part = project(image.item, distinct(intent.update.tree.targets.map(untilList)), intent.bound.names);
  return Object.keys(part).length === 0 ? undefined : part;
};

/** Of a list, the whole list is returned, whichever of its elements was written. */
const untilList = (path: Path): Path => {
  const at = path.findIndex((step) => typeof step === 'number');
  return at < 0 ? path : [path[0], ...path.slice(1, at)];
};

const distinct = (paths: readonly Path[]): readonly Path[] => [
  ...new Map(paths.map((path) => [path.join('.'), path])).values(),
];

const single = (store: Store, input: Input, read: (store: Store, input: Input) => Intent): object => {
  refuseLegacy(input, legacy);
  const wanted = choiceOf(input.ReturnValues, 'returnValues', returnValues, 'NONE');
  const showsOld = returnsOldOnFailure(input);
  const consumption = store.consumption(input, 'Write');
  const intent = read(store, input);
  if (intent.kind !== 'update' && wanted !== 'NONE' && wanted !== 'ALL_OLD') {
    throw invalid('Return values set to invalid value');
  }
  const { table, address } = intent;
  store.refuseLocked(table, address);
  const before = table.stored(address);
  if (!isMet(intent, before)) {
    consumption.addFailed(table, before);
    consumption.report();
    throw new DynamoDbError(
      'ConditionalCheckFailedException',
      'The conditional request failed',
      showsOld && before !== undefined ? { Item: before.item } : {},
    );
  }
  const after = intent.after(before);
  store.advance();
  store.write(table, address, before, after);
  consumption.addWrite(table, before, after);
  const Attributes = returned(wanted, intent, before, after);
  return consumption.one(Attributes === undefined ? {} : { Attributes });
};

export const putItem = (store: Store, input: Input): object => single(store, input, putIntent);
export const updateItem = (store: Store, input: Input): object => single(store, input, updateIntent);
export const deleteItem = (store: Store, input: Input): object => single(store, input, deleteIntent);

interface BatchWrite {
  readonly table: Table;
  readonly tableName: string;
  readonly request: unknown;
  readonly address: Address;
  readonly after: Stored | undefined;
}

const batchWrite = (table: Table, tableName: string, request: unknown): BatchWrite => {
  const { PutRequest, DeleteRequest } = recordOf(request, 'requestItems');
  const put = optionalRecord(PutRequest, 'putRequest');
  const gone = optionalRecord(DeleteRequest, 'deleteRequest');
  if ((put === undefined) === (gone === undefined)) {
    throw invalid(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    );
  }
  if (put !== undefined) {
    const { address, stored } = storable(table, put.Item);
    return { table, tableName, request, address, after: stored };
  }
  const key = checkedKey(table.definition.keys, gone?.Key);
  return { table, tableName, request, address: addressOf(table.definition.keys, key), after: undefined };
};

/** Each write by itself. What another transaction holds comes back as unprocessed. */
export const batchWriteItem = (store: Store, input: Input): object => {
  const consumption = store.consumption(input, 'Write');
  const requests = Object.entries(recordOf(input.RequestItems, 'requestItems')).map(
    ([name, list]): [string, readonly unknown[]] => [name, listOf(list, 'requestItems')],
  );
  const count = requests.reduce((sum, [, list]) => sum + list.length, 0);
  if (count === 0) throw invalid('The batch write request list for a table cannot be null or empty');
  if (count > mostInBatch) throw invalid('Too many items requested for the BatchWriteItem call');
  const writes = requests.flatMap(([name, list]) => {
    const table = store.table(name);
    if (list.length === 0) throw invalid('The batch write request list for a table cannot be null or empty');
    return list.map((request) => batchWrite(table, name, request));
  });
  const places = new Set(writes.map(({ table, address }) => `${table.definition.name}/${addressText(address)}`));
  if (places.size < writes.length) throw invalid('Provided list of item keys contains duplicates');
  const UnprocessedItems: Record<string, unknown[]> = {};
  const done = writes.filter(({ table, address, tableName, request }) => {
    if (!store.isLocked(table, address)) return true;
    UnprocessedItems[tableName] = [...(UnprocessedItems[tableName] ?? []), request];
    return false;
  });
  if (done.length > 0) store.advance();
  for (const { table, address, after } of done) {
    const before = table.stored(address);
    store.write(table, address, before, after);
    consumption.addWrite(table, before, after);
  }
  return consumption.many({ UnprocessedItems });
};
