// What Lambda needs of a function's role to hand it the records of tables' streams, and to set aside what it cannot take.

import { aws_iam as iam } from 'aws-cdk-lib';
import type { FunctionRow } from '../../contract/capabilities.ts';
import { failedRecordsArn } from './names.ts';
import { type Scope, tableArn, viaService } from './scope.ts';

export const streamStatements = (scope: Scope, { trigger }: FunctionRow): iam.PolicyStatement[] => {
  if (trigger.kind !== 'streams') return [];
  const { tables } = trigger;
  const bucket = failedRecordsArn(scope.stack, scope.place);
  return [
    new iam.PolicyStatement({
      sid: 'ReadStreams',
      actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
      resources: tables.map((table) => scope.arns.streams[table] ?? ''),
    }),
    new iam.PolicyStatement({
      sid: 'ListStreams',
      // Lambda asks for this when it makes the mapping. It is asked of a table's streams, not of one of them.
      actions: ['dynamodb:ListStreams'],
      resources: tables.map((table) => `${tableArn(scope, table)}/stream/*`),
    }),
    // Lambda sets aside under the function's role what it could not take (Lambda developer guide, "Retain discarded
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
