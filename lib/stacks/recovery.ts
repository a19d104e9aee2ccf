// Daily copies of a zone's tables in a locked vault, each table restored as a test every quarter, and a dated record of what came of
// every backup, copy and restore (promises BCK-1 and BCK-2, docs/decisions/0038). Nothing here is deleted by hand, ours included.

import {
  ArnFormat,
  aws_backup as backup,
  aws_events as events,
  aws_iam as iam,
  type aws_kms as kms,
  aws_logs as logs,
  Stack,
  type StackProps,
} from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { backupLimits } from '../../contract/kernel/limits.ts';
import {
  type BackupAccess,
  backupStatements,
  restoreTestStatements,
  tableArnsInBackup,
} from '../derive/backup_access.ts';
import {
  logGroupName,
  type RecoveryEnding,
  recoveryRuleName,
  restoreTestingName,
  roleName,
  vaultArn,
  vaultName,
  type ZoneDeployment,
} from '../derive/names.ts';
import { removalOf } from '../derive/removal.ts';

export interface RecoveryProps extends StackProps {
  readonly deployment: ZoneDeployment;
  readonly key: kms.IKey;
}

/** How a job ends (AWS Backup guide, "Monitoring events using EventBridge", read 2026-12-01). */
const endings: Readonly<Record<RecoveryEnding, readonly string[]>> = {
  completed: ['COMPLETED'],
  failed: ['FAILED', 'ABORTED', 'EXPIRED', 'PARTIAL'],
};

export class RecoveryStack extends Stack {
  constructor(scope: Construct, id: string, { deployment, key, ...props }: RecoveryProps) {
    super(scope, id, props);
    this.#addVault(deployment, key);
    // The second region holds copies alone.
    if (deployment.position === 'second') return;
    const { region, otherRegion } = deployment;
    const access: BackupAccess = {
      deployment,
      keyArn: key.keyArn,
      vaultArn: vaultArn(this.partition, deployment, region, this.account),
      copyArn: otherRegion && vaultArn(this.partition, deployment, otherRegion, this.account),
    };
    this.#addPlan(access);
    this.#addRestoreTests(access);
    this.#addRecord(deployment, key);
  }

  #addVault(deployment: ZoneDeployment, key: kms.IKey): void {
    const vault = new backup.CfnBackupVault(this, 'vault', {
      backupVaultName: vaultName(deployment),
      encryptionKeyArn: key.keyArn,
      lockConfiguration: {
        minRetentionDays: backupLimits.keepDays,
        maxRetentionDays: backupLimits.keepDays,
        changeableForDays: backupLimits.lockGraceDays,
      },
    });
    vault.applyRemovalPolicy(removalOf(deployment));
  }

  #addRole(deployment: ZoneDeployment, name: string, description: string, statements: iam.PolicyStatement[]): iam.Role {
    return new iam.Role(this, `${name}-role`, {
      roleName: roleName(deployment, name),
      description,
      assumedBy: new iam.ServicePrincipal('backup.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
      inlinePolicies: { row: new iam.PolicyDocument({ statements, minimize: false }) },
    });
  }

  #addPlan(access: BackupAccess): void {
    const { deployment, copyArn } = access;
    const lifecycle = { deleteAfterDays: backupLimits.keepDays };
    const plan = new backup.CfnBackupPlan(this, 'plan', {
      backupPlan: {
        backupPlanName: vaultName(deployment),
        backupPlanRule: [
          {
            ruleName: 'daily',
            targetBackupVault: vaultName(deployment),
            scheduleExpression: `cron(0 ${backupLimits.startHourUtc} * * ? *)`,
            scheduleExpressionTimezone: 'Etc/UTC',
            startWindowMinutes: backupLimits.startWithinMinutes,
            completionWindowMinutes: backupLimits.doneWithinMinutes,
            lifecycle,
            ...(copyArn !== undefined && { copyActions: [{ destinationBackupVaultArn: copyArn, lifecycle }] }),
          },
        ],
      },
    });
    plan.node.addDependency(this.node.findChild('vault'));
    const role = this.#addRole(
      deployment,
      'backup',
      'AWS Backup copies tables into the vault under this role',
      backupStatements(this, access),
    );
    new backup.CfnBackupSelection(this, 'selection', {
      backupPlanId: plan.attrBackupPlanId,
      backupSelection: {
        selectionName: 'tables',
        iamRoleArn: role.roleArn,
        resources: tableArnsInBackup(this, deployment),
      },
    });
  }

  #addRestoreTests(access: BackupAccess): void {
    const { deployment, keyArn } = access;
    const name = restoreTestingName(deployment);
    const plan = new backup.CfnRestoreTestingPlan(this, 'restore-tests', {
      restoreTestingPlanName: name,
      scheduleExpression: `cron(0 ${backupLimits.startHourUtc} 2 ${backupLimits.restoreTestMonths.join(',')} ? *)`,
      scheduleExpressionTimezone: 'Etc/UTC',
      startWindowHours: 24,
      recoveryPointSelection: {
        algorithm: 'LATEST_WITHIN_WINDOW',
        includeVaults: [access.vaultArn],
        recoveryPointTypes: ['SNAPSHOT'],
        selectionWindowDays: backupLimits.restoreTestWindowDays,
      },
    });
    const role = this.#addRole(
      deployment,
      'restore-test',
      'AWS Backup restores tables as a test under this role, into tables of their own',
      restoreTestStatements(this, access),
    );
    const selection = new backup.CfnRestoreTestingSelection(this, 'restore-tests-of-tables', {
      restoreTestingPlanName: name,
      restoreTestingSelectionName: 'tables',
      iamRoleArn: role.roleArn,
      protectedResourceType: 'DynamoDB',
      protectedResourceArns: tableArnsInBackup(this, deployment),
      restoreMetadataOverrides: { encryptionType: 'KMS', kmsMasterKeyArn: keyArn },
      validationWindowHours: backupLimits.restoreTestStaysHours,
    });
    selection.addResourceDependency(plan);
  }

  /** AWS Backup lists its jobs for 30 days: what came of each is written to a log, with its date. Its events are best effort. */
  #addRecord(deployment: ZoneDeployment, key: kms.IKey): void {
    const name = logGroupName(deployment, 'recovery');
    const group = new logs.LogGroup(this, 'record', {
      logGroupName: name,
      encryptionKey: key,
      retention: backupLimits.recordDays,
      removalPolicy: removalOf(deployment),
    });
    const rules = (Object.entries(endings) as [RecoveryEnding, readonly string[]][]).map(([ending, states]) =>
      this.#addRule(deployment, ending, states, name),
    );
    const writers = { Service: ['events.amazonaws.com', 'delivery.logs.amazonaws.com'] };
    const policy = new logs.CfnResourcePolicy(this, 'record-delivery', {
      policyName: `${vaultName(deployment)}-recovery`,
      policyDocument: this.toJsonString({
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'Streams',
            Effect: 'Allow',
            Principal: writers,
            Action: 'logs:CreateLogStream',
            Resource: this.#logArn(`${name}:*`),
          },
          {
            Sid: 'Events',
            Effect: 'Allow',
            Principal: writers,
            Action: 'logs:PutLogEvents',
            Resource: this.#logArn(`${name}:*:*`),
            // Of rules alone (EventBridge guide, "Using resource-based policies", read 2026-12-01).
            Condition: {
              ArnEquals: {
                'aws:SourceArn': (Object.keys(endings) as RecoveryEnding[]).map((ending) =>
                  this.formatArn({
                    service: 'events',
                    resource: 'rule',
                    resourceName: recoveryRuleName(deployment, ending),
                  }),
                ),
              },
            },
          },
        ],
      }),
    });
    for (const rule of rules) rule.node.addDependency(group, policy);
  }

  #logArn(resourceName: string): string {
    return this.formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }

  #addRule(
    deployment: ZoneDeployment,
    ending: RecoveryEnding,
    states: readonly string[],
    group: string,
  ): events.CfnRule {
    return new events.CfnRule(this, `record-${ending}`, {
      name: recoveryRuleName(deployment, ending),
      description: `Backups, copies and restores of tables of Strongroom ${deployment.stage} ${deployment.zone} that ended as ${ending}`,
      state: 'ENABLED',
      eventPattern: {
        source: ['aws.backup'],
        'detail-type': ['Backup Job State Change', 'Copy Job State Change', 'Restore Job State Change'],
        // Restores call it status.
        detail: { $or: [{ state: states }, { status: states }] },
      },
      targets: [{ id: 'record', arn: this.#logArn(group) }],
    });
  }
}
