// What is lost when CloudFormation replaces or deletes a resource, and which changes make it do so (the CloudFormation reference's
// "Update requires: Replacement"; a test holds the table to the database that the CDK CLI brings).

import type { Resource, Template } from '../../lib/template.ts';
import { canonical } from './plain_text.ts';

interface Stateful {
  readonly holds: string;
  /** Properties whose change replaces it. */
  readonly replacedBy: readonly string[];
  /** Properties whose change is as bad, or is refused, although CloudFormation does not call it a replacement. */
  readonly also?: Readonly<Record<string, string>>;
}

const refusedByKms = 'KMS refuses it, in the middle of the deployment';

export const stateful: Readonly<Record<string, Stateful>> = {
  'AWS::DynamoDB::GlobalTable': {
    holds: 'its rows',
    replacedBy: ['TableName', 'KeySchema', 'LocalSecondaryIndexes'],
    also: { MultiRegionConsistency: 'the consistency of a table is settled when it is made' },
  },
  'AWS::KMS::Key': {
    holds: 'what opens all that it has encrypted',
    replacedBy: [],
    also: { MultiRegion: refusedByKms, KeySpec: refusedByKms, KeyUsage: refusedByKms, Origin: refusedByKms },
  },
  'AWS::KMS::ReplicaKey': { holds: 'what opens all that was encrypted in its region', replacedBy: ['PrimaryKeyArn'] },
  'AWS::SecretsManager::Secret': {
    holds: 'its value',
    replacedBy: ['Name'],
    also: { GenerateSecretString: 'the secret is drawn anew, and everything made with the old one dies' },
  },
  'AWS::S3::Bucket': {
    holds: 'its objects',
    replacedBy: ['BucketName', 'BucketNamePrefix', 'BucketNamespace', 'ObjectLockEnabled'],
  },
  'AWS::SQS::Queue': { holds: 'its messages', replacedBy: ['QueueName', 'FifoQueue'] },
  'AWS::Logs::LogGroup': { holds: 'its logs', replacedBy: ['LogGroupName'] },
  'AWS::Events::EventBus': { holds: 'the rules that others put on it', replacedBy: ['Name', 'EventSourceName'] },
  'AWS::SNS::Topic': { holds: 'its confirmed subscriptions', replacedBy: ['TopicName', 'FifoTopic'] },
  'AWS::EC2::EIP': {
    holds: 'an address that others have on their lists',
    replacedBy: ['Address', 'Domain', 'IpamPoolId', 'NetworkBorderGroup', 'TransferAddress'],
  },
  'AWS::ApiGateway::RestApi': { holds: 'the address of the API', replacedBy: [] },
  'AWS::ApiGateway::DomainName': { holds: 'the target that DNS points to', replacedBy: ['DomainName'] },
  'AWS::ApiGateway::ApiKey': { holds: 'a key that callers share', replacedBy: ['Name', 'Value', 'GenerateDistinctId'] },
  'AWS::ApiGateway::UsagePlan': { holds: 'the keys that tenants were given', replacedBy: [] },
  'AWS::Backup::BackupVault': { holds: 'its backups', replacedBy: ['BackupVaultName', 'EncryptionKeyArn'] },
};

export interface Loss {
  readonly resource: string;
  readonly type: string;
  readonly says: string;
}

type Resources = Readonly<Record<string, Resource>>;

const regionsOf = ({ Properties }: Resource): string[] =>
  (Properties?.Replicas ?? []).map(({ Region }: { readonly Region?: string }) => String(Region));

/** Why an update of one resource loses what it holds; empty: it does not. */
function reasons(before: Resource, after: Resource): string[] {
  const row = stateful[before.Type];
  if (row === undefined) return [];
  if (before.Type !== after.Type) return [`its type becomes ${after.Type}: it is deleted, and ${row.holds} with it`];
  const changed = (property: string): boolean =>
    canonical(before.Properties?.[property]) !== canonical(after.Properties?.[property]);
  const gone = regionsOf(before).filter((region) => !regionsOf(after).includes(region));
  return [
    ...row.replacedBy.filter(changed).map((property) => `${property} changes: it is replaced, and loses ${row.holds}`),
    ...Object.entries(row.also ?? {})
      .filter(([property]) => changed(property))
      .map(([property, why]) => `${property} changes: ${why}`),
    ...gone.map((region) => `its replica in ${region} is deleted`),
  ];
}

const fate = ({ DeletionPolicy }: Resource, holds: string): string =>
  DeletionPolicy === undefined || DeletionPolicy === 'Delete'
    ? `is no longer in the template: it is deleted, and ${holds} with it`
    : 'is no longer in the template: it stays behind in AWS, and nothing here knows it any more';

/** What an update of one stack loses. */
export function lossesOf(before: Template, after: Template): Loss[] {
  const [old, fresh]: [Resources, Resources] = [before.Resources ?? {}, after.Resources ?? {}];
  return Object.entries(old).flatMap(([resource, was]) => {
    const is = fresh[resource];
    const row = stateful[was.Type];
    if (row === undefined) return [];
    const says = is === undefined ? [fate(was, row.holds)] : reasons(was, is);
    return says.map((each) => ({ resource, type: was.Type, says: each }));
  });
}
