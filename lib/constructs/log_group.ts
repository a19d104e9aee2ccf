// A log group: encrypted with the `data` key, with a retention, under the one prefix that this key serves.

import { type aws_kms as kms, aws_logs as logs, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { logGroupName, type ZoneDeployment } from '../derive/names.ts';

/** How long logs are kept: who called for a year (AUD-2), what our code said about it for three months. */
export const retention = { access: logs.RetentionDays.ONE_YEAR, functions: logs.RetentionDays.THREE_MONTHS } as const;

export interface LogGroupProps {
  readonly place: ZoneDeployment;
  readonly key: kms.IKey;
  readonly name: string;
  readonly keep: logs.RetentionDays;
}

export const addLogGroup = (stack: Stack, id: string, { place, key, name, keep }: LogGroupProps): logs.LogGroup =>
  new logs.LogGroup(stack, id, {
    logGroupName: logGroupName(place, name),
    encryptionKey: key,
    retention: keep,
    removalPolicy: place.stageConfig.data === 'locked' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });
