// A log group: encrypted with the `data` key, with a retention, under the one prefix that this key serves.

import { type aws_kms as kms, aws_logs as logs, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { logGroupName, type ZoneDeployment } from '../derive/names.ts';

/** Retention: a year for logs of who called (AUD-2), three months for what our code logs. */
export const retention = { access: logs.RetentionDays.ONE_YEAR, functions: logs.RetentionDays.THREE_MONTHS } as const;

export interface LogGroupProps {
  readonly deployment: ZoneDeployment;
  readonly key: kms.IKey;
  readonly name: string;
  readonly keep: logs.RetentionDays;
}

export const addLogGroup = (stack: Stack, id: string, { deployment, key, name, keep }: LogGroupProps): logs.LogGroup =>
  new logs.LogGroup(stack, id, {
    logGroupName: logGroupName(deployment, name),
    encryptionKey: key,
    retention: keep,
    removalPolicy: deployment.stageConfig.data === 'locked' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });
