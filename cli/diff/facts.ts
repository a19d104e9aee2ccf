// What templates open and what they protect, as sentences: a change that adds to the first or takes from the second is seen by
// comparing them.

import type { Resource } from '../../lib/template.ts';
import { canonical, plainText } from './plain_text.ts';

export type Named = readonly [id: string, resource: Resource];

const list = (value: unknown) => (Array.isArray(value) ? value : []);

const ports = ({ IpProtocol, FromPort, ToPort }: Readonly<Record<string, unknown>>): string =>
  IpProtocol === '-1' || FromPort === undefined ? 'all ports' : `ports ${FromPort} to ${ToPort}`;
const peer = (rule: Readonly<Record<string, unknown>>): string => {
  const named = [
    'CidrIp',
    'CidrIpv6',
    'SourceSecurityGroupId',
    'DestinationSecurityGroupId',
    'SourcePrefixListId',
    'DestinationPrefixListId',
  ];
  return named.flatMap((name) => (rule[name] === undefined ? [] : plainText(rule[name]))).join(', ');
};

type Describe = (properties: Readonly<Record<string, unknown>>, id: string) => readonly string[];

/** Connections and callers that a resource lets in or out. */
const opens: Readonly<Record<string, Describe>> = {
  'AWS::EC2::SecurityGroup': ({ SecurityGroupIngress, SecurityGroupEgress }, id) => [
    ...list(SecurityGroupIngress).map((rule) => `group ${id} lets in ${peer(rule)} at ${ports(rule)}`),
    // CDK's way to let nothing out.
    ...list(SecurityGroupEgress)
      .filter(({ CidrIp }) => CidrIp !== '255.255.255.255/32')
      .map((rule) => `group ${id} lets out to ${peer(rule)} at ${ports(rule)}`),
  ],
  'AWS::EC2::SecurityGroupIngress': (rule) => [
    `group ${plainText(rule.GroupId)} lets in ${peer(rule)} at ${ports(rule)}`,
  ],
  'AWS::EC2::SecurityGroupEgress': (rule) => [
    `group ${plainText(rule.GroupId)} lets out to ${peer(rule)} at ${ports(rule)}`,
  ],
  'AWS::EC2::Route': ({ RouteTableId, DestinationCidrBlock, GatewayId, NatGatewayId }) => [
    `route ${plainText(RouteTableId)} leads to ${plainText(DestinationCidrBlock)} by ${plainText(GatewayId ?? NatGatewayId)}`,
  ],
  'AWS::EC2::Subnet': ({ MapPublicIpOnLaunch }, id) =>
    MapPublicIpOnLaunch === true ? [`subnet ${id} gives public addresses`] : [],
  'AWS::Lambda::Function': ({ VpcConfig, FunctionName }, id) =>
    VpcConfig === undefined ? [`function ${plainText(FunctionName ?? id)} runs outside of the VPC`] : [],
  'AWS::Lambda::Url': ({ TargetFunctionArn, AuthType }) => [
    `a URL calls ${plainText(TargetFunctionArn)}, authorized by ${AuthType}`,
  ],
  'AWS::ApiGateway::Method': ({ AuthorizationType, HttpMethod, ResourceId }) =>
    AuthorizationType === 'NONE' ? [`${HttpMethod} of ${plainText(ResourceId)} has no authorizer`] : [],
};

const nameIn = (properties: Readonly<Record<string, unknown>>, id: string): string => {
  const named = ['TableName', 'AlarmName', 'BackupVaultName', 'BucketName', 'LogGroupName', 'Name'];
  const found = named.map((name) => properties[name]).find((name) => typeof name === 'string');
  return typeof found === 'string' ? found : id;
};

/** Alarms, and whether somebody learns of them. */
const watches: Describe = (properties, id) => {
  const name = nameIn(properties, id);
  const notifies = properties.ActionsEnabled !== false && list(properties.AlarmActions).length > 0;
  return [`alarm ${name}`, ...(notifies ? [`alarm ${name} notifies`] : [])];
};
export const alarms: Readonly<Record<string, Describe>> = {
  'AWS::CloudWatch::Alarm': watches,
  'AWS::CloudWatch::CompositeAlarm': watches,
};

interface Rule {
  readonly Name?: string;
  readonly Action?: object;
  readonly OverrideAction?: object;
}

interface Replica {
  readonly Region?: string;
  readonly DeletionProtectionEnabled?: boolean;
  readonly PointInTimeRecoverySpecification?: { readonly PointInTimeRecoveryEnabled?: boolean };
}

/** What keeps attackers out, and data in. */
const protects: Readonly<Record<string, Describe>> = {
  'AWS::WAFv2::WebACL': ({ Rules }, id) =>
    list(Rules).map(
      ({ Name, Action, OverrideAction }: Rule) =>
        `rule ${Name} of web ACL ${id}: ${Object.keys(Action ?? { blocks: 0 })[0]}${OverrideAction && !('None' in OverrideAction) ? ', counted only' : ''}`,
    ),
  'AWS::WAFv2::WebACLAssociation': ({ ResourceArn }) => [`a web ACL stands before ${plainText(ResourceArn)}`],
  'AWS::WAFv2::LoggingConfiguration': ({ ResourceArn }) => [`web ACL ${plainText(ResourceArn)} logs`],
  'AWS::EC2::VPCEndpoint': ({ ServiceName }) => [`endpoint of ${plainText(ServiceName)}`],
  'AWS::EC2::FlowLog': () => ['connections are logged'],
  'AWS::DynamoDB::GlobalTable': (properties, id) =>
    list(properties.Replicas).flatMap((replica: Replica) => {
      const table = `table ${nameIn(properties, id)} in ${replica.Region}`;
      return [
        ...(replica.DeletionProtectionEnabled === true ? [`${table} can't be deleted`] : []),
        ...(replica.PointInTimeRecoverySpecification?.PointInTimeRecoveryEnabled === true
          ? [`${table} is backed up continuously`]
          : []),
      ];
    }),
  'AWS::KMS::Key': ({ EnableKeyRotation }, id) => (EnableKeyRotation === true ? [`key ${id} rotates`] : []),
  'AWS::S3::Bucket': (properties, id) => {
    const { PublicAccessBlockConfiguration, VersioningConfiguration, ObjectLockConfiguration } = properties;
    const bucket = `bucket ${nameIn(properties, id)}`;
    return [
      ...Object.entries(PublicAccessBlockConfiguration ?? {}).flatMap(([what, on]) =>
        on === true ? [`${bucket}: ${what}`] : [],
      ),
      ...(canonical(VersioningConfiguration).includes('Enabled') ? [`${bucket} keeps versions`] : []),
      ...(ObjectLockConfiguration === undefined
        ? []
        : [`${bucket} locks its objects: ${canonical(ObjectLockConfiguration)}`]),
    ];
  },
  'AWS::Backup::BackupVault': (properties, id) =>
    properties.LockConfiguration === undefined
      ? []
      : [`vault ${nameIn(properties, id)} is locked: ${canonical(properties.LockConfiguration)}`],
  'AWS::CodeDeploy::DeploymentGroup': ({ DeploymentGroupName, DeploymentConfigName, AlarmConfiguration }) => [
    `new versions of ${plainText(DeploymentGroupName)} are deployed by ${plainText(DeploymentConfigName)}`,
    ...list((AlarmConfiguration as { readonly Alarms?: unknown } | undefined)?.Alarms).map(
      ({ Name }: { readonly Name?: string }) =>
        `alarm ${Name} takes new versions of ${plainText(DeploymentGroupName)} back`,
    ),
  ],
  'AWS::Backup::BackupPlan': (_, id) => [`backup plan ${id}`],
  'AWS::Backup::RestoreTestingPlan': (_, id) => [`restore test ${id}`],
  'AWS::ApiGateway::DomainName': ({ DomainName, SecurityPolicy }) => [
    `${plainText(DomainName)} takes ${plainText(SecurityPolicy)}`,
  ],
  'AWS::ApiGateway::RestApi': ({ SecurityPolicy }, id) =>
    SecurityPolicy === undefined ? [] : [`API ${id} takes ${plainText(SecurityPolicy)}`],
};

const described = (table: Readonly<Record<string, Describe>>, resources: readonly Named[]): Set<string> =>
  new Set(resources.flatMap(([id, { Type, Properties = {} }]) => table[Type]?.(Properties, id) ?? []));

export const openingsOf = (resources: readonly Named[]): Set<string> => described(opens, resources);
export const alarmsOf = (resources: readonly Named[]): Set<string> => described(alarms, resources);
export const protectionsOf = (resources: readonly Named[]): Set<string> =>
  new Set([
    ...described(protects, resources),
    ...resources.flatMap(([id, { Type, DeletionPolicy, Properties = {} }]) =>
      DeletionPolicy === undefined || DeletionPolicy === 'Delete'
        ? []
        : [`${Type} ${nameIn(Properties, id)} outlives its stack`],
    ),
  ]);

/** Log group -> days that it keeps what is written; for ever where none are set. */
export const retentionOf = (resources: readonly Named[]): Map<string, number> =>
  new Map(
    resources
      .filter(([, { Type }]) => Type === 'AWS::Logs::LogGroup')
      .map(([id, { Properties = {} }]) => [
        nameIn(Properties, id),
        Number(Properties.RetentionInDays ?? Number.POSITIVE_INFINITY),
      ]),
  );
