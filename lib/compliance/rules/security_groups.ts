// Security groups: nothing is let in but functions to endpoints, and what is let out is listed here, rule by rule.

import { type Json, listed, type Resource, type Rule, unless } from '../rule.ts';

/** All that each group lets out, as `<protocol> <ports> <destination>`. A group that is not here lets nothing out. */
const allowedEgress: Readonly<Record<string, readonly RegExp[]>> = {
  'network/aws-group': [/^tcp 443 network\/endpoints-group\.GroupId$/, /^tcp 443 pl-[0-9a-f]+$/],
  // Processors and data sources are anywhere: who may call them is the function's to say, from fixed addresses.
  'network/outside-group': [/^tcp 443 network\/endpoints-group\.GroupId$/, /^tcp 443 0\.0\.0\.0\/0$/],
  // So are webhook endpoints, on the two ports that their addresses may name.
  'network/receivers-group': [/^tcp 443 network\/endpoints-group\.GroupId$/, /^tcp (443|8443) 0\.0\.0\.0\/0$/],
};

/** CDK writes this into a group that lets nothing out: ICMP to nowhere. */
const nothing = 'icmp 252-86 255.255.255.255/32';

const written = (rule: Json, peer: Json): string =>
  `${rule.IpProtocol} ${rule.FromPort === rule.ToPort ? rule.FromPort : `${rule.FromPort}-${rule.ToPort}`} ${peer}`;

const destination = (rule: Json): string =>
  written(
    rule,
    rule.CidrIp ?? rule.CidrIpv6 ?? rule.DestinationSecurityGroupId ?? rule.DestinationPrefixListId ?? 'anywhere',
  );

const letsIn = (group: string, rule: Json): readonly string[] =>
  unless(
    group === 'network/endpoints-group' &&
      /^network\/(aws|outside|receivers)-group\.GroupId$/.test(rule.SourceSecurityGroupId) &&
      written(rule, '') === 'tcp 443 ',
    `${group} lets in ${written(rule, rule.CidrIp ?? rule.CidrIpv6 ?? rule.SourceSecurityGroupId ?? rule.SourcePrefixListId)}`,
  );

const letsOut = (group: string, rule: Json): readonly string[] =>
  unless(
    destination(rule) === nothing || allowedEgress[group]?.some((allowed) => allowed.test(destination(rule))),
    `${group} lets out ${destination(rule)}`,
  );

const groupOf = ({ p }: Resource): string => String(p.GroupId).replace(/\.GroupId$/, '');

export const securityGroups: readonly Rule[] = [
  {
    id: 'Strongroom-SG1',
    types: ['AWS::EC2::SecurityGroup', 'AWS::EC2::SecurityGroupIngress'],
    promises: ['NET-1'],
    statement: 'No security group lets anything in but functions to endpoints, by HTTPS.',
    check: (resource) =>
      resource.type === 'AWS::EC2::SecurityGroupIngress'
        ? letsIn(groupOf(resource), resource.p)
        : listed(resource.p.SecurityGroupIngress).flatMap((rule) => letsIn(resource.name, rule)),
  },
  {
    id: 'Strongroom-SG2',
    types: ['AWS::EC2::SecurityGroup', 'AWS::EC2::SecurityGroupEgress'],
    promises: ['NET-1', 'PRX-1'],
    statement: 'A security group lets out exactly what is listed for it.',
    check: (resource) => {
      if (resource.type === 'AWS::EC2::SecurityGroupEgress') return letsOut(groupOf(resource), resource.p);
      const rules = listed(resource.p.SecurityGroupEgress);
      // AWS lets everything out of a group without rules.
      return rules.length === 0
        ? [`${resource.name} lets out everything`]
        : rules.flatMap((rule) => letsOut(resource.name, rule));
    },
  },
];
