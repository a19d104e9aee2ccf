// Who copies tables, tries the copies out, and records what came of it. All of it stands where data is locked, and nowhere else.

import { type TableName, tables } from '../../../contract/capabilities.ts';
import type { Table } from '../../../contract/kernel/table.ts';
import { logGroupName, recoveryRuleName, tableName, vaultName, type ZoneDeployment } from '../../derive/names.ts';
import { allow, arnIn, key, prefixed, type Statement, through } from './statement.ts';

export const areBackedUp = ({ stageConfig }: ZoneDeployment): boolean => stageConfig.data === 'locked';

const tableArns = (deployment: ZoneDeployment): string[] =>
  (Object.entries(tables) as [TableName, Table][])
    .filter(([, { unbackedBecause }]) => unbackedBecause === undefined)
    .map(([name]) => arnIn(deployment, 'dynamodb', `table/${tableName(deployment, name)}`));

const keyForServices = (deployment: ZoneDeployment): Statement[] => [
  allow(
    prefixed('kms', ['Decrypt', 'DescribeKey', 'Encrypt', 'GenerateDataKey', 'ReEncryptFrom', 'ReEncryptTo']),
    [key('data')],
    through(deployment, 'backup', 'dynamodb'),
  ),
  allow(['kms:CreateGrant'], [key('data')], { Bool: { 'kms:GrantIsForAWSResource': 'true' } }),
];

export function backupRoles(
  deployment: ZoneDeployment,
  trust: Statement,
): Record<string, { readonly trust: Statement; readonly grants: readonly Statement[] }> {
  // The second region holds copies, and neither makes nor tries out any.
  if (!areBackedUp(deployment) || deployment.position !== 'home') return {};
  const vault = arnIn(deployment, 'backup', `backup-vault:${vaultName(deployment)}`);
  return {
    'recovery/backup-role': {
      trust,
      grants: [
        allow(
          prefixed('dynamodb', ['DescribeTable', 'ListTagsOfResource', 'StartAwsBackupJob']),
          tableArns(deployment),
        ),
        allow(['backup:DescribeBackupVault'], [vault]),
        ...(deployment.otherRegion
          ? [
              allow(prefixed('backup', ['CopyFromBackupVault', 'CopyIntoBackupVault']), [
                vault,
                vault.replace(deployment.region, deployment.otherRegion),
              ]),
            ]
          : []),
        ...keyForServices(deployment),
      ],
    },
    'recovery/restore-test-role': {
      trust,
      grants: [
        allow(
          prefixed('dynamodb', [
            ...['BatchWriteItem', 'DeleteItem', 'DescribeTable', 'GetItem', 'PutItem', 'Query'],
            ...['RestoreTableFromAwsBackup', 'Scan', 'UpdateItem'],
          ]),
          [arnIn(deployment, 'dynamodb', 'table/awsbackup-restore-test-*')],
        ),
        ...keyForServices(deployment),
      ],
    },
  };
}

/** EventBridge makes a stream before it can say for which rule, and writes for the two rules alone. */
export function recordStatements(deployment: ZoneDeployment): Record<string, Statement[]> {
  if (!areBackedUp(deployment) || deployment.position !== 'home') return {};
  const Principal = { Service: ['events.amazonaws.com', 'delivery.logs.amazonaws.com'] };
  const group = arnIn(deployment, 'logs', `log-group:${logGroupName(deployment, 'recovery')}`);
  return {
    'recovery/record-delivery': [
      { ...allow(['logs:CreateLogStream'], [`${group}:*`]), Principal },
      {
        ...allow(['logs:PutLogEvents'], [`${group}:*:*`]),
        Principal,
        Condition: {
          ArnEquals: {
            'aws:SourceArn': (['completed', 'failed'] as const).map((ending) =>
              arnIn(deployment, 'events', `rule/${recoveryRuleName(deployment, ending)}`),
            ),
          },
        },
      },
    ],
  };
}
