// GetItem, BatchGetItem and TransactGetItems (DynamoDB API reference, under these names).

import { readUnits } from './capacity.ts';
import type { Stored } from './entry.ts';
import { invalid } from './error.ts';
import { type ParsedProjection, parseProjection } from './expression/parse.ts';
import { refuseOverlaps } from './expression/paths.ts';
import { type Bound, bind } from './expression/placeholders.ts';
import { project } from './expression/projection.ts';
import { flagOf, type Input, listOf, optionalText, recordOf, refuseLegacy } from './input.ts';
import { type Address, addressOf, addressText, checkedKey } from './key.ts';
import type { Store } from './store.ts';
import type { Table } from './table.ts';
import { placeOf, refuseConflicts, refuseTwice } from './transaction.ts';
import type { Item } from './value.ts';

const legacy = ['AttributesToGet'];
const mostKeysInBatch = 100;
const mostInTransaction = 100;
/** API reference, BatchGetItem: size of one answer. */
const mostBatchBytes = 16 * 1024 * 1024;

/** Gives the wanted part of an item. */
export const projectionOf = (
  input: Input,
): { parsed: ParsedProjection | undefined; cut: (item: Item, bound: Bound) => Item } => {
  const text = optionalText(input.ProjectionExpression, 'projectionExpression');
  if (text === undefined) return { parsed: undefined, cut: (item) => item };
  const parsed = parseProjection(text);
  return { parsed, cut: (item, { names }) => project(item, parsed.tree, names) };
};

export const checkProjection = (parsed: ParsedProjection | undefined, bound: Bound): void => {
  if (parsed !== undefined) refuseOverlaps(parsed.tree, bound.names, parsed.kind);
};

const storedAt = (table: Table, address: Address, asOf: number | undefined): Stored | undefined => {
  if (asOf === undefined) return table.stored(address);
  return table.keyspace.find(address.partition, address.token)?.at(asOf);
};

export const getItem = (store: Store, input: Input, asOf: number | undefined): object => {
  refuseLegacy(input, legacy);
  const consistent = flagOf(input.ConsistentRead, 'consistentRead');
  const consumption = store.consumption(input, 'Read');
  const { parsed, cut } = projectionOf(input);
  const bound = bind(input, [parsed]);
  checkProjection(parsed, bound);
  const table = store.table(input.TableName);
  const key = checkedKey(table.definition.keys, input.Key);
  const address = addressOf(table.definition.keys, key);
  const stored = storedAt(table, address, consistent ? undefined : asOf);
  if (consumption.isCounted) consumption.add(table, readUnits(stored?.bytes ?? 0, consistent));
  return consumption.one(stored === undefined ? {} : { Item: cut(stored.item, bound) });
};

export const batchGetItem = (store: Store, input: Input, asOf: number | undefined): object => {
  const consumption = store.consumption(input, 'Read');
  const requests = Object.entries(recordOf(input.RequestItems, 'requestItems')).map(([name, given]) => {
    const request = recordOf(given, 'requestItems');
    refuseLegacy(request, legacy);
    return { name, request, keys: listOf(request.Keys, 'requestItems.keys') };
  });
  const count = requests.reduce((sum, { keys }) => sum + keys.length, 0);
  if (count === 0) throw invalid('The list of keys in RequestItems for BatchGetItem is required');
  if (count > mostKeysInBatch) throw invalid('Too many items requested for the BatchGetItem call');
  const Responses: Record<string, Item[]> = {};
  const UnprocessedKeys: Record<string, Input> = {};
  let bytes = 0;
  const asked = requests.map(({ name, request, keys }) => {
    const { parsed, cut } = projectionOf(request);
    const bound = bind(request, [parsed]);
    checkProjection(parsed, bound);
    const table = store.table(name);
    const addresses = keys.map((key) => addressOf(table.definition.keys, checkedKey(table.definition.keys, key)));
    if (new Set(addresses.map(addressText)).size < addresses.length) {
      throw invalid('Provided list of item keys contains duplicates');
    }
    return {
      name,
      request,
      keys,
      table,
      addresses,
      cut,
      bound,
      consistent: flagOf(request.ConsistentRead, 'consistentRead'),
    };
  });
  for (const { name, request, keys, table, addresses, cut, bound, consistent } of asked) {
    const found: Item[] = [];
    Responses[name] = found;
    const left: unknown[] = [];
    addresses.forEach((address, at) => {
      const stored = storedAt(table, address, consistent ? undefined : asOf);
      bytes += stored?.bytes ?? 0;
      if (bytes > mostBatchBytes) {
        left.push(keys[at]);
        return;
      }
      if (consumption.isCounted) consumption.add(table, readUnits(stored?.bytes ?? 0, consistent));
      if (stored !== undefined) found.push(cut(stored.item, bound));
    });
    if (left.length > 0) UnprocessedKeys[name] = { ...request, Keys: left };
  }
  return consumption.many({ Responses, UnprocessedKeys });
};

export const transactGetItems = (store: Store, input: Input): object => {
  const consumption = store.consumption(input, 'Read');
  const given = listOf(input.TransactItems, 'transactItems');
  if (given.length === 0 || given.length > mostInTransaction) {
    throw invalid(
      `1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length between 1 and ${mostInTransaction}`,
    );
  }
  const reads = given.map((each) => {
    const get = recordOf(recordOf(each, 'transactItems').Get, 'transactItems.get');
    const { parsed, cut } = projectionOf(get);
    const bound = bind(get, [parsed]);
    checkProjection(parsed, bound);
    const table = store.table(get.TableName);
    const address = addressOf(table.definition.keys, checkedKey(table.definition.keys, get.Key));
    return { table, address, cut, bound };
  });
  refuseTwice(reads.map(placeOf));
  refuseConflicts(store, reads);
  const Responses = reads.map(({ table, address, cut, bound }) => {
    const stored = table.stored(address);
    if (consumption.isCounted) consumption.add(table, 2 * readUnits(stored?.bytes ?? 0, true));
    return stored === undefined ? {} : { Item: cut(stored.item, bound) };
  });
  return consumption.many({ Responses }, true);
};
