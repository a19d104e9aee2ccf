// What keeps a deployed stage from being deleted, and until when: read from what is deployed, not from what the configuration says
// today.

import type { Template } from '../../lib/template.ts';
import { type Aws, AwsFailure, parsed } from '../aws/client.ts';

export interface DeployedStack {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly protected: boolean;
  readonly template: Template;
}

export interface Lock {
  readonly what: string;
  /** When it ends, or what ends it. */
  readonly until: string;
}

interface Replica {
  readonly Region?: string;
  readonly DeletionProtectionEnabled?: boolean;
}

const resourcesIn = ({ template }: DeployedStack, type: string) =>
  Object.values(template.Resources ?? {}).filter(({ Type }) => Type === type);

function tableLocks(stack: DeployedStack): Lock[] {
  return resourcesIn(stack, 'AWS::DynamoDB::GlobalTable').flatMap(({ Properties }) =>
    (Properties?.Replicas ?? [])
      .filter(({ DeletionProtectionEnabled }: Replica) => DeletionProtectionEnabled === true)
      .map(({ Region }: Replica) => ({
        what: `table ${Properties?.TableName} in ${Region}: deletion protection`,
        until: 'somebody switches it off',
      })),
  );
}

const day = (seconds: unknown): string => new Date(Number(seconds) * 1000).toISOString().slice(0, 10);

/** The last day on which a backup of the vault must be there. */
async function lastBackup(aws: Aws, region: string, vault: string): Promise<string | null> {
  const points = parsed(await aws.get('backup', region, `/backup-vaults/${vault}/recovery-points/?maxResults=1000`));
  const days = (
    (points.RecoveryPoints ?? []) as { readonly CalculatedLifecycle?: { readonly DeleteAt?: number } }[]
  ).flatMap(({ CalculatedLifecycle }) =>
    CalculatedLifecycle?.DeleteAt === undefined ? [] : day(CalculatedLifecycle.DeleteAt),
  );
  return days.sort().at(-1) ?? null;
}

/** A locked vault can't be deleted while a backup is in it, and no backup before its time. */
async function vaultLock(aws: Aws, region: string, vault: string): Promise<Lock> {
  const what = `vault ${vault} in ${region}: its lock`;
  try {
    const { Locked, LockDate, NumberOfRecoveryPoints } = parsed(
      await aws.get('backup', region, `/backup-vaults/${vault}/`),
    );
    const final = typeof LockDate === 'number' ? `, and can't be taken off from ${day(LockDate)} on` : '';
    if (Locked !== true) return { what, until: 'AWS Backup says that it is not locked' };
    const last = await lastBackup(aws, region, vault);
    return {
      what: `${what}${final}`,
      until:
        last === null
          ? `its ${NumberOfRecoveryPoints ?? 0} backups are gone`
          : `${last}, when its last backup may be deleted`,
    };
  } catch (error) {
    if (error instanceof AwsFailure) return { what, until: `unknown: ${error.message}` };
    throw error;
  }
}

const bucketLocks = (stack: DeployedStack): Lock[] =>
  resourcesIn(stack, 'AWS::S3::Bucket').flatMap(({ Properties }) => {
    const { DefaultRetention } = Properties?.ObjectLockConfiguration?.Rule ?? {};
    if (DefaultRetention === undefined) return [];
    const { Days, Years } = DefaultRetention;
    const long = Days === undefined ? `${Years} years` : `${Days} days`;
    return {
      what: `bucket ${Properties?.BucketName ?? ''}: object lock`,
      until: `${long} after the last object was written`,
    };
  });

export async function locksOf(aws: Aws, stacks: readonly DeployedStack[]): Promise<Lock[]> {
  const vaults = stacks.flatMap((stack) =>
    resourcesIn(stack, 'AWS::Backup::BackupVault')
      .filter(({ Properties }) => Properties?.LockConfiguration !== undefined)
      .map(({ Properties }) => vaultLock(aws, stack.region, String(Properties?.BackupVaultName))),
  );
  return [
    ...stacks
      .filter((stack) => stack.protected)
      .map(({ name, region }) => ({
        what: `stack ${name} in ${region}: termination protection`,
        until: 'somebody switches it off',
      })),
    ...stacks.flatMap(tableLocks),
    ...stacks.flatMap(bucketLocks),
    ...(await Promise.all(vaults)),
  ];
}
