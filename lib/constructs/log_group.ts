// A log group: encrypted with the `data` key, with a retention, under the one prefix that this key serves.

import { type aws_kms as kms, aws_logs as logs, type Stack } from 'aws-cdk-lib';
import { logGroupName, type ZoneDeployment } from '../derive/names.ts';
import { profileOf } from '../derive/profile.ts';
import { removalOf } from '../derive/removal.ts';

export interface LogGroupProps {
  readonly deployment: ZoneDeployment;
  readonly key: kms.IKey;
  readonly name: string;
}

export const addLogGroup = (stack: Stack, id: string, { deployment, key, name }: LogGroupProps): logs.LogGroup =>
  new logs.LogGroup(stack, id, {
    logGroupName: logGroupName(deployment, name),
    encryptionKey: key,
    retention: profileOf(deployment).logDays,
    removalPolicy: removalOf(deployment),
  });
