// The network's flow log: accepted and refused connections, encrypted, for a year. It holds addresses and ports, never
// content.

import { aws_ec2 as ec2, aws_iam as iam, type aws_kms as kms, type Stack } from 'aws-cdk-lib';
import type { ZoneDeployment } from '../derive/names.ts';
import { addLogGroup } from './log_group.ts';

export interface FlowLogProps {
  readonly deployment: ZoneDeployment;
  readonly key: kms.IKey;
  readonly vpcId: string;
}

export function addFlowLog(stack: Stack, { deployment, key, vpcId }: FlowLogProps): void {
  const group = addLogGroup(stack, 'flow-logs', { deployment, key, name: 'flow' });
  const role = new iam.Role(stack, 'flow-logs-role', {
    description: 'VPC flow logs are written under this role',
    assumedBy: new iam.ServicePrincipal('vpc-flow-logs.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
    }),
    inlinePolicies: {
      logs: new iam.PolicyDocument({
        statements: [
          new iam.PolicyStatement({
            sid: 'WriteFlowLogs',
            actions: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
            // One stream per network interface, named by AWS.
            resources: [group.logGroupArn],
          }),
        ],
      }),
    },
  });
  new ec2.CfnFlowLog(stack, 'flow-log', {
    resourceId: vpcId,
    resourceType: 'VPC',
    trafficType: 'ALL',
    maxAggregationInterval: 60,
    logDestinationType: 'cloud-watch-logs',
    logDestination: group.logGroupArn,
    deliverLogsPermissionArn: role.roleArn,
  });
}
