// What Lambda needs of a function's role to read tables' streams for it, and to store records that it could not process.

import { aws_iam as iam } from 'aws-cdk-lib';
import type { FunctionRow } from '../../contract/capabilities.ts';
import { type Scope, tableArn, viaService } from './scope.ts';

export const streamStatements = (scope: Scope, { trigger }: FunctionRow): iam.PolicyStatement[] => {
  if (trigger.kind !== 'streams') return [];
  const { tables } = trigger;
  const bucket = scope.arns.failedRecords;
  return [
    new iam.PolicyStatement({
      sid: 'ReadStreams',
      actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
      resources: tables.map((table) => scope.arns.streams[table] ?? ''),
    }),
    new iam.PolicyStatement({
      sid: 'ListStreams',
      // Lambda calls this when it makes the mapping. It applies to all streams of a table, not to one of them.
      actions: ['dynamodb:ListStreams'],
      resources: tables.map((table) => `${tableArn(scope, table)}/stream/*`),
    }),
    // Lambda stores under the function's role what it could not process (Lambda developer guide, "Retain discarded
    // records for a DynamoDB event source", read 2026-11).
    new iam.PolicyStatement({ sid: 'KeepFailedRecords', actions: ['s3:PutObject'], resources: [`${bucket}/*`] }),
    new iam.PolicyStatement({ sid: 'FindBucket', actions: ['s3:ListBucket'], resources: [bucket] }),
    new iam.PolicyStatement({
      sid: 'DataKeyThroughBucket',
      actions: ['kms:GenerateDataKey'],
      resources: [scope.arns.keys.data],
      conditions: viaService(scope, 's3'),
    }),
  ];
};
