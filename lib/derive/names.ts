// The physical name of everything that is named, in one place: names are how stacks refer to each other without holding
// each other fast, and how key policies name roles that do not exist yet.

import type { Stack } from 'aws-cdk-lib';
import type { FunctionName, QueueName, TableName } from '../../contract/capabilities.ts';
import type { KmsKeyName, PlatformSecretName } from '../../contract/kernel/kms_keys.ts';
import { type ZoneName, zones } from '../../contract/kernel/zones.ts';
import type { StageConfig, ZoneConfig } from '../config.ts';

/** One zone of one stage, in one of the zone's regions. */
export interface ZoneDeployment {
  readonly stage: string;
  readonly zone: ZoneName;
  readonly region: string;
  readonly stageConfig: StageConfig;
  readonly zoneConfig: ZoneConfig;
}

export const homeOf = (stage: string, stageConfig: StageConfig, zone: ZoneName): ZoneDeployment => ({
  stage,
  zone,
  region: zones[zone].home,
  stageConfig,
  zoneConfig: stageConfig.zones[zone] ?? { tableNames: {} },
});

const inZone = ({ stage, zone }: ZoneDeployment): string => `strongroom-${stage}-${zone}`;

export const stackName = (place: ZoneDeployment, lifecycle: string): string => `${inZone(place)}-${lifecycle}`;
export const tableName = (place: ZoneDeployment, table: TableName): string =>
  place.zoneConfig.tableNames[table] ?? `${inZone(place)}-${table}`;
export const keyAlias = (place: ZoneDeployment, key: KmsKeyName): string => `alias/${inZone(place)}-${key}`;
export const secretName = (place: ZoneDeployment, secret: PlatformSecretName): string => `${inZone(place)}-${secret}`;
export const functionName = (place: ZoneDeployment, name: FunctionName): string => `${inZone(place)}-${name}`;
export const apiName = inZone;
export const scheduleName = functionName;
export const busName = inZone;
export const queueName = (place: ZoneDeployment, queue: QueueName): string => `${inZone(place)}-${queue}`;
/** Where messages go that failed too often. */
export const deadLetterQueueName = (place: ZoneDeployment, queue: QueueName): string =>
  `${queueName(place, queue)}-dead-letters`;
export const queueArn = (stack: Stack, place: ZoneDeployment, queue: QueueName): string =>
  stack.formatArn({ service: 'sqs', resource: queueName(place, queue) });
export const webAclName = inZone;
export const topicName = (place: ZoneDeployment): string => `${inZone(place)}-operations`;
export const alarmName = (place: ZoneDeployment, alarm: string): string => `${inZone(place)}-${alarm}`;
/** Dashboards are global to an account; two zones differ by name anyway. */
export const dashboardName = inZone;
/** Metrics that logs are turned into. Several zones may share an account. */
export const logMetricsNamespace = ({ stage, zone }: ZoneDeployment): string => `Strongroom/${stage}/${zone}`;

/** Role names are global to an account, so they carry the region: the zone's second region has roles of its own. */
export const roleName = ({ stage, region }: ZoneDeployment, name: string): string =>
  `strongroom-${stage}-${region}-${name}`;

/** Bucket names are global to AWS, so they carry the account too. */
export const failedRecordsBucketName = ({ stage, region }: ZoneDeployment, account: string): string =>
  `strongroom-${stage}-${region}-failed-${account}`;
export const failedRecordsArn = (stack: Stack, place: ZoneDeployment): string =>
  stack.formatArn({
    service: 's3',
    region: '',
    account: '',
    resource: failedRecordsBucketName(place, stack.account),
  });

/** Every log group of the place starts with this; the `data` key serves no other. */
export const logGroupPrefix = ({ stage, zone }: ZoneDeployment): string => `/strongroom/${stage}/${zone}/`;
export const logGroupName = (place: ZoneDeployment, name: string): string => `${logGroupPrefix(place)}${name}`;
/** WAF writes to no group whose name starts differently (AWS WAF developer guide, "Logging", read 2026-11). */
export const wafLogGroupName = (place: ZoneDeployment): string => `aws-waf-logs-${inZone(place)}`;
