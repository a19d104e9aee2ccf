// What a sandbox does without is not there by accident either: each of these parts costs money by the hour.

import { isPromised, type Rule, unless } from '../rule.ts';

export const profile: readonly Rule[] = [
  {
    id: 'Strongroom-PRO1',
    types: ['AWS::EC2::VPC', 'AWS::EC2::NatGateway', 'AWS::EC2::VPCEndpoint', 'AWS::EC2::EIP', 'AWS::EC2::FlowLog'],
    promises: ['NET-1'],
    statement: 'A zone has a network where NET-1 is promised; a sandbox has no part of one.',
    check: (_, zone) => unless(isPromised(zone, 'NET-1'), 'a sandbox pays for it'),
  },
  {
    id: 'Strongroom-PRO2',
    types: ['AWS::WAFv2::WebACL', 'AWS::WAFv2::LoggingConfiguration', 'AWS::WAFv2::WebACLAssociation'],
    promises: ['NET-2'],
    statement: 'A zone has a web ACL where NET-2 is promised; a sandbox has none.',
    check: (_, zone) => unless(isPromised(zone, 'NET-2'), 'a sandbox pays for it'),
  },
];
