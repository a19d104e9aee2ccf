// The zone's own network over two availability zones: isolated subnets without a route out, egress subnets whose traffic
// leaves from fixed addresses, and public subnets that hold the NAT gateways and nothing else. Nothing here may ask AWS.

import { CfnOutput, aws_ec2 as ec2, type Stack } from 'aws-cdk-lib';
import type { ZoneDeployment } from '../derive/names.ts';
import { cidr, natGatewaysOf } from '../derive/network.ts';
import { removalOf } from '../derive/removal.ts';

export function addVpc(stack: Stack, deployment: ZoneDeployment): ec2.Vpc {
  const addresses = Array.from({ length: natGatewaysOf(deployment) }, (_, index) => {
    const address = new ec2.CfnEIP(stack, `egress-address-${index + 1}`, { domain: 'vpc' });
    // Tenants have allow-listed it (promise NET-4): it outlives the network.
    address.applyRemovalPolicy(removalOf(deployment));
    new CfnOutput(stack, `EgressAddress${index + 1}`, {
      description: 'Calls to processors and data sources leave from here: publish it',
      value: address.attrPublicIp,
    });
    return address;
  });
  const vpc = new ec2.Vpc(stack, 'vpc', {
    ipAddresses: ec2.IpAddresses.cidr(cidr.vpc),
    natGateways: addresses.length,
    natGatewayProvider: ec2.NatProvider.gateway({ eipAllocationIds: addresses.map((each) => each.attrAllocationId) }),
    subnetConfiguration: [
      { name: 'isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: cidr.subnetBits },
      { name: 'egress', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS, cidrMask: cidr.subnetBits },
      {
        name: 'public',
        subnetType: ec2.SubnetType.PUBLIC,
        cidrMask: cidr.publicSubnetBits,
        mapPublicIpOnLaunch: false,
      },
    ],
    // CDK empties it with a function of its own; here nothing is ever put into it (docs/decisions/0006).
    restrictDefaultSecurityGroup: false,
  });
  for (const subnet of [...vpc.isolatedSubnets, ...vpc.privateSubnets, ...vpc.publicSubnets]) {
    const resource = subnet.node.defaultChild as ec2.CfnSubnet;
    // CDK has a property for names of availability zones alone; the stack's are ids.
    resource.addPropertyDeletionOverride('AvailabilityZone');
    resource.addPropertyOverride('AvailabilityZoneId', subnet.availabilityZone);
  }
  return vpc;
}
