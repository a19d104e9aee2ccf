// Whose credentials these are. STS answers that to everybody, and CloudTrail records that it was asked.

import { type Aws, AwsFailure } from './client.ts';

export interface Caller {
  readonly account: string;
  readonly arn: string;
}

export async function callerOf(aws: Aws, region: string): Promise<Caller> {
  const xml = await aws.query('sts', region, '2011-06-15', 'GetCallerIdentity');
  const account = /<Account>(\d{12})<\/Account>/.exec(xml)?.[1];
  const arn = /<Arn>(arn:[^<]{1,2000})<\/Arn>/.exec(xml)?.[1];
  if (account === undefined || arn === undefined) throw new AwsFailure('unreadable', 'STS names no account');
  return { account, arn };
}
