// What DescribeTable says of a table (DynamoDB API reference, "TableDescription"). Tables are active at once here, and
// their counts are exact; in AWS they take seconds and hours.

import type { TableDefinition } from './definition.ts';
import type { KeySchema } from './key.ts';
import type { SecondaryIndex } from './secondary_index.ts';
import type { Table } from './table.ts';

export const keySchemaOf = ({ partition, sort }: KeySchema): readonly object[] => [
  { AttributeName: partition.name, KeyType: 'HASH' },
  ...(sort === undefined ? [] : [{ AttributeName: sort.name, KeyType: 'RANGE' }]),
];

const indexOf = (index: SecondaryIndex, table: Table): object => {
  const { name, keys, projection, isLocal } = index.definition;
  return {
    IndexName: name,
    KeySchema: keySchemaOf(keys),
    Projection: {
      ProjectionType: projection.type,
      ...(projection.type === 'INCLUDE' && { NonKeyAttributes: [...projection.more] }),
    },
    ...(!isLocal && { IndexStatus: 'ACTIVE' }),
    IndexArn: `${table.arn}/index/${name}`,
  };
};

const billingOf = ({ billing }: TableDefinition, createdAt: Date): object =>
  billing === 'PAY_PER_REQUEST'
    ? { BillingModeSummary: { BillingMode: billing, LastUpdateToPayPerRequestDateTime: createdAt } }
    : {};

export const descriptionOf = (table: Table, status: 'ACTIVE' | 'DELETING'): object => {
  const { definition, stream } = table;
  const createdAt = new Date(table.createdAt);
  const described = (isLocal: boolean): readonly object[] =>
    table.indexes.filter((index) => index.definition.isLocal === isLocal).map((index) => indexOf(index, table));
  const [locals, globals] = [described(true), described(false)];
  return {
    TableName: definition.name,
    TableArn: table.arn,
    TableStatus: status,
    KeySchema: keySchemaOf(definition.keys),
    AttributeDefinitions: definition.attributes.map(({ name, type }) => ({ AttributeName: name, AttributeType: type })),
    CreationDateTime: createdAt,
    ItemCount: table.count,
    TableSizeBytes: table.bytes,
    DeletionProtectionEnabled: definition.deletionProtection,
    ...(table.restored !== undefined && { RestoreSummary: table.restored }),
    ...billingOf(definition, createdAt),
    ...(locals.length > 0 && { LocalSecondaryIndexes: locals }),
    ...(globals.length > 0 && { GlobalSecondaryIndexes: globals }),
    ...(stream !== undefined && {
      StreamSpecification: { StreamEnabled: true, StreamViewType: stream.view },
      LatestStreamArn: stream.arn,
      LatestStreamLabel: stream.label,
    }),
  };
};
