// Who may use a KMS key: the functions whose rows name it, and AWS services in the name of callers of this account.
// The account administers its keys but does not use them: administration and use are two different grants.

import { aws_iam as iam } from 'aws-cdk-lib';
import { type FunctionName, type FunctionRow, functions } from '../../contract/capabilities.ts';
import type { KeyVerb } from '../../contract/kernel/function.ts';
import type { KmsKeyName } from '../../contract/kernel/kms_keys.ts';
import { hasBackups } from './backup_access.ts';
import { alarmName, busName, logGroupPrefix, roleName, wafLogGroupName, type ZoneDeployment } from './names.ts';
import { profileOf } from './profile.ts';

const administration = [
  'CancelKeyDeletion',
  'CreateAlias',
  'DeleteAlias',
  'DescribeKey',
  'DisableKey',
  'DisableKeyRotation',
  'EnableKey',
  'EnableKeyRotation',
  'GetKeyPolicy',
  'GetKeyRotationStatus',
  'ListGrants',
  'ListKeyPolicies',
  'ListKeyRotations',
  'ListResourceTags',
  'PutKeyPolicy',
  'RevokeGrant',
  'RotateKeyOnDemand',
  'ScheduleKeyDeletion',
  'TagResource',
  'UntagResource',
  'UpdateAlias',
  'UpdateKeyDescription',
];

const wrapping = [
  'Encrypt',
  'Decrypt',
  'ReEncryptFrom',
  'ReEncryptTo',
  'GenerateDataKey',
  'GenerateDataKeyWithoutPlaintext',
];

const statement = (
  sid: string,
  principal: iam.IPrincipal,
  verbs: readonly string[],
  conditions: Record<string, Record<string, unknown>>,
): iam.PolicyStatement =>
  new iam.PolicyStatement({
    sid,
    principals: [principal],
    actions: verbs.map((verb) => `kms:${verb}`),
    // In a key's own policy this is the key.
    resources: ['*'],
    conditions,
  });

/** Services that use the key in the name of their caller, and those that keep using it afterwards, by a grant. */
const servicesOf: Readonly<Record<KmsKeyName, { readonly use: readonly string[]; readonly grant: readonly string[] }>> =
  {
    data: { use: ['dynamodb', 'lambda', 's3', 'sqs'], grant: ['dynamodb', 'lambda'] },
    tenant: { use: [], grant: [] },
    pii: { use: [], grant: [] },
    secrets: { use: ['secretsmanager'], grant: [] },
  };

/** The roles whose rows name the key, by verb. */
const usersOf = (deployment: ZoneDeployment, key: KmsKeyName): Map<KeyVerb, string[]> => {
  const users = new Map<KeyVerb, string[]>();
  for (const [name, row] of Object.entries(functions) as [FunctionName, FunctionRow][]) {
    for (const verb of row.keys[key] ?? []) users.set(verb, [...(users.get(verb) ?? []), roleName(deployment, name)]);
  }
  return users;
};

export function keyPolicy(
  deployment: ZoneDeployment,
  key: KmsKeyName,
  account: string,
  partition: string,
): iam.PolicyDocument {
  // The account itself: each statement below allows only what IAM policies of the account allow too.
  const accountPrincipal = new iam.AccountPrincipal(account);
  const through = (services: readonly string[]) => ({
    StringEquals: {
      'kms:CallerAccount': account,
      'kms:ViaService': services.map((service) => `${service}.${deployment.region}.amazonaws.com`),
    },
  });
  // AWS Backup seals what the vault holds, and keeps the vault's key by a grant.
  const backup = key === 'data' && hasBackups(deployment) ? ['backup'] : [];
  const use = [...servicesOf[key].use, ...backup];
  const grant = [...servicesOf[key].grant, ...backup];
  return new iam.PolicyDocument({
    statements: [
      statement('Administration', accountPrincipal, administration, {}),
      ...replication(deployment, accountPrincipal),
      ...[...usersOf(deployment, key)].map(([verb, roles]) =>
        statement(`${verb}ByFunctions`, accountPrincipal, [verb], {
          ArnEquals: { 'aws:PrincipalArn': roles.map((role) => `arn:${partition}:iam::${account}:role/${role}`) },
        }),
      ),
      ...(use.length > 0
        ? [statement('UseThroughServices', accountPrincipal, [...wrapping, 'DescribeKey'], through(use))]
        : []),
      ...(grant.length > 0
        ? [
            statement('GrantThroughServices', accountPrincipal, ['CreateGrant'], {
              ...through(grant),
              Bool: { 'kms:GrantIsForAWSResource': 'true' },
            }),
          ]
        : []),
      ...(backup.length > 0
        ? [statement('RetireThroughBackup', accountPrincipal, ['RetireGrant'], through(backup))]
        : []),
      ...(key === 'data' ? servicesInTheirOwnName(deployment, account, partition) : []),
    ],
  });
}

/** The key may be copied into the zone's other region and no other, and either of the two may become its primary one. */
const replication = ({ region, otherRegion }: ZoneDeployment, account: iam.IPrincipal): iam.PolicyStatement[] =>
  otherRegion === undefined
    ? []
    : [
        statement('ReplicateInsideTheZone', account, ['ReplicateKey'], {
          StringEquals: { 'kms:ReplicaRegion': otherRegion },
        }),
        statement('PrimaryInsideTheZone', account, ['UpdatePrimaryRegion'], {
          StringEquals: { 'kms:PrimaryRegion': [region, otherRegion].sort() },
        }),
      ];

/** Services that use the key in their own name, each for the resources that are named here. */
function servicesInTheirOwnName(deployment: ZoneDeployment, account: string, partition: string): iam.PolicyStatement[] {
  const arn = (service: string, resource: string): string =>
    `arn:${partition}:${service}:${deployment.region}:${account}:${resource}`;
  const service = (name: string) => new iam.ServicePrincipal(name);
  const logGroups = [
    `${logGroupPrefix(deployment)}*`,
    ...(profileOf(deployment).webAcl ? [wafLogGroupName(deployment)] : []),
  ];
  return [
    statement('Logs', service(`logs.${deployment.region}.amazonaws.com`), [...wrapping, 'DescribeKey'], {
      ArnLike: {
        'kms:EncryptionContext:aws:logs:arn': logGroups.map((group) => arn('logs', `log-group:${group}`)),
      },
    }),
    statement('Bus', service('events.amazonaws.com'), ['Decrypt', 'GenerateDataKey', 'DescribeKey'], {
      StringEquals: { 'aws:SourceAccount': account },
      ArnEquals: { 'aws:SourceArn': arn('events', `event-bus/${busName(deployment)}`) },
    }),
    // Alarms publish to the encrypted topic.
    statement('Alarms', service('cloudwatch.amazonaws.com'), ['Decrypt', 'GenerateDataKey'], {
      StringEquals: { 'aws:SourceAccount': account },
      ArnLike: { 'aws:SourceArn': arn('cloudwatch', `alarm:${alarmName(deployment, '*')}`) },
    }),
  ];
}
