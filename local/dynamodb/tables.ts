// Creates the tables that the templates declare and that the engine doesn't have yet. A table that has another shape
// than its template is reported with a UserError: keys don't change in place, here or in AWS.

import * as v from 'valibot';
import type { Resource } from '../cloudformation/deployment.ts';
import { UserError } from '../host/user_error.ts';
import { type EngineClient, EngineError } from './client.ts';
import { isStrong } from './known.ts';
import { checkStrongTable } from './strong_tables.ts';

const KeySchema = v.array(v.object({ AttributeName: v.string(), KeyType: v.picklist(['HASH', 'RANGE']) }));
const Index = v.object({ IndexName: v.string(), KeySchema, Projection: v.unknown() });

/** Of AWS::DynamoDB::GlobalTable, what makes a difference to an engine; the rest is operated by AWS alone. */
const Table = v.object({
  KeySchema,
  AttributeDefinitions: v.array(v.object({ AttributeName: v.string(), AttributeType: v.string() })),
  GlobalSecondaryIndexes: v.optional(v.array(Index), []),
  LocalSecondaryIndexes: v.optional(v.array(Index), []),
  StreamSpecification: v.optional(v.object({ StreamViewType: v.string() })),
});
const Described = v.object({
  Table: v.object({
    KeySchema,
    GlobalSecondaryIndexes: v.optional(v.array(Index), []),
    LocalSecondaryIndexes: v.optional(v.array(Index), []),
    StreamSpecification: v.optional(v.object({ StreamViewType: v.optional(v.string()) })),
  }),
});

type Shape = Pick<v.InferOutput<typeof Table>, 'KeySchema' | 'GlobalSecondaryIndexes' | 'LocalSecondaryIndexes'>;

const keysOf = (schema: v.InferOutput<typeof KeySchema>): string =>
  schema
    .map(({ AttributeName, KeyType }) => `${KeyType} ${AttributeName}`)
    .sort()
    .join(', ');

const shapeOf = (table: Shape, view: string | undefined): string => {
  const indexes = [...table.GlobalSecondaryIndexes, ...table.LocalSecondaryIndexes];
  const lines = indexes.map((index) => `${index.IndexName} (${keysOf(index.KeySchema)})`).sort();
  return [keysOf(table.KeySchema), ...lines, `stream ${view ?? 'none'}`].join('; ');
};

const describe = async (engine: EngineClient, name: string): Promise<v.InferOutput<typeof Described> | undefined> => {
  try {
    return v.parse(Described, await engine.call('DynamoDB_20120810.DescribeTable', { TableName: name }));
  } catch (thrown) {
    if (thrown instanceof EngineError && thrown.code === 'ResourceNotFoundException') return undefined;
    throw thrown;
  }
};

/** Resolves with whether the table was created. */
export const createTable = async (engine: EngineClient, resource: Resource): Promise<boolean> => {
  if (isStrong(resource)) checkStrongTable(resource);
  const name = resource.physical.ref;
  const table = v.parse(Table, resource.properties());
  const view = table.StreamSpecification?.StreamViewType;
  const existing = await describe(engine, name);
  if (existing !== undefined) {
    const has = shapeOf(existing.Table, existing.Table.StreamSpecification?.StreamViewType);
    const wants = shapeOf(table, view);
    if (has === wants) return false;
    throw new UserError(
      `Table ${name} has other keys, indexes or streams than its template.\n  has:   ${has}\n  wants: ${wants}\nDelete the state folder and start again.`,
    );
  }
  await engine.call('DynamoDB_20120810.CreateTable', {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: table.KeySchema,
    AttributeDefinitions: table.AttributeDefinitions,
    ...(table.GlobalSecondaryIndexes.length > 0 && { GlobalSecondaryIndexes: table.GlobalSecondaryIndexes }),
    ...(table.LocalSecondaryIndexes.length > 0 && { LocalSecondaryIndexes: table.LocalSecondaryIndexes }),
    ...(view !== undefined && { StreamSpecification: { StreamEnabled: true, StreamViewType: view } }),
  });
  return true;
};
