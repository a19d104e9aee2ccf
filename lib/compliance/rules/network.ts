// The network: isolated subnets have no way out, egress subnets leave from fixed addresses, and endpoints carry what their
// policy names.

import { isAnybody, isWildcard, statementsOf } from '../policies.ts';
import { type Json, listed, type Rule, referredTo, type Surroundings, unless } from '../rule.ts';

const kindOf = (name: string): string => /\/(isolated|egress|public)Subnet\d/.exec(name)?.[1] ?? 'unknown';

/** Where the default route of each kind of subnet may lead. */
const wayOut: Readonly<Record<string, (route: Json, zone: Surroundings) => boolean>> = {
  public: ({ GatewayId }, zone) => referredTo(zone, GatewayId)?.type === 'AWS::EC2::InternetGateway',
  egress: ({ NatGatewayId }, zone) => referredTo(zone, NatGatewayId)?.type === 'AWS::EC2::NatGateway',
};

export const network: readonly Rule[] = [
  {
    id: 'Strongroom-NET1',
    types: ['AWS::EC2::Route'],
    keeps: ['NET-1'],
    states:
      'Isolated subnets have no route out; egress subnets leave through NAT, public ones alone through the gateway.',
    breaks: ({ p }, zone) => {
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
    keeps: ['NET-1'],
    states: 'A subnet is of a known kind, has the routes of that kind, and gives nothing a public address.',
    breaks: ({ name, type, p }) => [
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
    keeps: ['NET-1', 'AUD-4'],
    states: 'There is one network, with one gateway, and all its traffic is logged.',
    breaks: (_, zone) => [
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
    keeps: ['AUD-4', 'NET-1'],
    states: 'The flow log holds accepted and refused traffic of the whole network.',
    breaks: ({ p }) => [
      ...unless(p.ResourceType === 'VPC', `it holds a ${p.ResourceType}`),
      ...unless(p.TrafficType === 'ALL', `it holds ${p.TrafficType} traffic alone`),
    ],
  },
  {
    id: 'Strongroom-NET5',
    types: ['AWS::EC2::EIP'],
    keeps: ['NET-4'],
    states: 'An address that tenants allow-list outlives the network where data is locked.',
    breaks: ({ p, deletionPolicy }, { locked }) => [
      ...unless(p.Domain === 'vpc', 'it is not the network’s'),
      ...unless(!locked || deletionPolicy === 'Retain', 'it goes with its stack'),
    ],
  },
  {
    id: 'Strongroom-NET6',
    types: ['AWS::EC2::NatGateway'],
    keeps: ['NET-4'],
    states: 'Traffic to the outside leaves from one of the fixed addresses.',
    breaks: ({ p }, zone) => [
      ...unless(referredTo(zone, p.AllocationId)?.type === 'AWS::EC2::EIP', 'its address is not one of ours'),
      ...unless(kindOf(p.SubnetId) === 'public', 'it has no way out'),
    ],
  },
  {
    id: 'Strongroom-NET7',
    types: ['AWS::EC2::VPCEndpoint'],
    keeps: ['NET-1'],
    states: 'An endpoint carries named verbs to named resources for principals of this account.',
    breaks: ({ p }) => [
      ...statementsOf(p.PolicyDocument).flatMap(({ Sid, Action, Resource, Principal, Condition }) => [
        ...[...listed(Action), ...listed(Resource)].filter(isWildcard).map((each) => `${Sid} allows ${each}`),
        ...unless(
          !isAnybody(Principal) || Condition?.StringEquals?.['aws:PrincipalAccount'] === '<account>',
          `${Sid} lets other accounts through`,
        ),
      ]),
      ...unless(p.VpcEndpointType !== 'Interface' || p.PrivateDnsEnabled === true, 'functions pass it by'),
    ],
  },
];
