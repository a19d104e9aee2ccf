// What CreateTable asks for (DynamoDB API reference, "CreateTable"): checked as DynamoDB does, before anything exists.

import { invalid, invalidParameter } from './error.ts';
import { choiceOf, type Input, listOf, optionalList, optionalRecord, recordOf, textOf } from './input.ts';
import { type KeyAttribute, type KeySchema, type KeyType, keyNames } from './key.ts';
import type { IndexDefinition, Projection } from './secondary_index.ts';
import { type StreamView, streamViews } from './stream.ts';

export interface TableDefinition {
  readonly name: string;
  readonly keys: KeySchema;
  readonly indexes: readonly IndexDefinition[];
  readonly view: StreamView | undefined;
  readonly attributes: readonly KeyAttribute[];
  readonly billing: 'PAY_PER_REQUEST' | 'PROVISIONED';
  readonly deletionProtection: boolean;
  /** What was asked for, from which this was read and can be read again. */
  readonly asked: Input;
}

const mostGlobalIndexes = 20;
const mostLocalIndexes = 5;

const attributesOf = (input: Input): ReadonlyMap<string, KeyAttribute> => {
  const found = new Map<string, KeyAttribute>();
  for (const each of listOf(input.AttributeDefinitions, 'attributeDefinitions')) {
    const { AttributeName, AttributeType } = recordOf(each, 'attributeDefinitions');
    const name = textOf(AttributeName, 'attributeDefinitions.attributeName');
    const type = choiceOf<KeyType | ''>(AttributeType, 'attributeDefinitions.attributeType', ['B', 'N', 'S'], '');
    if (type === '') throw invalid("1 validation error detected: Value null at 'attributeDefinitions.attributeType'");
    if (found.has(name)) throw invalidParameter(`Duplicate AttributeName in AttributeDefinitions: ${name}`);
    found.set(name, { name, type });
  }
  return found;
};

const keysOf = (schema: unknown, attributes: ReadonlyMap<string, KeyAttribute>): KeySchema => {
  const elements = listOf(schema, 'keySchema').map((each) => {
    const { AttributeName, KeyType } = recordOf(each, 'keySchema');
    return {
      name: textOf(AttributeName, 'keySchema.attributeName'),
      role: choiceOf<'HASH' | 'RANGE' | ''>(KeyType, 'keySchema.keyType', ['HASH', 'RANGE'], ''),
    };
  });
  const [first, second] = elements;
  if (first === undefined || elements.length > 2) {
    throw invalid("1 validation error detected: Value at 'keySchema' must have one or two elements");
  }
  if (first.role !== 'HASH') {
    throw invalid('Invalid KeySchema: The first KeySchemaElement is not a HASH key type');
  }
  if (second !== undefined && second.role !== 'RANGE') {
    throw invalid('Invalid KeySchema: The second KeySchemaElement is not a RANGE key type');
  }
  if (first.name === second?.name)
    throw invalid('Both the Hash Key and the Range Key element in the KeySchema have the same name');
  const defined = (name: string): KeyAttribute => {
    const attribute = attributes.get(name);
    if (attribute !== undefined) return attribute;
    throw invalidParameter(
      `Some index key attributes are not defined in AttributeDefinitions. Keys: [${name}], AttributeDefinitions: [${[...attributes.keys()].join(', ')}]`,
    );
  };
  return { partition: defined(first.name), sort: second === undefined ? undefined : defined(second.name) };
};

const projectionOf = (given: unknown): Projection => {
  const { ProjectionType, NonKeyAttributes } = recordOf(given, 'projection');
  const type = choiceOf<Projection['type'] | ''>(ProjectionType, 'projectionType', ['ALL', 'INCLUDE', 'KEYS_ONLY'], '');
  if (type === '') throw invalidParameter('Unknown ProjectionType: null');
  const more = optionalList(NonKeyAttributes, 'nonKeyAttributes')?.map((name) => textOf(name, 'nonKeyAttributes'));
  if (type === 'INCLUDE' && more === undefined) {
    throw invalidParameter('ProjectionType is INCLUDE, but NonKeyAttributes is not specified');
  }
  if (type !== 'INCLUDE' && more !== undefined) {
    throw invalidParameter(`ProjectionType is ${type}, but NonKeyAttributes is specified`);
  }
  return { type, more: more ?? [] };
};

const namePattern = /^[a-zA-Z0-9_.-]{3,255}$/;

export const checkedName = (value: unknown, what: string): string => {
  const name = textOf(value, what);
  if (namePattern.test(name)) return name;
  throw invalid(
    `1 validation error detected: Value '${name}' at '${what}' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+ and have 3 to 255 characters`,
  );
};

const indexesOf = (input: Input, keys: KeySchema, attributes: ReadonlyMap<string, KeyAttribute>): IndexDefinition[] => {
  const read = (given: unknown, isLocal: boolean): IndexDefinition => {
    const { IndexName, KeySchema, Projection } = recordOf(given, 'indexes');
    const name = checkedName(IndexName, 'indexName');
    const own = keysOf(KeySchema, attributes);
    if (isLocal && (own.partition.name !== keys.partition.name || own.sort === undefined)) {
      throw invalidParameter(
        `Index KeySchema does not have the same leading hash key as table KeySchema for index: ${name}`,
      );
    }
    return { name, keys: own, projection: projectionOf(Projection), isLocal };
  };
  const locals = optionalList(input.LocalSecondaryIndexes, 'localSecondaryIndexes') ?? [];
  const globals = optionalList(input.GlobalSecondaryIndexes, 'globalSecondaryIndexes') ?? [];
  for (const [kind, list] of [
    ['GlobalSecondaryIndexes', input.GlobalSecondaryIndexes],
    ['LocalSecondaryIndexes', input.LocalSecondaryIndexes],
  ] as const) {
    if (Array.isArray(list) && list.length === 0) throw invalidParameter(`List of ${kind} is empty`);
  }
  if (globals.length > mostGlobalIndexes)
    throw invalidParameter('GlobalSecondaryIndex count exceeds the per-table limit of 20');
  if (locals.length > mostLocalIndexes)
    throw invalidParameter('Number of LocalSecondaryIndexes exceeds per-table limit of 5');
  const all = [...locals.map((each) => read(each, true)), ...globals.map((each) => read(each, false))];
  const twice = all.find(({ name }, at) => all.findIndex((other) => other.name === name) !== at);
  if (twice !== undefined) throw invalidParameter(`Duplicate index name: ${twice.name}`);
  return all;
};

const billingOf = (input: Input): TableDefinition['billing'] => {
  const billing = choiceOf(input.BillingMode, 'billingMode', ['PROVISIONED', 'PAY_PER_REQUEST'], 'PROVISIONED');
  const provisioned = optionalRecord(input.ProvisionedThroughput, 'provisionedThroughput');
  if (billing === 'PROVISIONED' && provisioned === undefined) {
    throw invalidParameter(
      'ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED',
    );
  }
  if (billing === 'PAY_PER_REQUEST' && provisioned !== undefined) {
    throw invalidParameter(
      'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
    );
  }
  return billing;
};

const viewOf = (input: Input): StreamView | undefined => {
  const stream = optionalRecord(input.StreamSpecification, 'streamSpecification');
  if (stream === undefined || stream.StreamEnabled !== true) return undefined;
  const view = choiceOf<StreamView | ''>(stream.StreamViewType, 'streamViewType', streamViews, '');
  if (view === '') throw invalidParameter('StreamViewType must be specified when StreamEnabled is true');
  return view;
};

export const definitionOf = (input: Input): TableDefinition => {
  const name = checkedName(input.TableName, 'tableName');
  const attributes = attributesOf(input);
  const keys = keysOf(input.KeySchema, attributes);
  const indexes = indexesOf(input, keys, attributes);
  const used = new Set([...keyNames(keys), ...indexes.flatMap((index) => keyNames(index.keys))]);
  if (used.size !== attributes.size) {
    throw invalidParameter(
      `Some AttributeDefinitions are not used. AttributeDefinitions: [${[...attributes.keys()].join(', ')}], keys used: [${[...used].join(', ')}]`,
    );
  }
  return {
    name,
    keys,
    indexes,
    view: viewOf(input),
    attributes: [...attributes.values()],
    billing: billingOf(input),
    deletionProtection: input.DeletionProtectionEnabled === true,
    asked: input,
  };
};
