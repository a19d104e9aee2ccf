// The tables of a zone, with their replicas in its second region. Nothing here may cause a table to be replaced: keys are
// decided once (docs/decisions/0001), and a locked stage retains its tables when the stack is deleted.

import { aws_dynamodb as dynamodb, type aws_kms as kms, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type TableName, tables } from '../../contract/capabilities.ts';
import { type IndexName, indexKeys, type Table } from '../../contract/kernel/table.ts';
import { zones } from '../../contract/kernel/zones.ts';
import { tableName, type ZoneDeployment } from '../derive/names.ts';
import { isProtected, removalOf } from '../derive/removal.ts';
import type { StreamsStack } from './streams.ts';

export interface DataProps extends StackProps {
  readonly deployment: ZoneDeployment;
  readonly key: kms.IKey;
  /** Of the zone's second region. Absent: the stage runs one region. */
  readonly secondKey?: kms.IKey | undefined;
}

const text = (name: string): dynamodb.Attribute => ({ name, type: dynamodb.AttributeType.STRING });

const index = (name: IndexName): dynamodb.GlobalSecondaryIndexPropsV2 => ({
  indexName: name,
  partitionKey: text(indexKeys[name].partition),
  sortKey: text(indexKeys[name].sort),
  projectionType: dynamodb.ProjectionType.KEYS_ONLY,
});

/**
 * Strongly consistent tables have no time to live (DynamoDB developer guide, "How DynamoDB global tables work", read 2026-12-01).
 * Where there is one region, or no witness, such a table replicates like the others.
 */
const consistencyOf = (
  { zone, otherRegion }: ZoneDeployment,
  { consistency }: Table,
): Partial<dynamodb.TablePropsV2> => {
  if (consistency !== 'strong') return { timeToLiveAttribute: 'expires_at_s' };
  const { witness } = zones[zone];
  if (otherRegion === undefined || witness === null) return {};
  return { multiRegionConsistency: dynamodb.MultiRegionConsistency.STRONG, witnessRegion: witness };
};

export class DataStack extends Stack implements StreamsStack {
  /** Stream ARN of every table that has a stream, in the home region. */
  readonly streams: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, { deployment, key, secondKey, ...props }: DataProps) {
    super(scope, id, props);
    const { otherRegion } = deployment;
    const replicaKeys = otherRegion && secondKey ? { [otherRegion]: secondKey.keyArn } : undefined;
    const streams: Record<string, string> = {};
    for (const [name, row] of Object.entries(tables) as [TableName, Table][]) {
      // A row of 0 days turns recovery off, and then our own rule stops the synthesis.
      const recovers = row.recoveryDays > 0;
      // A restored table is another resource than the one it replaces: it is imported, and the old one stays.
      const restored = deployment.zoneConfig.tableNames[name];
      const table = new dynamodb.TableV2(this, restored === undefined ? name : `${name}-${restored}`, {
        tableName: tableName(deployment, name),
        partitionKey: text('pk'),
        sortKey: text('sk'),
        globalSecondaryIndexes: row.indexes.map(index),
        billing: dynamodb.Billing.onDemand(),
        encryption: dynamodb.TableEncryptionV2.customerManagedKey(key, replicaKeys),
        ...(otherRegion !== undefined && { replicas: [{ region: otherRegion }] }),
        pointInTimeRecoverySpecification: {
          pointInTimeRecoveryEnabled: recovers,
          ...(recovers && { recoveryPeriodInDays: row.recoveryDays }),
        },
        deletionProtection: isProtected(deployment),
        removalPolicy: removalOf(deployment),
        ...consistencyOf(deployment, row),
        ...(row.stream && { dynamoStream: dynamodb.StreamViewType.NEW_AND_OLD_IMAGES }),
      });
      if (row.stream) streams[name] = table.tableStreamArn ?? '';
    }
    this.streams = streams;
  }
}
