// A log group: encrypted with the `data` key, with a retention, under the one prefix that this key serves.

import { type aws_kms as kms, aws_logs as logs, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { logGroupName, type ZoneDeployment } from '../derive/names.ts';

/** A year (AUD-2): for logs of who called, and for what our code logs, on which the account of an incident rests. */
export const retention = logs.RetentionDays.ONE_YEAR;

export interface LogGroupProps {
  readonly deployment: ZoneDeployment;
  readonly key: kms.IKey;
  readonly name: string;
}

export const addLogGroup = (stack: Stack, id: string, { deployment, key, name }: LogGroupProps): logs.LogGroup =>
  new logs.LogGroup(stack, id, {
    logGroupName: logGroupName(deployment, name),
    encryptionKey: key,
    retention,
    removalPolicy: deployment.stageConfig.data === 'locked' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });
