// The physical name of everything that is named, in one place: names are how stacks refer to each other without holding
// each other fast, and how key policies name roles that do not exist yet.

import type { Stack } from 'aws-cdk-lib';
import type { FunctionName } from '../../contract/functions.ts';
import type { KmsKeyName, PlatformSecretName } from '../../contract/kernel/kms_keys.ts';
import { type ZoneName, zones } from '../../contract/kernel/zones.ts';
import type { QueueName } from '../../contract/queues.ts';
import type { TableName } from '../../contract/tables.ts';
import type { StageConfig, ZoneConfig } from '../config.ts';

/** One zone of one stage, in one of the zone's regions. */
export interface Place {
  readonly stage: string;
  readonly zone: ZoneName;
  readonly region: string;
  readonly stageConfig: StageConfig;
  readonly zoneConfig: ZoneConfig;
}

export const homeOf = (stage: string, stageConfig: StageConfig, zone: ZoneName): Place => ({
  stage,
  zone,
  region: zones[zone].home,
  stageConfig,
  zoneConfig: stageConfig.zones[zone] ?? { tableNames: {} },
});

const inZone = ({ stage, zone }: Place): string => `strongroom-${stage}-${zone}`;

export const stackName = (place: Place, lifecycle: string): string => `${inZone(place)}-${lifecycle}`;
export const tableName = (place: Place, table: TableName): string =>
  place.zoneConfig.tableNames[table] ?? `${inZone(place)}-${table}`;
export const keyAlias = (place: Place, key: KmsKeyName): string => `alias/${inZone(place)}-${key}`;
export const secretName = (place: Place, secret: PlatformSecretName): string => `${inZone(place)}-${secret}`;
export const functionName = (place: Place, name: FunctionName): string => `${inZone(place)}-${name}`;
export const apiName = inZone;
export const scheduleName = functionName;
export const busName = inZone;
export const queueName = (place: Place, queue: QueueName): string => `${inZone(place)}-${queue}`;
/** Where messages go that failed too often. */
export const deadLetterQueueName = (place: Place, queue: QueueName): string =>
  `${queueName(place, queue)}-dead-letters`;
export const queueArn = (stack: Stack, place: Place, queue: QueueName): string =>
  stack.formatArn({ service: 'sqs', resource: queueName(place, queue) });
export const webAclName = inZone;
export const topicName = (place: Place): string => `${inZone(place)}-operations`;
export const alarmName = (place: Place, alarm: string): string => `${inZone(place)}-${alarm}`;
/** Dashboards are global to an account; two zones differ by name anyway. */
export const dashboardName = inZone;
/** Metrics that logs are turned into. Several zones may share an account. */
export const logMetricsNamespace = ({ stage, zone }: Place): string => `Strongroom/${stage}/${zone}`;

/** Role names are global to an account, so they carry the region: the zone's second region has roles of its own. */
export const roleName = ({ stage, region }: Place, name: string): string => `strongroom-${stage}-${region}-${name}`;

/** Bucket names are global to AWS, so they carry the account too. */
export const poisonBucketName = ({ stage, region }: Place, account: string): string =>
  `strongroom-${stage}-${region}-poison-${account}`;
export const poisonArn = (stack: Stack, place: Place): string =>
  stack.formatArn({
    service: 's3',
    region: '',
    account: '',
    resource: poisonBucketName(place, stack.account),
  });

/** Every log group of the place starts with this; the `data` key serves no other. */
export const logGroupPrefix = ({ stage, zone }: Place): string => `/strongroom/${stage}/${zone}/`;
export const logGroupName = (place: Place, name: string): string => `${logGroupPrefix(place)}${name}`;
/** WAF writes to no group whose name starts differently (AWS WAF developer guide, "Logging", read 2026-11). */
export const wafLogGroupName = (place: Place): string => `aws-waf-logs-${inZone(place)}`;
