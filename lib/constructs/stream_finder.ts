// The function that CloudFormation asks for the stream of a replica, at deployment alone: it may describe the tables that stream,
// and nothing else. It is no part of the running system, so it has no row and runs outside the zone's network, from where
// CloudFormation's answer address can be reached.

import { Duration, aws_iam as iam, type aws_kms as kms, aws_lambda as lambda, type Stack } from 'aws-cdk-lib';
import { roleName, streamFinderName, type ZoneDeployment } from '../derive/names.ts';
import { addLogGroup } from './log_group.ts';

export const streamResourceType = 'Custom::ReplicaStream';

/**
 * Node.js, read by whoever reads the template. The SDK is the runtime's own. CloudFormation signs its address for an empty content
 * type (user guide, "Custom resource response objects", known, not looked up).
 */
export const streamFinderCode = `const { DynamoDBClient, DescribeTableCommand } = require('@aws-sdk/client-dynamodb');
const find = async (TableName) => {
  const { Table } = await new DynamoDBClient({}).send(new DescribeTableCommand({ TableName }));
  if (!Table.LatestStreamArn) throw new Error(TableName + ' has no stream');
  return Table.LatestStreamArn;
};
exports.handler = async (event) => {
  const { RequestType, ResponseURL, StackId, RequestId, LogicalResourceId, ResourceProperties } = event;
  const answer = { StackId, RequestId, LogicalResourceId, PhysicalResourceId: event.PhysicalResourceId || 'none' };
  try {
    if (RequestType !== 'Delete') {
      const StreamArn = await find(ResourceProperties.TableName);
      Object.assign(answer, { PhysicalResourceId: StreamArn, Data: { StreamArn } });
    }
    answer.Status = 'SUCCESS';
  } catch (error) {
    Object.assign(answer, { Status: 'FAILED', Reason: error.name + ': ' + error.message });
  }
  const body = JSON.stringify(answer);
  const reply = await fetch(ResponseURL, { method: 'PUT', headers: { 'content-type': '' }, body });
  if (!reply.ok) throw new Error('CloudFormation answered ' + reply.status);
};
`;

export interface StreamFinderProps {
  readonly deployment: ZoneDeployment;
  readonly key: kms.IKey;
  readonly tableNames: readonly string[];
}

export function addStreamFinder(stack: Stack, { deployment, key, tableNames }: StreamFinderProps): lambda.Function {
  const logGroup = addLogGroup(stack, 'stream-finder-logs', { deployment, key, name: 'stream_finder' });
  const role = new iam.Role(stack, 'stream-finder-role', {
    roleName: roleName(deployment, 'stream-finder'),
    description: 'Finds the streams of replicas at deployment',
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    inlinePolicies: {
      row: new iam.PolicyDocument({
        statements: [
          new iam.PolicyStatement({
            sid: 'DescribeReplicas',
            actions: ['dynamodb:DescribeTable'],
            resources: tableNames.map((name) =>
              stack.formatArn({ service: 'dynamodb', resource: 'table', resourceName: name }),
            ),
          }),
          new iam.PolicyStatement({
            sid: 'OwnLogs',
            actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
            resources: [logGroup.logGroupArn],
          }),
        ],
      }),
    },
  });
  return new lambda.Function(stack, 'stream-finder', {
    functionName: streamFinderName(deployment),
    description: 'Finds the streams of replicas at deployment',
    runtime: lambda.Runtime.NODEJS_24_X,
    architecture: lambda.Architecture.ARM_64,
    code: lambda.Code.fromInline(streamFinderCode),
    handler: 'index.handler',
    memorySize: 256,
    timeout: Duration.seconds(30),
    role: role.withoutPolicyUpdates(),
    logGroup,
    tracing: lambda.Tracing.DISABLED,
  });
}
