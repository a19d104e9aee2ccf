// Backups: every table that says nothing else is copied daily into a locked vault, and into the zone's second region alone; each is
// restored as a test every quarter, and what came of it is recorded.

import { backupLimits as limits } from '../../../contract/kernel/limits.ts';
import { zones } from '../../../contract/kernel/zones.ts';
import { tablesInBackup } from '../../derive/backup_access.ts';
import { logGroupName, tableName, vaultArn, vaultName } from '../../derive/names.ts';
import {
  type Json,
  keyArn,
  listed,
  ofType,
  type Resource,
  type Rule,
  type RuleContext,
  referredTo,
  unless,
} from '../rule.ts';

const regionOf = (resource: Resource, { stacks, region }: RuleContext): string =>
  [...stacks.values()].find(({ paths }) => paths.get(resource.logicalId) === resource.path)?.region ?? region;

const arnsOfTables = (resource: Resource, zone: RuleContext): string[] =>
  tablesInBackup
    .map((name) => `arn:aws:dynamodb:${regionOf(resource, zone)}:<account>:table/${tableName(zone.deployment, name)}`)
    .sort();

/** Exactly the tables that are backed up: one more may be one whose rows must be gone some day. */
const areAllTables = (found: Json, resource: Resource, zone: RuleContext): readonly string[] => {
  const expected = arnsOfTables(resource, zone);
  return [
    ...expected.filter((arn) => !listed(found).includes(arn)).map((arn) => `${arn} is left out`),
    ...listed(found)
      .filter((arn) => !expected.includes(arn))
      .map((arn) => `${arn} must not be in it`),
  ];
};

const roleIs = (found: Json, name: string, zone: RuleContext): readonly string[] =>
  unless(referredTo(zone, found)?.name === `recovery/${name}-role`, `it acts as ${found}`);

/** Months in which a schedule of ours starts, when it starts on one day of them. */
const monthsOf = (schedule: Json): number[] =>
  /^cron\(\d+ \d+ \d+ ([\d,]+) \? \*\)$/.exec(schedule)?.[1]?.split(',').map(Number) ?? [];

/** The longest time between two starts, in months. */
const longestGap = (months: readonly number[]): number =>
  months.length === 0
    ? Number.POSITIVE_INFINITY
    : Math.max(...months.map((month, index) => (months[index + 1] ?? (months[0] ?? 0) + 12) - month));

export const recoveryRules: readonly Rule[] = [
  {
    id: 'Strongroom-BAK1',
    types: ['AWS::Backup::BackupVault'],
    promises: ['BCK-1', 'ENC-1'],
    statement:
      'A vault is under the data key, keeps what is in it for exactly the days of the contract, and is locked for good a week after it was made.',
    check: ({ p, outlives }, { deployment }) => [
      ...unless(p.BackupVaultName === vaultName(deployment), `its name is ${p.BackupVaultName}`),
      ...unless(
        /(^|\/)keys\/key-data\.Arn$/.test(p.EncryptionKeyArn),
        `it is under ${p.EncryptionKeyArn ?? 'no key of ours'}`,
      ),
      ...unless(
        p.LockConfiguration?.MinRetentionDays === limits.keepDays &&
          p.LockConfiguration?.MaxRetentionDays === limits.keepDays,
        'copies may be deleted sooner, or stay longer',
      ),
      ...unless(p.LockConfiguration?.ChangeableForDays === limits.lockGraceDays, 'its lock can be taken off later'),
      ...unless(outlives, 'it is deleted with its stack'),
    ],
  },
  {
    id: 'Strongroom-BAK2',
    types: ['AWS::Backup::BackupPlan'],
    promises: ['BCK-1', 'RES-2'],
    statement:
      'A backup is made every day, into the vault, for the days of the contract, and copied into the zone’s second region alone.',
    check: ({ p }, { deployment }) => {
      const rules = listed(p.BackupPlan?.BackupPlanRule);
      const copy = vaultArn('aws', deployment, zones[deployment.zone].second, '<account>');
      return [
        ...unless(
          rules.length === 1 && /^cron\(\d+ \d+ \* \* \? \*\)$/.test(rules[0].ScheduleExpression),
          'it is not daily',
        ),
        ...rules.flatMap((rule) => [
          ...unless(rule.TargetBackupVault === vaultName(deployment), `it goes to ${rule.TargetBackupVault}`),
          ...[rule, ...listed(rule.CopyActions)].flatMap(({ Lifecycle }) =>
            unless(
              Lifecycle?.DeleteAfterDays === limits.keepDays && Lifecycle.MoveToColdStorageAfterDays === undefined,
              'it stays for another time',
            ),
          ),
          ...listed(rule.CopyActions)
            .filter(({ DestinationBackupVaultArn }) => DestinationBackupVaultArn !== copy)
            .map(({ DestinationBackupVaultArn }) => `it is copied to ${DestinationBackupVaultArn}`),
        ]),
      ];
    },
  },
  {
    id: 'Strongroom-BAK3',
    types: ['AWS::Backup::BackupSelection'],
    promises: ['BCK-1', 'DSR-2'],
    statement: 'The backup holds every table but those whose rows say why not, and nothing else.',
    check: (resource, zone) => {
      const { Resources, IamRoleArn, ListOfTags, Conditions, NotResources } = resource.p.BackupSelection ?? {};
      return [
        ...areAllTables(Resources, resource, zone),
        ...unless(
          ListOfTags === undefined && Conditions === undefined && NotResources === undefined,
          'tags decide what is in it',
        ),
        ...roleIs(IamRoleArn, 'backup', zone),
      ];
    },
  },
  {
    id: 'Strongroom-BAK4',
    types: ['AWS::Backup::RestoreTestingPlan'],
    promises: ['BCK-2'],
    statement: 'Restores are tested at least every quarter, from the vault’s newest copies.',
    check: (resource, zone) => [
      ...unless(
        longestGap(monthsOf(resource.p.ScheduleExpression)) <= 3,
        `they are tested at ${resource.p.ScheduleExpression}`,
      ),
      ...unless(
        JSON.stringify(resource.p.RecoveryPointSelection?.IncludeVaults) ===
          JSON.stringify([vaultArn('aws', zone.deployment, regionOf(resource, zone), '<account>')]),
        'it tests other vaults',
      ),
      ...unless(resource.p.RecoveryPointSelection?.Algorithm === 'LATEST_WITHIN_WINDOW', 'it may test an old copy'),
    ],
  },
  {
    id: 'Strongroom-BAK5',
    types: ['AWS::Backup::RestoreTestingSelection'],
    promises: ['BCK-2', 'ENC-1'],
    statement: 'Every table of the backup is restored as a test, under the data key, and deleted again within a day.',
    check: (resource, zone) => [
      ...areAllTables(resource.p.ProtectedResourceArns, resource, zone),
      ...unless(listed(resource.p.ProtectedResourceArns).length <= 30, 'AWS Backup takes 30 tables in a selection'),
      ...unless(resource.p.ProtectedResourceConditions === undefined, 'tags decide what is tested'),
      ...unless(
        resource.p.RestoreMetadataOverrides?.encryptionType === 'KMS' &&
          resource.p.RestoreMetadataOverrides?.kmsMasterKeyArn === keyArn('data'),
        'what is restored is not under the data key',
      ),
      ...unless(resource.p.ValidationWindowHours <= 24, 'what was restored stays for more than a day'),
      ...roleIs(resource.p.IamRoleArn, 'restore-test', zone),
    ],
  },
  {
    id: 'Strongroom-BAK6',
    types: ['AWS::Events::Rule'],
    promises: ['BCK-2', 'AUD-4'],
    statement:
      'What becomes of backups is on and goes to the zone’s own record, which another rule keeps for ten years.',
    check: (resource, zone) => {
      const group = logGroupName(zone.deployment, 'recovery');
      const expected = `arn:aws:logs:${regionOf(resource, zone)}:<account>:log-group:${group}`;
      return [
        ...unless(resource.p.State === 'ENABLED', 'it is off'),
        ...unless(JSON.stringify(resource.p.EventPattern?.source) === '["aws.backup"]', 'it reads other events'),
        ...unless(
          listed(resource.p.Targets).length === 1 &&
            resource.p.Targets[0].Arn === expected &&
            resource.p.Targets[0].RoleArn === undefined,
          'it goes elsewhere',
        ),
        ...unless(
          ofType(zone, 'AWS::Logs::LogGroup').some(
            ({ p }) => p.LogGroupName === group && p.RetentionInDays === limits.recordDays,
          ),
          `${group} does not last`,
        ),
      ];
    },
  },
];
