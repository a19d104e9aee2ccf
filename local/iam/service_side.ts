// What AWS itself does in the name of a role, of the deployer or of a service: one row per act, with the permission that it
// needs and the page where AWS documents it. The local cloud checks the permission before it performs the act.

import type { Access, ConditionKeys } from '../endpoint/access.ts';

export interface ServiceSideRow {
  readonly what: string;
  /** Who asks: `role` is the function's or the schedule's own role. */
  readonly as: 'role' | 'deployer' | 'service';
  readonly actions: readonly string[];
  readonly resource:
    | 'stream'
    | 'streams of a table'
    | 'key'
    | 'log stream'
    | 'all of EC2 in the account and region'
    | 'any'
    | 'queue'
    | 'bucket'
    | 'object'
    | 'function'
    | 'role';
  readonly source: string;
  /** The day on which the source was read. */
  readonly read: string;
}

const docs = 'https://docs.aws.amazon.com';
const read = '2026-11-21';

export const serviceSide = {
  takeRole: {
    what: 'a service takes the role that it was given',
    as: 'service',
    actions: ['sts:AssumeRole'],
    resource: 'role',
    source: `${docs}/lambda/latest/dg/lambda-intro-execution-role.html`,
    read,
  },
  readStream: {
    what: 'Lambda reads a table’s stream for a function',
    as: 'role',
    actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
    resource: 'stream',
    source: `${docs}/lambda/latest/dg/services-dynamodb-eventsourcemapping.html`,
    read,
  },
  listStreams: {
    what: 'Lambda finds the stream when the mapping is made',
    as: 'role',
    actions: ['dynamodb:ListStreams'],
    resource: 'streams of a table',
    source: `${docs}/lambda/latest/dg/services-dynamodb-eventsourcemapping.html`,
    read,
  },
  openTable: {
    what: 'DynamoDB opens a table’s key for whoever reads or writes the table or its stream',
    as: 'role',
    actions: ['kms:Decrypt'],
    resource: 'key',
    source: `${docs}/amazondynamodb/latest/developerguide/encryption.usagenotes.html`,
    read,
  },
  keepTable: {
    what: 'DynamoDB is granted the key of a table that is created',
    as: 'deployer',
    actions: ['kms:CreateGrant', 'kms:DescribeKey', 'kms:Decrypt'],
    resource: 'key',
    source: `${docs}/amazondynamodb/latest/developerguide/encryption.usagenotes.html`,
    read,
  },
  openSecret: {
    what: 'Secrets Manager opens a secret for whoever reads it',
    as: 'role',
    actions: ['kms:Decrypt'],
    resource: 'key',
    source: `${docs}/secretsmanager/latest/userguide/security-encryption.html`,
    read,
  },
  sealSecret: {
    what: 'Secrets Manager seals a secret that is created',
    as: 'deployer',
    actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
    resource: 'key',
    source: `${docs}/secretsmanager/latest/userguide/security-encryption.html`,
    read,
  },
  sealVersion: {
    what: 'Secrets Manager seals a version of a secret for whoever puts it',
    as: 'role',
    actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
    resource: 'key',
    source: `${docs}/secretsmanager/latest/userguide/security-encryption.html`,
    read,
  },
  openEnvironment: {
    // By a grant, which the deployer's call makes for the function's role: the role's own policy is not asked.
    what: 'Lambda seals a function’s environment and is granted the key that opens it',
    as: 'deployer',
    actions: ['kms:CreateGrant', 'kms:Encrypt'],
    resource: 'key',
    source: `${docs}/lambda/latest/dg/configuration-envvars-encryption.html`,
    read,
  },
  writeLogs: {
    what: 'Lambda writes what a function prints',
    as: 'role',
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resource: 'log stream',
    source: `${docs}/lambda/latest/dg/monitoring-cloudwatchlogs.html`,
    read,
  },
  sealLogs: {
    what: 'CloudWatch Logs seals and opens a log group’s lines',
    as: 'service',
    actions: [
      'kms:Encrypt',
      'kms:Decrypt',
      'kms:ReEncryptFrom',
      'kms:ReEncryptTo',
      'kms:GenerateDataKey',
      'kms:DescribeKey',
    ],
    resource: 'key',
    source: `${docs}/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html`,
    read,
  },
  attachToVpc: {
    what: 'Lambda makes the network interfaces of a function in a VPC',
    as: 'role',
    actions: [
      'ec2:CreateNetworkInterface',
      'ec2:DeleteNetworkInterface',
      'ec2:AssignPrivateIpAddresses',
      'ec2:UnassignPrivateIpAddresses',
    ],
    resource: 'all of EC2 in the account and region',
    source: `${docs}/lambda/latest/dg/configuration-vpc.html`,
    read,
  },
  seeVpc: {
    what: 'Lambda looks at the subnets and interfaces of a function in a VPC',
    as: 'role',
    actions: ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'],
    resource: 'any',
    source: `${docs}/lambda/latest/dg/configuration-vpc.html`,
    read,
  },
  pollQueue: {
    what: 'Lambda takes messages from a queue for a function',
    as: 'role',
    actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
    resource: 'queue',
    source: `${docs}/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-lambda-function-trigger.html`,
    read,
  },
  sealMessage: {
    what: 'SQS seals a message for whoever sends it',
    as: 'role',
    actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
    resource: 'key',
    source: `${docs}/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html`,
    read,
  },
  openMessage: {
    what: 'SQS opens a message for whoever receives it',
    as: 'role',
    actions: ['kms:Decrypt'],
    resource: 'key',
    source: `${docs}/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html`,
    read,
  },
  findBucket: {
    what: 'Lambda looks for the bucket of discarded records',
    as: 'role',
    actions: ['s3:ListBucket'],
    resource: 'bucket',
    source: `${docs}/lambda/latest/dg/services-dynamodb-errors.html`,
    read,
  },
  keepDiscarded: {
    what: 'Lambda puts discarded records into their bucket',
    as: 'role',
    actions: ['s3:PutObject'],
    resource: 'object',
    source: `${docs}/lambda/latest/dg/services-dynamodb-errors.html`,
    read,
  },
  sealDiscarded: {
    what: 'S3 seals an object for whoever puts it',
    as: 'role',
    actions: ['kms:GenerateDataKey'],
    resource: 'key',
    source: `${docs}/AmazonS3/latest/userguide/UsingKMSEncryption.html`,
    read,
  },
  startOnTime: {
    what: 'EventBridge Scheduler starts a function',
    as: 'role',
    actions: ['lambda:InvokeFunction'],
    resource: 'function',
    source: `${docs}/scheduler/latest/UserGuide/setting-up.html`,
    read,
  },
} as const satisfies Record<string, ServiceSideRow>;

export type ServiceSideAct = keyof typeof serviceSide;

/** What the act must be allowed to do. */
export const accessesOf = (
  act: ServiceSideAct,
  resource: string,
  conditionKeys: ConditionKeys = {},
): readonly Access[] =>
  serviceSide[act].actions.map((action) => ({ action, resource, conditionKeys, byService: true }));
