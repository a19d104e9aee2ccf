// Primary keys: which attributes they are, what they may hold, and the texts under which items are found and ordered
// (DynamoDB developer guide, "Core components of Amazon DynamoDB" and "Constraints in Amazon DynamoDB").

import { utf8Order } from './compare.ts';
import { invalid, invalidParameter } from './error.ts';
import { numberOrder } from './number.ts';
import { textBytes } from './size.ts';
import { type AttributeValue, attribute, bytesKey, checkedItem, type Item, typeOf } from './value.ts';

export type KeyType = 'S' | 'N' | 'B';

export interface KeyAttribute {
  readonly name: string;
  readonly type: KeyType;
}

export interface KeySchema {
  readonly partition: KeyAttribute;
  readonly sort: KeyAttribute | undefined;
}

/** An item's address: its partition's key as text, and its position in the partition. */
export interface Address {
  readonly partition: string;
  readonly token: string;
}

const mostPartitionKeyBytes = 2048;
const mostSortKeyBytes = 1024;

export const partitionText = (value: AttributeValue): string =>
  value.S ?? value.N ?? (value.B === undefined ? '' : bytesKey(value.B));

export const sortText = (value: AttributeValue): string => {
  if (value.S !== undefined) return utf8Order(value.S);
  if (value.N !== undefined) return numberOrder(value.N);
  return value.B === undefined ? '' : bytesKey(value.B);
};

export const isEmptyKey = (value: AttributeValue): boolean => value.S === '' || value.B?.byteLength === 0;

const refuseEmpty = ({ name, type }: KeyAttribute, value: AttributeValue): void => {
  if (!isEmptyKey(value)) return;
  throw invalid(
    `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${type === 'S' ? 'string' : 'binary'} value. Key: ${name}`,
  );
};

const keyBytes = (value: AttributeValue): number =>
  (value.S === undefined ? 0 : textBytes(value.S)) + (value.B?.byteLength ?? 0);

const refuseLong = (value: AttributeValue, most: number, what: string): void => {
  if (keyBytes(value) > most) {
    throw invalidParameter(`Size of ${what} has exceeded the maximum size limit of${most} bytes`);
  }
};

/** Of a whole item, which may hold more than its key. */
export const addressOf = (schema: KeySchema, item: Item): Address => {
  const partition = keyValue(schema.partition, item);
  refuseLong(partition, mostPartitionKeyBytes, 'hashkey');
  if (schema.sort === undefined) return { partition: partitionText(partition), token: '' };
  const sort = keyValue(schema.sort, item);
  refuseLong(sort, mostSortKeyBytes, 'range key');
  return { partition: partitionText(partition), token: sortText(sort) };
};

const keyValue = (key: KeyAttribute, item: Item): AttributeValue => {
  const value = attribute(item, key.name);
  if (value === undefined) throw invalidParameter(`Missing the key ${key.name} in the item`);
  const type = typeOf(value);
  if (type !== key.type) {
    throw invalidParameter(`Type mismatch for key ${key.name} expected: ${key.type} actual: ${type}`);
  }
  refuseEmpty(key, value);
  return value;
};

/** A `Key` parameter: the key's attributes and nothing else. */
export const checkedKey = (schema: KeySchema, key: unknown): Item => {
  const item = checkedItem(key, 'key');
  const wanted = schema.sort === undefined ? 1 : 2;
  let count = 0;
  for (const name in item) if (item[name] !== undefined) count += 1;
  if (
    count !== wanted ||
    !matches(schema.partition, item) ||
    (schema.sort !== undefined && !matches(schema.sort, item))
  ) {
    throw invalid('The provided key element does not match the schema');
  }
  return item;
};

const matches = ({ name, type }: KeyAttribute, item: Item): boolean => attribute(item, name)?.[type] !== undefined;

export const keyNames = ({ partition, sort }: KeySchema): readonly string[] =>
  sort === undefined ? [partition.name] : [partition.name, sort.name];

/** Unique for each address of one table. */
export const addressText = ({ partition, token }: Address): string => `${partition.length}:${partition}${token}`;
