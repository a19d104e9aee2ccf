// The network, as the templates hold it: every function inside it, nothing let in, and nothing let out but what its row
// says.

import { describe, expect, test } from 'vitest';
import { type FunctionName, type FunctionRow, functions } from '../../contract/capabilities.ts';
import { pages } from '../../contract/docs/pages.ts';
import { rotationVerbs } from '../../contract/kernel/function.ts';
import { zones as geography } from '../../contract/kernel/zones.ts';
import { dressedZones } from './dressed.ts';
import { functionOf, lambdas, plainOf } from './functions_of.ts';
import { account, plain } from './plain.ts';
import { ofType, only, policiesOf, type Resource, removal, synthesized, type Zone } from './templates.ts';

type Properties = Resource['Properties'];

const { zones } = synthesized();
const every: readonly Zone[] = [...zones, ...dressedZones()];
const rows = Object.entries(functions) as [FunctionName, FunctionRow][];

const of = (zone: Zone, type: string): [string, Properties][] =>
  ofType(zone.network, `AWS::EC2::${type}`).map(([id, { Properties }]) => [id, Properties]);
const accountOf = (zone: Zone): unknown => (zone.stage === 'live' ? '111122223333' : { Ref: 'AWS::AccountId' });

/** Subnets by what CDK calls them: isolated, egress, public. */
const subnets = (zone: Zone, name: string): string[] =>
  of(zone, 'Subnet')
    .filter(([, { Tags }]) => JSON.stringify(Tags).includes(`"aws-cdk:subnet-name","Value":"${name}"`))
    .map(([id]) => id);
const routesOf = (zone: Zone, subnet: string): Properties[] => {
  const [, { RouteTableId }] = only(
    of(zone, 'SubnetRouteTableAssociation').filter(([, { SubnetId }]) => SubnetId.Ref === subnet),
  );
  return of(zone, 'Route').flatMap(([, route]) => (route.RouteTableId.Ref === RouteTableId.Ref ? [route] : []));
};
const groupOf = (zone: Zone, description: RegExp): [string, Properties] =>
  only(of(zone, 'SecurityGroup').filter(([, { GroupDescription }]) => description.test(GroupDescription)));

const attachmentOf = (zone: Zone, name: FunctionName): { SubnetIds: string[]; SecurityGroupIds: string[] } => {
  const found = functionOf(zone, name);
  return plainOf(zone, found, found.properties.VpcConfig) as { SubnetIds: string[]; SecurityGroupIds: string[] };
};

const [rotating] = only(rows.filter(([, { trigger }]) => trigger.kind === 'rotation'));

const nothing = [
  { CidrIp: '255.255.255.255/32', Description: 'Nothing', FromPort: 252, IpProtocol: 'icmp', ToPort: 86 },
];

describe('where functions stand', () => {
  test('[NET-1] every function stands in the VPC: isolated, or with a way out in subnets of its own', () => {
    for (const zone of every) {
      expect(lambdas(zone)).toHaveLength(rows.length);
      for (const [name, row] of rows) {
        const expected = subnets(zone, row.network).map((id) => `network:${id}`);
        expect(expected).toHaveLength(2);
        expect(attachmentOf(zone, name).SubnetIds, name).toEqual(expected);
      }
    }
  });

  test('[NET-1] a function’s security group is the narrowest that its row allows', () => {
    for (const zone of every) {
      for (const [name, row] of rows) {
        const calls = [...row.tables, ...Object.keys(row.keys), ...row.secrets, ...(row.sends ?? [])].length;
        const outside = row.callsWebhookEndpoints ? /webhook endpoints/ : /processors/;
        const inside = calls === 0 && !row.publishes ? /call nothing/ : /call AWS/;
        const [id] = groupOf(zone, row.network === 'egress' ? outside : inside);
        expect(attachmentOf(zone, name).SecurityGroupIds, name).toEqual([`network:${id}.GroupId`]);
      }
      // Pages are for anybody.
      for (const { function: name } of Object.values(pages)) {
        expect(attachmentOf(zone, name).SecurityGroupIds).toEqual([`network:${groupOf(zone, /nothing/)[0]}.GroupId`]);
      }
    }
  });

  test('[WHK-3] only what takes deliveries from their queue may leave for webhook endpoints; what fills the queue and what serves routes may not', () => {
    for (const [name, { trigger, callsWebhookEndpoints }] of rows) {
      expect(callsWebhookEndpoints ?? false, name).toBe(trigger.kind === 'queue');
    }
    for (const zone of every) {
      const [receivers] = groupOf(zone, /webhook endpoints/);
      for (const [name, { trigger }] of rows) {
        const groups = attachmentOf(zone, name).SecurityGroupIds;
        expect(groups.includes(`network:${receivers}.GroupId`), name).toBe(trigger.kind === 'queue');
      }
    }
  });

  test('[NET-1] isolated subnets have no route out; egress subnets leave through NAT alone', () => {
    for (const zone of every) {
      for (const subnet of subnets(zone, 'isolated')) expect(routesOf(zone, subnet)).toEqual([]);
      for (const subnet of subnets(zone, 'egress')) {
        const route = only(routesOf(zone, subnet));
        expect(route.DestinationCidrBlock).toBe('0.0.0.0/0');
        expect(zone.network.Resources[route.NatGatewayId.Ref]?.Type).toBe('AWS::EC2::NatGateway');
      }
      expect(of(zone, 'Subnet')).toHaveLength(6);
      for (const [, subnet] of of(zone, 'Subnet')) expect(subnet.MapPublicIpOnLaunch).toBe(false);
    }
  });

  test('[NET-1] each kind of subnet spans two availability zones, named by ids that mean the same in every account', () => {
    for (const zone of every) {
      for (const kind of ['isolated', 'egress', 'public']) {
        const ids = subnets(zone, kind).map((id) => zone.network.Resources[id]?.Properties);
        expect(new Set(ids.map(({ AvailabilityZoneId }) => AvailabilityZoneId)).size).toBe(2);
        for (const { AvailabilityZone, AvailabilityZoneId } of ids) {
          expect(AvailabilityZone).toBeUndefined();
          expect(AvailabilityZoneId).toMatch(/^[a-z]{3,4}\d-az\d$/);
        }
      }
    }
  });
});

describe('what may pass', () => {
  test('[NET-1] nothing is let in but HTTPS from functions to endpoints', () => {
    for (const zone of every) {
      for (const [, group] of of(zone, 'SecurityGroup')) expect(group.SecurityGroupIngress).toBeUndefined();
      const [endpoints] = groupOf(zone, /Endpoints/);
      const rules = of(zone, 'SecurityGroupIngress').map(([, rule]) => rule);
      expect(rules).toHaveLength(3);
      for (const rule of rules) {
        expect(rule).toMatchObject({ IpProtocol: 'tcp', FromPort: 443, ToPort: 443 });
        expect(rule.GroupId).toEqual({ 'Fn::GetAtt': [endpoints, 'GroupId'] });
        expect(rule.SourceSecurityGroupId['Fn::GetAtt'][0]).not.toBe(endpoints);
        expect(rule.CidrIp ?? rule.CidrIpv6).toBeUndefined();
      }
    }
  });

  test('[NET-1] every security group says what it lets out, in the group itself: EC2 would otherwise let out all', () => {
    for (const zone of every) {
      const [endpoints] = groupOf(zone, /Endpoints/);
      const https = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443 };
      const toEndpoints = { ...https, DestinationSecurityGroupId: { 'Fn::GetAtt': [endpoints, 'GroupId'] } };
      expect(of(zone, 'SecurityGroupEgress')).toEqual([]);
      expect(of(zone, 'SecurityGroup')).toHaveLength(5);
      expect(groupOf(zone, /Endpoints/)[1].SecurityGroupEgress).toEqual(nothing);
      expect(groupOf(zone, /call nothing/)[1].SecurityGroupEgress).toEqual(nothing);
      expect(groupOf(zone, /call AWS/)[1].SecurityGroupEgress).toEqual([
        { ...toEndpoints, Description: 'AWS services' },
        { ...https, Description: 'DynamoDB', DestinationPrefixListId: expect.stringMatching(/^pl-[0-9a-f]{8}$/) },
      ]);
      expect(groupOf(zone, /processors/)[1].SecurityGroupEgress).toEqual([
        { ...toEndpoints, Description: 'AWS services' },
        { ...https, Description: 'Processors and data sources', CidrIp: '0.0.0.0/0' },
      ]);
      expect(groupOf(zone, /webhook endpoints/)[1].SecurityGroupEgress).toEqual([
        { ...toEndpoints, Description: 'AWS services' },
        { ...https, Description: 'Webhook endpoints', CidrIp: '0.0.0.0/0' },
        { ...https, FromPort: 8443, ToPort: 8443, Description: 'Webhook endpoints', CidrIp: '0.0.0.0/0' },
      ]);
    }
  });

  test('[NET-1] nothing refers to the VPC’s default security group', () => {
    for (const zone of every)
      expect(JSON.stringify([zone.network, zone.functions, zone.api])).not.toContain('DefaultSecurityGroup');
  });
});

describe('endpoints', () => {
  const statementsOf = (zone: Zone, service: string): Properties[] => {
    const [, endpoint] = only(
      of(zone, 'VPCEndpoint').filter(([, { ServiceName }]) => ServiceName.endsWith(`.${service}`)),
    );
    return endpoint.PolicyDocument.Statement;
  };
  /** What everybody in the account may do; a statement for one role alone names it. */
  const statementOf = (zone: Zone, service: string): Properties =>
    only(statementsOf(zone, service).filter(({ Condition }) => Condition.ArnEquals === undefined));
  const list = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);

  test('[NET-1] functions reach AWS through these endpoints, in their subnets, by names that lead there', () => {
    for (const zone of every) {
      const region = geography[zone.zone].home;
      const found = of(zone, 'VPCEndpoint').map(([, each]) => `${each.VpcEndpointType} ${each.ServiceName}`);
      expect(found.sort()).toEqual([
        `Gateway com.amazonaws.${region}.dynamodb`,
        `Interface com.amazonaws.${region}.events`,
        `Interface com.amazonaws.${region}.kms`,
        `Interface com.amazonaws.${region}.secretsmanager`,
        `Interface com.amazonaws.${region}.sqs`,
      ]);
      for (const [, endpoint] of of(zone, 'VPCEndpoint')) {
        if (endpoint.VpcEndpointType === 'Gateway') {
          expect(endpoint.RouteTableIds).toHaveLength(4);
          continue;
        }
        expect(endpoint.PrivateDnsEnabled).toBe(true);
        expect(endpoint.SubnetIds.map(({ Ref }: { Ref: string }) => Ref)).toEqual(subnets(zone, 'isolated'));
        expect(endpoint.SecurityGroupIds).toEqual([{ 'Fn::GetAtt': [groupOf(zone, /Endpoints/)[0], 'GroupId'] }]);
      }
    }
  });

  test('[NET-1] an endpoint carries only calls of this account’s principals, named one by one, to the zone’s own resources', () => {
    for (const zone of every) {
      for (const service of ['dynamodb', 'kms', 'secretsmanager', 'events', 'sqs']) {
        const statement = statementOf(zone, service);
        expect(statement.Effect).toBe('Allow');
        expect(statement.Condition).toEqual({ StringEquals: { 'aws:PrincipalAccount': accountOf(zone) } });
        for (const action of list(statement.Action)) expect(action).toMatch(new RegExp(`^${service}:[A-Za-z]+$`));
        for (const resource of list(plain(zone, 'network', statement.Resource))) {
          expect(resource).not.toContain('*');
          expect(resource).toMatch(new RegExp(`^keys:|^secrets:|strongroom-${zone.stage}-${zone.zone}`));
        }
      }
    }
  });

  test('[NET-1] what rows grant passes, and no other verb', () => {
    const grants = rows.flatMap(([, row]) => row.tables.flatMap(({ verbs }) => verbs));
    for (const zone of every) {
      expect(statementOf(zone, 'dynamodb').Action).toEqual(
        [...new Set(grants)].sort().map((verb) => `dynamodb:${verb}`),
      );
      const uses = rows.flatMap(([, row]) => Object.values(row.keys).flat());
      expect(statementOf(zone, 'kms').Action).toEqual([...new Set(uses)].sort().map((verb) => `kms:${verb}`));
      expect(statementOf(zone, 'secretsmanager').Action).toBe('secretsmanager:GetSecretValue');
      const [rotation] = statementsOf(zone, 'secretsmanager').slice(1);
      expect(statementsOf(zone, 'secretsmanager')).toHaveLength(2);
      expect(rotation?.Action).toEqual(rotationVerbs.map((verb) => `secretsmanager:${verb}`));
      expect(plain(zone, 'network', rotation?.Condition)).toEqual({
        StringEquals: { 'aws:PrincipalAccount': plain(zone, 'network', accountOf(zone)) },
        ArnEquals: {
          'aws:PrincipalArn': expect.stringMatching(
            new RegExp(`:role/strongroom-${zone.stage}-[a-z0-9-]+-${rotating}$`),
          ),
        },
      });
      expect(statementOf(zone, 'events').Action).toBe('events:PutEvents');
      expect(statementOf(zone, 'sqs').Action).toBe('sqs:SendMessage');
    }
  });

  test('[NET-1] a restored table passes, and the one it stands in for no longer', () => {
    const [zone] = dressedZones();
    const tables = JSON.stringify(zone && statementOf(zone, 'dynamodb').Resource);
    expect(tables).toContain('strongroom-live-eu-payments-restored-20270101/index/due');
    expect(tables).not.toMatch(/strongroom-live-eu-payments["/]/);
  });
});

describe('the way out', () => {
  test('[NET-4] calls to the outside leave from fixed addresses, which the stack tells', () => {
    for (const zone of every) {
      const addresses = of(zone, 'EIP').map(([id]) => id);
      expect(addresses).toHaveLength(zone.stage === 'development' ? 1 : 2);
      expect(of(zone, 'NatGateway').map(([, { AllocationId }]) => AllocationId['Fn::GetAtt'][0])).toEqual(addresses);
      const outputs = Object.entries(zone.network.Outputs ?? {}).filter(([name]) => name.startsWith('EgressAddress'));
      expect(outputs.map(([, { Value }]) => Value)).toEqual(
        addresses.map((id) => ({ 'Fn::GetAtt': [id, 'PublicIp'] })),
      );
    }
  });

  test('[NET-4] a second region has one gateway and one address: it calls the outside while home is down', () => {
    const networks = zones.flatMap(({ second }) => second?.network ?? []);
    expect(networks.length).toBeGreaterThan(0);
    for (const network of networks) {
      for (const type of ['EIP', 'NatGateway']) expect(ofType(network, `AWS::EC2::${type}`)).toHaveLength(1);
      const ways = ofType(network, 'AWS::EC2::Route').flatMap(([, { Properties }]) => Properties.NatGatewayId ?? []);
      expect(ways).toHaveLength(2);
    }
  });

  test('[NET-4] a locked stage keeps its addresses when the network goes', () => {
    for (const zone of every) {
      for (const [, address] of ofType(zone.network, 'AWS::EC2::EIP')) {
        expect(policiesOf(address)).toEqual(removal(zone));
      }
    }
  });
});

describe('the flow log', () => {
  test('[AUD-4] [ENC-1] records all traffic, accepted and refused, encrypted, for a year', () => {
    for (const zone of every) {
      const [vpc] = only(of(zone, 'VPC'));
      const [, log] = only(of(zone, 'FlowLog'));
      expect(log).toMatchObject({ ResourceId: { Ref: vpc }, ResourceType: 'VPC', TrafficType: 'ALL' });
      const [, group] = only(ofType(zone.network, 'AWS::Logs::LogGroup'));
      expect(group.Properties).toMatchObject({
        LogGroupName: `/strongroom/${zone.stage}/${zone.zone}/flow`,
        RetentionInDays: 365,
      });
      expect(plain(zone, 'network', group.Properties.KmsKeyId)).toMatch(/^keys:keydata\w+\.Arn$/);
    }
  });

  test('its role writes that log and nothing else', () => {
    for (const zone of zones) {
      const [, role] = only(ofType(zone.network, 'AWS::IAM::Role'));
      const [group] = only(ofType(zone.network, 'AWS::Logs::LogGroup'));
      expect(plain(zone, 'network', role.Properties.Policies[0].PolicyDocument.Statement)).toEqual([
        {
          Sid: 'WriteFlowLogs',
          Effect: 'Allow',
          Action: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
          Resource: `network:${group}.Arn`,
        },
      ]);
      expect(plain(zone, 'network', role.Properties.AssumeRolePolicyDocument.Statement[0].Condition)).toEqual({
        StringEquals: { 'aws:SourceAccount': account },
      });
    }
  });
});
