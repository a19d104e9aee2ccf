// The tables of the contract as CreateTable takes them, under their own names.

import { type TableName, tables } from '../../../contract/capabilities.ts';
import { type IndexName, indexKeys, type Table } from '../../../contract/kernel/table.ts';

const schema = (partition: string, sort: string) => [
  { AttributeName: partition, KeyType: 'HASH' },
  { AttributeName: sort, KeyType: 'RANGE' },
];

const definition = (name: TableName, row: Table): object => {
  const attributes = ['pk', 'sk', ...row.indexes.flatMap((index: IndexName) => Object.values(indexKeys[index]))];
  const indexes = row.indexes.map((index) => ({
    IndexName: index,
    KeySchema: schema(indexKeys[index].partition, indexKeys[index].sort),
    Projection: { ProjectionType: 'KEYS_ONLY' },
  }));
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: schema('pk', 'sk'),
    AttributeDefinitions: attributes.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    ...(indexes.length > 0 && { GlobalSecondaryIndexes: indexes }),
    ...(row.stream && { StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' } }),
  };
};

export const tableDefinitions: readonly object[] = (Object.entries(tables) as [TableName, Table][]).map(([name, row]) =>
  definition(name, row),
);
