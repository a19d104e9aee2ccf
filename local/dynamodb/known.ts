// The facts of each table's template that decide who may use it: its key attributes, and the KMS key that DynamoDB opens in its
// caller's name.

import * as v from 'valibot';
import type { Deployment, Resource } from '../cloudformation/deployment.ts';
import { accessesOf } from '../iam/service_side.ts';
import { throughTable } from '../iam/through.ts';
import type { KnownTable, KnownTables } from './access.ts';

const KeySchema = v.array(v.object({ AttributeName: v.string(), KeyType: v.string() }));
const Properties = v.object({
  KeySchema,
  GlobalSecondaryIndexes: v.optional(v.array(v.object({ IndexName: v.string(), KeySchema })), []),
  LocalSecondaryIndexes: v.optional(v.array(v.object({ IndexName: v.string(), KeySchema })), []),
  MultiRegionConsistency: v.optional(v.picklist(['EVENTUAL', 'STRONG'])),
  Replicas: v.optional(
    v.array(
      v.object({
        Region: v.string(),
        SSESpecification: v.optional(v.object({ KMSMasterKeyId: v.optional(v.string()) }), {}),
      }),
    ),
    [],
  ),
});

/** Whether all its regions see every write at once. */
export const isStrong = (table: Resource): boolean =>
  v.parse(Properties, table.properties()).MultiRegionConsistency === 'STRONG';

const partitionOf = (schema: v.InferOutput<typeof KeySchema>): string =>
  schema.find(({ KeyType }) => KeyType === 'HASH')?.AttributeName ?? '';

/** ARN of the customer-managed key that seals the table in its own region. */
export const tableKey = (table: Resource): string | undefined =>
  v.parse(Properties, table.properties()).Replicas.find(({ Region }) => Region === table.stack.region)?.SSESpecification
    .KMSMasterKeyId;

export const knownTables = (deployment: Deployment): KnownTables =>
  new Map(
    deployment.of('AWS::DynamoDB::GlobalTable').map((table): [string, KnownTable] => {
      const properties = v.parse(Properties, table.properties());
      const { KeySchema, GlobalSecondaryIndexes, LocalSecondaryIndexes, MultiRegionConsistency } = properties;
      const indexes = [...GlobalSecondaryIndexes, ...LocalSecondaryIndexes];
      const key = tableKey(table);
      const name = table.physical.ref;
      return [
        name,
        {
          partitionKey: partitionOf(KeySchema),
          ...(MultiRegionConsistency === 'STRONG' && {
            strongKeys: KeySchema.map(({ AttributeName }) => AttributeName),
          }),
          indexes: Object.fromEntries(indexes.map((index) => [index.IndexName, partitionOf(index.KeySchema)])),
          opening:
            key === undefined
              ? []
              : accessesOf('openTable', key, throughTable(deployment.region, deployment.account, name)),
        },
      ];
    }),
  );
