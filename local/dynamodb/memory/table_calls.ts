// CreateTable, DescribeTable, ListTables, DeleteTable, and time to live (DynamoDB API reference, under these names).

import { definitionOf, type TableDefinition } from './definition.ts';
import { descriptionOf } from './description.ts';
import { DynamoDbError, invalid, notFound } from './error.ts';
import { type Input, optionalCount, optionalRecord, optionalText, recordOf, textOf } from './input.ts';
import type { Store } from './store.ts';
import { TableStream } from './stream.ts';
import { Table } from './table.ts';

const mostTableNames = 100;

/** `createdAt` is part of its stream's name. */
export const addTable = (store: Store, definition: TableDefinition, createdAt: number): Table => {
  const { region, account, shards, keepsHistory } = store.options;
  const arn = `arn:aws:dynamodb:${region}:${account}:table/${definition.name}`;
  const stream =
    definition.view === undefined ? undefined : new TableStream(arn, definition.view, { shards, createdAt, region });
  const table = new Table(definition, { arn, createdAt, stream, keepsHistory });
  store.tables.set(definition.name, table);
  return table;
};

export const createTable = (store: Store, input: Input): object => {
  const definition = definitionOf(input);
  if (store.tables.has(definition.name)) {
    throw new DynamoDbError('ResourceInUseException', `Table already exists: ${definition.name}`);
  }
  const table = addTable(store, definition, store.options.now());
  store.advance();
  return { TableDescription: descriptionOf(table, 'ACTIVE') };
};

const existing = (store: Store, input: Input): Table => {
  try {
    return store.table(input.TableName);
  } catch (thrown) {
    if (!(thrown instanceof DynamoDbError) || thrown.name !== 'ResourceNotFoundException') throw thrown;
    throw notFound(`Requested resource not found: Table: ${textOf(input.TableName, 'tableName')} not found`);
  }
};

export const describeTable = (store: Store, input: Input): object => ({
  Table: descriptionOf(existing(store, input), 'ACTIVE'),
});

export const listTables = (store: Store, input: Input): object => {
  const limit = optionalCount(input.Limit, 'limit', 1, mostTableNames) ?? mostTableNames;
  const after = optionalText(input.ExclusiveStartTableName, 'exclusiveStartTableName') ?? '';
  const names = [...store.tables.keys()].sort().filter((name) => name > after);
  const TableNames = names.slice(0, limit);
  return { TableNames, ...(names.length > limit && { LastEvaluatedTableName: TableNames.at(-1) }) };
};

/** Of what it can change: the stream, and protection against deletion. Replicas are made by `BeginReplication`. */
export const updateTable = (store: Store, input: Input): object => {
  const table = existing(store, input);
  const stream = optionalRecord(input.StreamSpecification, 'streamSpecification');
  const known = ['TableName', 'StreamSpecification', 'DeletionProtectionEnabled'];
  const unknown = Object.keys(input).find((name) => !known.includes(name) && input[name] !== undefined);
  if (unknown !== undefined) throw invalid(`${unknown} is a parameter that this engine does not know.`);
  if (stream !== undefined && (stream.StreamEnabled === true) === (table.stream !== undefined)) {
    throw invalid(`Table is already ${stream.StreamEnabled === true ? 'enabled' : 'disabled'} for streams`);
  }
  const { definition, createdAt } = table;
  const asked = {
    ...definition.asked,
    ...(stream && { StreamSpecification: stream }),
    ...(input.DeletionProtectionEnabled !== undefined && {
      DeletionProtectionEnabled: input.DeletionProtectionEnabled,
    }),
  };
  table.redefine(definitionOf(asked), (view) => {
    const { region, shards, now } = store.options;
    return new TableStream(table.arn, view, { shards, createdAt: Math.max(createdAt, now()), region });
  });
  store.advance();
  return { TableDescription: descriptionOf(table, 'ACTIVE') };
};

export const deleteTable = (store: Store, input: Input): object => {
  const table = existing(store, input);
  const { name, deletionProtection } = table.definition;
  if (deletionProtection) {
    throw invalid(
      `Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.`,
    );
  }
  store.tables.delete(name);
  store.advance();
  return { TableDescription: descriptionOf(table, 'DELETING') };
};

export const updateTimeToLive = (store: Store, input: Input): object => {
  const given = recordOf(input.TimeToLiveSpecification, 'timeToLiveSpecification');
  const name = textOf(given.AttributeName, 'timeToLiveSpecification.attributeName');
  if (typeof given.Enabled !== 'boolean')
    throw invalid("1 validation error detected: Value null at 'timeToLiveSpecification.enabled'");
  const table = existing(store, input);
  const current = table.expiry.attribute;
  if (given.Enabled && current !== undefined) {
    throw invalid(
      current === name
        ? 'TimeToLive is already enabled'
        : `TimeToLive is active on a different AttributeName: current AttributeName is ${current}`,
    );
  }
  if (!given.Enabled && current === undefined) throw invalid('TimeToLive is already disabled');
  if (!given.Enabled && current !== name) {
    throw invalid(`TimeToLive is active on a different AttributeName: current AttributeName is ${current}`);
  }
  table.setExpiry(given.Enabled ? name : undefined);
  store.advance();
  return { TimeToLiveSpecification: { AttributeName: name, Enabled: given.Enabled } };
};

export const describeTimeToLive = (store: Store, input: Input): object => {
  const { attribute } = existing(store, input).expiry;
  return {
    TimeToLiveDescription:
      attribute === undefined
        ? { TimeToLiveStatus: 'DISABLED' }
        : { TimeToLiveStatus: 'ENABLED', AttributeName: attribute },
  };
};
