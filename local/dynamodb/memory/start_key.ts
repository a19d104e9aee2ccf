// Where a page goes on (DynamoDB API reference, "Query", ExclusiveStartKey): the table's key, with an index's key beside
// it when an index is read. Whether such an item (still) exists does not matter.

import { invalid } from './error.ts';
import type { Input } from './input.ts';
import { addressOf, addressText, checkedKey, keyNames } from './key.ts';
import type { SecondaryIndex } from './secondary_index.ts';
import type { Table } from './table.ts';
import { checkedItem } from './value.ts';

export interface Start {
  readonly partition: string;
  readonly token: string;
  readonly tie: string;
}

export const startOf = (
  given: Input | undefined,
  table: Table,
  index: SecondaryIndex | undefined,
): Start | undefined => {
  if (given === undefined) return undefined;
  const { keys } = table.definition;
  if (index === undefined) {
    try {
      return { ...addressOf(keys, checkedKey(keys, given)), tie: '' };
    } catch {
      throw invalid('The provided starting key is invalid: The provided key element does not match the schema');
    }
  }
  const item = checkedItem(given, 'exclusiveStartKey');
  const wanted = new Set([...keyNames(keys), ...keyNames(index.definition.keys)]);
  const names = Object.keys(item);
  if (names.length !== wanted.size || !names.every((name) => wanted.has(name))) {
    throw invalid('The provided starting key is invalid');
  }
  index.check(item);
  const address = index.addressOf(item);
  if (address === undefined) throw invalid('The provided starting key is invalid');
  return { ...address, tie: addressText(addressOf(keys, item)) };
};
