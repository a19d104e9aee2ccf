// The physical name of everything that is named, in one file: by names stacks refer to each other without an export that
// locks one of them, and key policies refer to roles that do not exist yet.

import { ArnFormat, type Stack } from 'aws-cdk-lib';
import type { FunctionName, QueueName, TableName } from '../../contract/capabilities.ts';
import type { KmsKeyName, PlatformSecretName } from '../../contract/kernel/kms_keys.ts';
import { type RegionPosition, type ZoneName, zones } from '../../contract/kernel/zones.ts';
import type { StageConfig, ZoneConfig } from '../config.ts';
import { hasSecondRegion } from './second_region.ts';
import { usualTableName } from './table_names.ts';

/** One zone of one stage, in one of the zone's regions. */
export interface ZoneDeployment {
  readonly stage: string;
  readonly zone: ZoneName;
  readonly position: RegionPosition;
  readonly region: string;
  /** The other region of the pair. Absent: the stage runs its home alone. */
  readonly otherRegion?: string;
  readonly stageConfig: StageConfig;
  readonly zoneConfig: ZoneConfig;
  /** Its stacks are made for the first time (lib/derive/removal.ts). */
  readonly creating?: boolean;
  /** All requests meet new code at once, this time (lib/derive/live_alias.ts). */
  readonly atOnce?: boolean;
}

export const homeOf = (stage: string, stageConfig: StageConfig, zone: ZoneName): ZoneDeployment => ({
  stage,
  zone,
  position: 'home',
  region: zones[zone].home,
  ...(hasSecondRegion(stageConfig, zone) && { otherRegion: zones[zone].second }),
  stageConfig,
  zoneConfig: stageConfig.zones[zone] ?? { tableNames: {} },
});

/** The same zone in its second region; undefined where the stage runs its home alone. */
export const secondOf = (home: ZoneDeployment): ZoneDeployment | undefined =>
  home.otherRegion === undefined
    ? undefined
    : { ...home, position: 'second', region: home.otherRegion, otherRegion: home.region };

const inZone = ({ stage, zone }: ZoneDeployment): string => `strongroom-${stage}-${zone}`;

export const stackName = (deployment: ZoneDeployment, lifecycle: string): string =>
  `${inZone(deployment)}-${lifecycle}`;
/** The stack of what an account has once in a region: path in the app, and name in CloudFormation. */
export const accountStackId = (region: string, account: string | undefined): string =>
  account === undefined ? `account-${region}` : `account-${account}-${region}`;
export const accountStackName = 'strongroom-account';
export const tableName = (deployment: ZoneDeployment, table: TableName): string =>
  deployment.zoneConfig.tableNames[table] ?? usualTableName(deployment.stage, deployment.zone, table);
export const keyAlias = (deployment: ZoneDeployment, key: KmsKeyName): string => `alias/${inZone(deployment)}-${key}`;
export const secretName = (deployment: ZoneDeployment, secret: PlatformSecretName): string =>
  `${inZone(deployment)}-${secret}`;
export const functionName = (deployment: ZoneDeployment, name: FunctionName): string => `${inZone(deployment)}-${name}`;
export const functionArn = (stack: Stack, deployment: ZoneDeployment, name: FunctionName): string =>
  stack.formatArn({
    service: 'lambda',
    resource: 'function',
    resourceName: functionName(deployment, name),
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
/** Of functions that answer requests, where new versions of them are deployed gradually. */
export const liveAlias = 'live';
/** Of CodeDeploy; it has a deployment group for each function that answers requests, by the function's name. */
export const deploymentApplicationName = inZone;
/** Of the second region alone, and of no row: it works at deployment. */
export const streamFinderName = (deployment: ZoneDeployment): string => `${inZone(deployment)}-stream-finder`;
export const apiName = inZone;
export const scheduleName = functionName;
export const busName = inZone;
export const queueName = (deployment: ZoneDeployment, queue: QueueName): string => `${inZone(deployment)}-${queue}`;
/** Where messages go that failed too often. */
export const deadLetterQueueName = (deployment: ZoneDeployment, queue: QueueName): string =>
  `${queueName(deployment, queue)}-dead-letters`;
export const queueArn = (stack: Stack, deployment: ZoneDeployment, queue: QueueName): string =>
  stack.formatArn({ service: 'sqs', resource: queueName(deployment, queue) });
export const webAclName = inZone;
export const topicName = (deployment: ZoneDeployment): string => `${inZone(deployment)}-operations`;
export const alarmName = (deployment: ZoneDeployment, alarm: string): string => `${inZone(deployment)}-${alarm}`;
/** Dashboards are global to an account, and both regions of a zone have one. */
export const dashboardName = ({ stage, region }: ZoneDeployment): string => `strongroom-${stage}-${region}`;
/** Of metrics that are counted from logs. Several zones may share an account. */
export const logMetricsNamespace = ({ stage, zone }: ZoneDeployment): string => `Strongroom/${stage}/${zone}`;

/** Role names are global to an account, so they hold the region: the zone's second region has roles of its own. */
export const roleName = ({ stage, region }: ZoneDeployment, name: string): string =>
  `strongroom-${stage}-${region}-${name}`;

/** The same in both regions of a zone: vaults are regional. */
export const vaultName = inZone;
export const vaultArn = (partition: string, deployment: ZoneDeployment, region: string, account: string): string =>
  `arn:${partition}:backup:${region}:${account}:backup-vault:${vaultName(deployment)}`;
/** AWS Backup takes no hyphens there. */
export const restoreTestingName = ({ stage, zone }: ZoneDeployment): string => `strongroom_${stage}_${zone}`;
/** How a backup, a copy or a restore ends. */
export type RecoveryEnding = 'completed' | 'failed';
/** Rules of the account's default bus. */
export const recoveryRuleName = (deployment: ZoneDeployment, ending: RecoveryEnding): string =>
  `${inZone(deployment)}-recovery-${ending}`;

/** Every log group of the zone starts with this; the `data` key serves no other. */
export const logGroupPrefix = ({ stage, zone }: ZoneDeployment): string => `/strongroom/${stage}/${zone}/`;
export const logGroupName = (deployment: ZoneDeployment, name: string): string =>
  `${logGroupPrefix(deployment)}${name}`;
/** WAF writes to no group whose name starts differently (AWS WAF developer guide, "Logging", read 2026-11). */
export const wafLogGroupPrefix = 'aws-waf-logs-strongroom-';
export const wafLogGroupName = ({ stage, zone }: ZoneDeployment): string => `${wafLogGroupPrefix}${stage}-${zone}`;
