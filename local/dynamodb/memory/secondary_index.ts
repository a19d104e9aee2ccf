// Secondary indexes (DynamoDB developer guide, "Using Global Secondary Indexes in DynamoDB"): an item is in an index while
// it has all of the index's key attributes. An index holds the table's own items; what is projected is cut when read.

import type { Stored } from './entry.ts';
import { invalid, invalidParameter } from './error.ts';
import { pick } from './expression/projection.ts';
import {
  type Address,
  isEmptyKey,
  type KeyAttribute,
  type KeySchema,
  keyNames,
  partitionText,
  sortText,
} from './key.ts';
import { Keyspace } from './keyspace.ts';
import { itemBytes } from './size.ts';
import { attribute, type Item, typeOf } from './value.ts';

export interface Projection {
  readonly type: 'ALL' | 'KEYS_ONLY' | 'INCLUDE';
  readonly more: readonly string[];
}

export interface IndexDefinition {
  readonly name: string;
  readonly keys: KeySchema;
  readonly projection: Projection;
  /** A local index shares the table's partitions, and can be read consistently. */
  readonly isLocal: boolean;
}

export class SecondaryIndex {
  readonly definition: IndexDefinition;
  readonly keyspace = new Keyspace();
  /** Undefined: everything. */
  readonly projected: readonly string[] | undefined;
  readonly #keys: readonly KeyAttribute[];

  constructor(definition: IndexDefinition, tableKeys: KeySchema) {
    this.definition = definition;
    const { keys, projection } = definition;
    this.#keys = keys.sort === undefined ? [keys.partition] : [keys.partition, keys.sort];
    this.projected =
      projection.type === 'ALL'
        ? undefined
        : [...new Set([...keyNames(tableKeys), ...keyNames(keys), ...projection.more])];
  }

  /** Undefined where the item isn't in the index. */
  addressOf(item: Item): Address | undefined {
    const { partition, sort } = this.definition.keys;
    const name = attribute(item, partition.name);
    if (name === undefined) return undefined;
    if (sort === undefined) return { partition: partitionText(name), token: '' };
    const place = attribute(item, sort.name);
    return place === undefined ? undefined : { partition: partitionText(name), token: sortText(place) };
  }

  /** Whether both images have the very same key, seen without reading it. */
  keepsKey(before: Item, after: Item): boolean {
    for (const { name } of this.#keys) if (before[name] !== after[name]) return false;
    return true;
  }

  /** An attribute that is an index's key must be of its type in every item, and not empty. */
  check(item: Item): void {
    for (const { name, type } of this.#keys) {
      const value = attribute(item, name);
      if (value === undefined) continue;
      const actual = typeOf(value);
      if (actual !== type) {
        throw invalidParameter(
          `Type mismatch for Index Key ${name} Expected: ${type} Actual: ${actual} IndexName: ${this.definition.name}`,
        );
      }
      if (isEmptyKey(value)) {
        throw invalid(
          `One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty ${type === 'S' ? 'string' : 'binary'} value. IndexName: ${this.definition.name}, IndexKey: ${name}`,
        );
      }
    }
  }

  image(stored: Stored): Item {
    return this.projected === undefined ? stored.item : pick(stored.item, this.projected);
  }

  imageBytes(stored: Stored): number {
    return this.projected === undefined ? stored.bytes : itemBytes(this.image(stored));
  }
}
