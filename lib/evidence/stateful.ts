// What holds data, or is an address that others know: the identity of each such resource, and what of it may not change. A change
// that CloudFormation would carry out by making another resource loses data, so these are recorded once, and compared.

import { isDeepStrictEqual } from 'node:util';
import type { Json, Resource, ZoneTemplates } from './template.ts';

interface Row {
  /** Properties by which CloudFormation makes another resource (the causes of replacement in AWS's resource schemas). */
  readonly replacedBy: readonly string[];
  /** Properties that change in place, or that AWS refuses to change, and what such a change loses. */
  readonly loses: Readonly<Record<string, string>>;
}

const reEncrypts = 'what was stored under the old key opens no longer once that key is gone';

/** A type that holds data in our templates has a row here. */
export const statefulTypes: Readonly<Record<string, Row>> = {
  'AWS::DynamoDB::GlobalTable': {
    replacedBy: ['TableName', 'KeySchema', 'LocalSecondaryIndexes'],
    loses: {
      AttributeDefinitions: 'a key of another type is another key',
      GlobalSecondaryIndexes: 'an index that is gone, or is built again, answers nothing until it is built',
      MultiRegionConsistency: 'it can be chosen only while the table is empty',
      'Replicas.Region': 'a replica that is gone takes its stream and its point-in-time recovery along',
      'Replicas.SSESpecification': reEncrypts,
      SSESpecification: reEncrypts,
      StreamSpecification: 'records of the last day that nobody has read are gone, and readers lose their place',
      TimeToLiveSpecification: 'rows are kept for ever, or deleted by a field that means something else',
    },
  },
  'AWS::KMS::Key': {
    replacedBy: [],
    loses: {
      KeySpec: 'AWS refuses it; under another key nothing opens',
      KeyUsage: 'AWS refuses it; under another key nothing opens',
      MultiRegion: 'AWS refuses it; under another key nothing opens',
      Origin: 'AWS refuses it; under another key nothing opens',
    },
  },
  'AWS::KMS::ReplicaKey': { replacedBy: ['PrimaryKeyArn'], loses: {} },
  'AWS::KMS::Alias': { replacedBy: ['AliasName'], loses: { TargetKeyId: 'the name stands for another key' } },
  'AWS::SecretsManager::Secret': {
    replacedBy: ['Name'],
    loses: {
      GenerateSecretString: 'the secret is drawn again: every API key and every digest of the zone is void',
      KmsKeyId: reEncrypts,
      SecretString: 'the secret is overwritten',
    },
  },
  'AWS::S3::Bucket': {
    replacedBy: ['BucketName', 'BucketNamePrefix', 'BucketNamespace', 'ObjectLockEnabled'],
    loses: { BucketEncryption: reEncrypts, LifecycleConfiguration: 'objects expire earlier, or never' },
  },
  'AWS::S3::BucketPolicy': { replacedBy: ['Bucket'], loses: {} },
  'AWS::SQS::Queue': {
    replacedBy: ['FifoQueue', 'QueueName'],
    loses: { MessageRetentionPeriod: 'messages that wait longer are gone' },
  },
  'AWS::Logs::LogGroup': {
    replacedBy: ['LogGroupName'],
    loses: { RetentionInDays: 'what was logged earlier is gone' },
  },
  'AWS::EC2::EIP': {
    replacedBy: ['Address', 'Domain', 'IpamPoolId', 'NetworkBorderGroup', 'TransferAddress'],
    loses: { PublicIpv4Pool: 'calls leave from an address that nobody allow-listed' },
  },
  'AWS::Backup::BackupVault': {
    replacedBy: ['BackupVaultName', 'EncryptionKeyArn'],
    loses: { LockConfiguration: 'backups can be deleted, or can no longer be' },
  },
};

export interface Recorded {
  readonly type: string;
  readonly replacedBy: Readonly<Record<string, Json>>;
  readonly loses: Readonly<Record<string, Json>>;
}

/** `<region> <stack> <logical id>` -> what is recorded of it. */
export type Baseline = Readonly<Record<string, Recorded>>;

/** `Replicas.Region` of a list is the list of them. */
const valueAt = (p: Json, path: string): Json => {
  const [first = '', ...rest] = path.split('.');
  const value = Array.isArray(p) ? p.map((each) => each?.[first]) : p?.[first];
  return rest.length === 0 || value === undefined ? value : valueAt(value, rest.join('.'));
};

const picked = (p: Json, paths: readonly string[]): Record<string, Json> =>
  Object.fromEntries(paths.map((path) => [path, valueAt(p, path)]).filter(([, value]) => value !== undefined));

/** Settings of the account: they outlive their stack and hold nothing. */
const settings = ['AWS::ApiGateway::Account', 'AWS::IAM::Role'];

const isStateful = ({ type, outlives }: Resource): boolean =>
  (outlives && !settings.includes(type)) || type === 'AWS::KMS::Alias';

/** Of a locked zone. */
export function baselineOf(zones: readonly ZoneTemplates[]): Baseline {
  const recorded = zones.flatMap((zone) =>
    zone.resources.filter(isStateful).map((resource): [string, Recorded] => {
      const row = statefulTypes[resource.type];
      if (row === undefined) {
        throw new Error(`${resource.path}: say in lib/evidence/stateful.ts what replaces an ${resource.type}`);
      }
      const stack = [...zone.stacks.values()].find(({ templateFile }) => templateFile === resource.templateFile);
      return [
        `${stack?.region} ${stack?.name} ${resource.logicalId}`,
        {
          type: resource.type,
          replacedBy: picked(resource.p, row.replacedBy),
          loses: picked(resource.p, Object.keys(row.loses)),
        },
      ];
    }),
  );
  return Object.fromEntries(recorded.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const changes = (before: Readonly<Record<string, Json>>, after: Readonly<Record<string, Json>>): string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (property) => !isDeepStrictEqual(before[property], after[property]),
  );

/** What a deployment would do to what is recorded, a sentence each; nothing where nothing is lost. */
export function lossesOf(recorded: Baseline, found: Baseline): string[] {
  return [...new Set([...Object.keys(recorded), ...Object.keys(found)])].sort().flatMap((id) => {
    const [before, after] = [recorded[id], found[id]];
    if (before === undefined) return [`${id} (${after?.type}) is new: record it.`];
    const named = `${id} (${before.type} ${Object.values(before.replacedBy).filter((each) => typeof each === 'string')})`;
    if (after === undefined) {
      return [
        `${named} is gone: CloudFormation lets go of it, and what has its place begins empty, or meets its name.`,
      ];
    }
    if (after.type !== before.type) return [`${named} becomes an ${after.type}: CloudFormation refuses it.`];
    const was = (part: 'replacedBy' | 'loses', property: string): string =>
      `${property} was ${JSON.stringify(before[part][property])}, is ${JSON.stringify(after[part][property])}`;
    return [
      ...changes(before.replacedBy, after.replacedBy).map(
        (property) =>
          `${named}: ${was('replacedBy', property)}. CloudFormation replaces it: the new one is empty, and the old one stays without a stack.`,
      ),
      ...changes(before.loses, after.loses).map(
        (property) => `${named}: ${was('loses', property)}. ${statefulTypes[before.type]?.loses[property]}.`,
      ),
    ];
  });
}
