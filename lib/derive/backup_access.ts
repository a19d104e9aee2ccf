// What AWS Backup may do under the two roles of a zone: one reads tables into the vault, one restores them as a test. Both are AWS's
// managed policies AWSBackupServiceRolePolicyForBackup and …ForRestores (AWS managed policy reference, read 2026-12-01), narrowed to
// DynamoDB, to this zone's tables and vaults, and to its key.

import { aws_iam as iam, type Stack } from 'aws-cdk-lib';
import { type TableName, tables } from '../../contract/capabilities.ts';
import type { Table } from '../../contract/kernel/table.ts';
import { tableName, type ZoneDeployment } from './names.ts';

/** Copies and restore tests are for what must not be lost: stages that hold data for good. */
export const hasBackups = ({ stageConfig }: ZoneDeployment): boolean => stageConfig.data === 'locked';

/** Every table but those that say why not. */
export const tablesInBackup: readonly TableName[] = (Object.entries(tables) as [TableName, Table][])
  .filter(([, { unbackedBecause }]) => unbackedBecause === undefined)
  .map(([name]) => name);

/** AWS Backup names the tables that it restores as a test (AWS Backup guide, "Restore testing inferred metadata", read 2026-12-01). */
export const testTablePrefix = 'awsbackup-restore-test-';

const table = (stack: Stack, name: string): string =>
  stack.formatArn({ service: 'dynamodb', resource: 'table', resourceName: name });

export const tableArnsInBackup = (stack: Stack, deployment: ZoneDeployment): string[] =>
  tablesInBackup.map((name) => table(stack, tableName(deployment, name)));

/** DynamoDB and AWS Backup open and seal in the name of their caller; DynamoDB keeps a grant. */
const keyStatements = (stack: Stack, keyArn: string): iam.PolicyStatement[] => [
  new iam.PolicyStatement({
    sid: 'DataKeyThroughServices',
    actions: ['Decrypt', 'DescribeKey', 'Encrypt', 'GenerateDataKey', 'ReEncryptFrom', 'ReEncryptTo'].map(
      (verb) => `kms:${verb}`,
    ),
    resources: [keyArn],
    conditions: {
      StringEquals: {
        'kms:ViaService': ['backup', 'dynamodb'].map((service) => `${service}.${stack.region}.amazonaws.com`),
      },
    },
  }),
  new iam.PolicyStatement({
    sid: 'GrantsForServices',
    actions: ['kms:CreateGrant'],
    resources: [keyArn],
    conditions: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
  }),
];

export interface BackupAccess {
  readonly deployment: ZoneDeployment;
  readonly keyArn: string;
  readonly vaultArn: string;
  /** Vault of the zone's second region, where there is one. */
  readonly copyArn: string | undefined;
}

export const backupStatements = (
  stack: Stack,
  { deployment, keyArn, vaultArn, copyArn }: BackupAccess,
): iam.PolicyStatement[] => [
  new iam.PolicyStatement({
    sid: 'ReadTables',
    actions: ['dynamodb:DescribeTable', 'dynamodb:ListTagsOfResource', 'dynamodb:StartAwsBackupJob'],
    resources: tableArnsInBackup(stack, deployment),
  }),
  new iam.PolicyStatement({ sid: 'SeeVault', actions: ['backup:DescribeBackupVault'], resources: [vaultArn] }),
  ...(copyArn === undefined
    ? []
    : [
        new iam.PolicyStatement({
          sid: 'CopyInsideTheZone',
          actions: ['backup:CopyFromBackupVault', 'backup:CopyIntoBackupVault'],
          resources: [vaultArn, copyArn],
        }),
      ]),
  ...keyStatements(stack, keyArn),
];

export const restoreTestStatements = (stack: Stack, { keyArn }: BackupAccess): iam.PolicyStatement[] => [
  new iam.PolicyStatement({
    sid: 'RestoreIntoTestTables',
    actions: [
      ...['BatchWriteItem', 'DeleteItem', 'DescribeTable', 'GetItem', 'PutItem', 'Query'],
      ...['RestoreTableFromAwsBackup', 'Scan', 'UpdateItem'],
    ].map((verb) => `dynamodb:${verb}`),
    resources: [table(stack, `${testTablePrefix}*`)],
  }),
  ...keyStatements(stack, keyArn),
];
