// The network: isolated subnets have no way out, egress subnets leave from fixed addresses, and endpoints let through what
// their policy names.

import { isAnybody, isWildcard, statementsOf } from '../policies.ts';
import { type Json, listed, type Rule, type RuleContext, referredTo, unless } from '../rule.ts';

const kindOf = (name: string): string => /\/(isolated|egress|public)Subnet\d/.exec(name)?.[1] ?? 'unknown';

/** Where the default route of each kind of subnet may lead. */
const wayOut: Readonly<Record<string, (route: Json, zone: RuleContext) => boolean>> = {
  public: ({ GatewayId }, zone) => referredTo(zone, GatewayId)?.type === 'AWS::EC2::InternetGateway',
  egress: ({ NatGatewayId }, zone) => referredTo(zone, NatGatewayId)?.type === 'AWS::EC2::NatGateway',
};

export const network: readonly Rule[] = [
  {
    id: 'Strongroom-NET1',
    types: ['AWS::EC2::Route'],
    promises: ['NET-1'],
    statement:
      'Isolated subnets have no route out; egress subnets leave through NAT, public ones alone through the gateway.',
    check: ({ p }, zone) => {
      const kind = kindOf(p.RouteTableId);
      return unless(
        wayOut[kind]?.(p, zone),
        `${kind} subnets get a route to ${p.DestinationCidrBlock ?? p.DestinationIpv6CidrBlock}`,
      );
    },
  },
  {
    id: 'Strongroom-NET2',
    types: ['AWS::EC2::Subnet', 'AWS::EC2::SubnetRouteTableAssociation', 'AWS::EC2::RouteTable'],
    promises: ['NET-1'],
    statement: 'A subnet is of a known kind, has the routes of that kind, and gives nothing a public address.',
    check: ({ name, type, p }) => [
      ...unless(kindOf(name) !== 'unknown', 'it is of no known kind'),
      ...(type === 'AWS::EC2::Subnet' ? unless(p.MapPublicIpOnLaunch === false, 'it gives public addresses') : []),
      ...(type === 'AWS::EC2::SubnetRouteTableAssociation'
        ? unless(
            kindOf(p.SubnetId) === kindOf(p.RouteTableId),
            `it gives ${p.SubnetId} the routes of ${p.RouteTableId}`,
          )
        : []),
    ],
  },
  {
    id: 'Strongroom-NET3',
    types: ['AWS::EC2::VPC', 'AWS::EC2::InternetGateway', 'AWS::EC2::VPCGatewayAttachment'],
    promises: ['NET-1', 'AUD-4'],
    statement: 'There is one network, with one gateway, and all its traffic is logged.',
    check: (_, zone) => [
      ...['VPC', 'InternetGateway', 'VPCGatewayAttachment']
        .filter((kind) => zone.resources.filter(({ type }) => type === `AWS::EC2::${kind}`).length !== 1)
        .map((kind) => `there is not exactly one ${kind}`),
      ...unless(
        zone.resources.some(
          ({ type, p }) => type === 'AWS::EC2::FlowLog' && referredTo(zone, p.ResourceId)?.type === 'AWS::EC2::VPC',
        ),
        'it has no flow log',
      ),
    ],
  },
  {
    id: 'Strongroom-NET4',
    types: ['AWS::EC2::FlowLog'],
    promises: ['AUD-4', 'NET-1'],
    statement: 'The flow log holds accepted and refused traffic of the whole network.',
    check: ({ p }) => [
      ...unless(p.ResourceType === 'VPC', `it holds a ${p.ResourceType}`),
      ...unless(p.TrafficType === 'ALL', `it holds ${p.TrafficType} traffic alone`),
    ],
  },
  {
    id: 'Strongroom-NET5',
    types: ['AWS::EC2::EIP'],
    promises: ['NET-4'],
    statement: 'An address that tenants allow-list outlives the network where data is locked.',
    check: ({ p, outlives }, { locked }) => [
      ...unless(p.Domain === 'vpc', 'it is not the network’s'),
      ...unless(!locked || outlives, 'it is deleted with its stack'),
    ],
  },
  {
    id: 'Strongroom-NET6',
    types: ['AWS::EC2::NatGateway'],
    promises: ['NET-4'],
    statement: 'Traffic to the outside leaves from one of the fixed addresses.',
    check: ({ p }, zone) => [
      ...unless(referredTo(zone, p.AllocationId)?.type === 'AWS::EC2::EIP', 'its address is not one of ours'),
      ...unless(kindOf(p.SubnetId) === 'public', 'it has no way out'),
    ],
  },
  {
    id: 'Strongroom-NET7',
    types: ['AWS::EC2::VPCEndpoint'],
    promises: ['NET-1'],
    statement: 'An endpoint lets through named actions on named resources for principals of this account.',
    check: ({ p }) => [
      ...statementsOf(p.PolicyDocument).flatMap(({ Sid, Action, Resource, Principal, Condition }) => [
        ...[...listed(Action), ...listed(Resource)].filter(isWildcard).map((each) => `${Sid} allows ${each}`),
        ...unless(
          !isAnybody(Principal) || Condition?.StringEquals?.['aws:PrincipalAccount'] === '<account>',
          `${Sid} lets other accounts through`,
        ),
      ]),
      ...unless(p.VpcEndpointType !== 'Interface' || p.PrivateDnsEnabled === true, 'functions do not use it'),
    ],
  },
];
