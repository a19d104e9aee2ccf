// The endpoints of AWS services in the zone's network: DynamoDB as a route, the others as addresses in the isolated subnets,
// each with a policy that lets through what the rows of functions grant. Logs need none: Lambda ships what functions print.

import { aws_ec2 as ec2, type Stack } from 'aws-cdk-lib';
import {
  busPolicy,
  type Guarded,
  keysPolicy,
  queuesPolicy,
  secretsPolicy,
  tablesPolicy,
} from '../derive/endpoint_policies.ts';

export interface EndpointsProps extends Guarded {
  readonly vpc: ec2.Vpc;
  readonly securityGroupId: string;
}

const services = { kms: keysPolicy, secretsmanager: secretsPolicy, events: busPolicy, sqs: queuesPolicy } as const;

export function addEndpoints(stack: Stack, { vpc, securityGroupId, ...guarded }: EndpointsProps): void {
  const serviceName = (service: string): string => `com.amazonaws.${guarded.deployment.region}.${service}`;
  new ec2.CfnVPCEndpoint(stack, 'dynamodb-endpoint', {
    vpcId: vpc.vpcId,
    vpcEndpointType: 'Gateway',
    serviceName: serviceName('dynamodb'),
    routeTableIds: [...vpc.isolatedSubnets, ...vpc.privateSubnets].map((subnet) => subnet.routeTable.routeTableId),
    policyDocument: tablesPolicy(stack, guarded),
  });
  for (const [service, policy] of Object.entries(services)) {
    new ec2.CfnVPCEndpoint(stack, `${service}-endpoint`, {
      vpcId: vpc.vpcId,
      vpcEndpointType: 'Interface',
      serviceName: serviceName(service),
      subnetIds: vpc.isolatedSubnets.map(({ subnetId }) => subnetId),
      securityGroupIds: [securityGroupId],
      privateDnsEnabled: true,
      policyDocument: policy(stack, guarded),
    });
  }
}
