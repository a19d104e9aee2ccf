// One security group for each network tier of functions, and one for the endpoints. Nothing is let in but HTTPS from
// functions to endpoints, and nothing out but what the tier names.

import { aws_ec2 as ec2, type Stack } from 'aws-cdk-lib';
import { dynamoDbPrefixList, type NetworkTier, portsAnywhere } from '../derive/network.ts';

export interface SecurityGroups {
  readonly endpoints: string;
  readonly functions: Readonly<Record<NetworkTier, string>>;
}

type Egress = ec2.CfnSecurityGroup.EgressProperty;

const https = { ipProtocol: 'tcp', fromPort: 443, toPort: 443 } as const;

/** A group without any rule would let everything out: EC2 adds that rule where a template names none. */
const nothingOut: Egress = {
  description: 'Nothing',
  ipProtocol: 'icmp',
  fromPort: 252,
  toPort: 86,
  cidrIp: '255.255.255.255/32',
};

export function addSecurityGroups(stack: Stack, vpcId: string, region: string): SecurityGroups {
  const group = (id: string, groupDescription: string, securityGroupEgress: readonly Egress[]): string =>
    new ec2.CfnSecurityGroup(stack, `${id}-group`, {
      vpcId,
      groupDescription,
      securityGroupEgress: [...securityGroupEgress],
    }).attrGroupId;

  const endpoints = group('endpoints', 'Endpoints of AWS services', [nothingOut]);
  const toEndpoints: Egress = { ...https, description: 'AWS services', destinationSecurityGroupId: endpoints };
  // To anywhere means to DynamoDB too: its endpoint is a route of the egress subnets as well.
  const anywhere = (tier: keyof typeof portsAnywhere, description: string): Egress[] =>
    portsAnywhere[tier].map((port) => ({ ...https, fromPort: port, toPort: port, description, cidrIp: '0.0.0.0/0' }));
  const functions: Record<NetworkTier, string> = {
    nothing: group('nothing', 'Functions that call nothing', [nothingOut]),
    aws: group('aws', 'Functions that call AWS through endpoints', [
      toEndpoints,
      { ...https, description: 'DynamoDB', destinationPrefixListId: dynamoDbPrefixList(region) },
    ]),
    outside: group('outside', 'Functions that call processors and data sources', [
      toEndpoints,
      ...anywhere('outside', 'Processors and data sources'),
    ]),
    receivers: group('receivers', 'Functions that call webhook endpoints', [
      toEndpoints,
      ...anywhere('receivers', 'Webhook endpoints'),
    ]),
  };
  for (const tier of ['aws', 'outside', 'receivers'] as const) {
    new ec2.CfnSecurityGroupIngress(stack, `endpoints-from-${tier}`, {
      ...https,
      description: `Functions that reach: ${tier}`,
      groupId: endpoints,
      sourceSecurityGroupId: functions[tier],
    });
  }
  return { endpoints, functions };
}
