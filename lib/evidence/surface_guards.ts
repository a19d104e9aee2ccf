// The part of the surface about data and network: policies of keys, buckets, topics and endpoints, recovery and encryption of
// tables, and every rule of every security group.

import { factsOf, policiesIn } from './statements.ts';
import { type Json, ofType, type Resource, type ZoneTemplates } from './template.ts';

/** Type of resource -> word in the surface. A policy in any other resource is a `policy`; roles and tables have theirs. */
const words: Readonly<Record<string, string>> = {
  'AWS::KMS::Key': 'key-policy',
  'AWS::KMS::ReplicaKey': 'key-policy',
  'AWS::EC2::VPCEndpoint': 'endpoint-policy',
  'AWS::S3::BucketPolicy': 'bucket-policy',
  'AWS::SNS::TopicPolicy': 'topic-policy',
  'AWS::SQS::QueuePolicy': 'queue-policy',
  'AWS::Logs::ResourcePolicy': 'log-policy',
  'AWS::SecretsManager::ResourcePolicy': 'secret-policy',
};
const withLinesOfTheirOwn = [
  'AWS::IAM::Role',
  'AWS::IAM::Policy',
  'AWS::IAM::ManagedPolicy',
  'AWS::DynamoDB::GlobalTable',
];

const policyFacts = ({ type, name, p }: Resource): string[] =>
  withLinesOfTheirOwn.includes(type)
    ? []
    : [...policiesIn(p)]
        .flatMap((policy) => factsOf(policy))
        .map((fact) => `${words[type] ?? 'policy'} ${name} | ${fact}`);

const peer = (rule: Json): string =>
  rule.CidrIp ??
  rule.CidrIpv6 ??
  rule.DestinationSecurityGroupId ??
  rule.SourceSecurityGroupId ??
  rule.DestinationPrefixListId ??
  rule.SourcePrefixListId ??
  'anywhere';

const ports = ({ IpProtocol, FromPort, ToPort }: Json): string =>
  `${IpProtocol} ${FromPort === ToPort ? (FromPort ?? 'all') : `${FromPort}-${ToPort}`}`;

const groupFacts = ({ name, p }: Resource): string[] => [
  ...((p.SecurityGroupIngress ?? []) as Json[]).map((rule) => `group ${name} | in | ${ports(rule)} | ${peer(rule)}`),
  ...((p.SecurityGroupEgress ?? [{ IpProtocol: '-1' }]) as Json[]).map(
    (rule) => `group ${name} | out | ${ports(rule)} | ${peer(rule)}`,
  ),
];

const tableFacts = ({ name, p, deletionPolicy }: Resource): string[] =>
  ((p.Replicas ?? []) as Json[]).flatMap((replica) => [
    ...[replica.ResourcePolicy, replica.ReplicaStreamSpecification?.ResourcePolicy].flatMap((policy) =>
      factsOf(policy?.PolicyDocument).map((fact) => `table-policy ${name} | ${replica.Region} | ${fact}`),
    ),
    ...(replica.KinesisStreamSpecification === undefined
      ? []
      : [`table-copy ${name} | ${replica.Region} | ${replica.KinesisStreamSpecification.StreamArn}`]),
    `table ${name} | ${replica.Region} | recovery ${replica.PointInTimeRecoverySpecification?.PointInTimeRecoveryEnabled === true ? `${replica.PointInTimeRecoverySpecification.RecoveryPeriodInDays} days` : 'off'} | key ${replica.SSESpecification?.KMSMasterKeyId ?? 'AWS’s own'} | protected ${replica.DeletionProtectionEnabled === true} | stream ${p.StreamSpecification?.StreamViewType ?? 'none'} | ${deletionPolicy ?? 'Delete'}`,
  ]);

const queueFact = ({ name, p, deletionPolicy }: Resource): string =>
  `queue ${name} | retention ${p.MessageRetentionPeriod ?? 345_600} s | key ${p.KmsMasterKeyId ?? 'AWS’s own'} | ${
    p.RedrivePolicy === undefined
      ? 'what fails is tried again'
      : `what failed ${p.RedrivePolicy.maxReceiveCount} times goes to ${p.RedrivePolicy.deadLetterTargetArn}`
  } | dead letters of ${[p.RedriveAllowPolicy?.sourceQueueArns ?? p.RedriveAllowPolicy?.redrivePermission ?? 'any queue'].flat().join(' ')} | ${deletionPolicy ?? 'Delete'}`;

export const guardFacts = (zone: ZoneTemplates): string[] => [
  ...zone.resources.flatMap(policyFacts),
  ...ofType(zone, 'AWS::EC2::SecurityGroup').flatMap(groupFacts),
  ...ofType(zone, 'AWS::EC2::SecurityGroupIngress').map(
    ({ p }) => `group ${p.GroupId} | in | ${ports(p)} | ${peer(p)}`,
  ),
  ...ofType(zone, 'AWS::EC2::SecurityGroupEgress').map(
    ({ p }) => `group ${p.GroupId} | out | ${ports(p)} | ${peer(p)}`,
  ),
  ...ofType(zone, 'AWS::EC2::Route').map(
    ({ p }) =>
      `way-out ${p.RouteTableId} | ${p.DestinationCidrBlock ?? p.DestinationIpv6CidrBlock} | ${p.NatGatewayId ?? p.GatewayId}`,
  ),
  ...ofType(zone, 'AWS::DynamoDB::GlobalTable').flatMap(tableFacts),
  ...ofType(zone, 'AWS::SQS::Queue').map(queueFact),
  ...ofType(zone, 'AWS::KMS::Key').map(
    ({ name, p, deletionPolicy }) =>
      `key ${name} | rotates ${p.EnableKeyRotation === true ? `every ${p.RotationPeriodInDays} days` : 'never'} | ${deletionPolicy}`,
  ),
  ...ofType(zone, 'AWS::KMS::ReplicaKey').map(
    ({ name, p, deletionPolicy }) => `key ${name} | replica of ${p.PrimaryKeyArn} | ${deletionPolicy}`,
  ),
  ...ofType(zone, 'AWS::SecretsManager::Secret').flatMap(({ name, p }) =>
    ((p.ReplicaRegions ?? []) as Json[]).map(
      ({ Region, KmsKeyId }) => `secret ${name} | copied to ${Region} | key ${KmsKeyId ?? 'AWS’s own'}`,
    ),
  ),
  ...ofType(zone, 'AWS::Logs::LogGroup').map(
    ({ name, p, deletionPolicy }) =>
      `log ${name} | ${p.RetentionInDays ?? 'unbounded'} days | key ${p.KmsKeyId ?? 'none'} | ${deletionPolicy}`,
  ),
];
