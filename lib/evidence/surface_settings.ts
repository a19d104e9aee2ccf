// The part of the surface that makes it complete: of every resource what no other line says, property by property, so that nothing can
// be added, opened or copied without a line. Left out is what neither lets anybody in nor holds, keeps or sends anything.

import { factsOf } from './statements.ts';
import { type Json, listed, type Resource, type ZoneTemplates } from './template.ts';

/** Types that have whole lines of their own, or only carry what these let through. */
const routine: readonly string[] = [
  'AWS::Lambda::Permission',
  ...['ApiKey', 'Deployment', 'GatewayResponse', 'Method', 'Resource', 'UsagePlan', 'UsagePlanKey'].map(
    (name) => `AWS::ApiGateway::${name}`,
  ),
  ...['EIP', 'InternetGateway', 'NatGateway', 'Route', 'RouteTable', 'SecurityGroup', 'SecurityGroupEgress'].map(
    (name) => `AWS::EC2::${name}`,
  ),
  ...['SecurityGroupIngress', 'Subnet', 'SubnetRouteTableAssociation', 'VPC', 'VPCGatewayAttachment'].map(
    (name) => `AWS::EC2::${name}`,
  ),
];

/** Properties that have lines of their own, and those of alarms, which say when and not to whom. */
const elsewhere: Readonly<Record<string, readonly string[]>> = {
  'AWS::CloudWatch::Alarm':
    'AlarmName ComparisonOperator DatapointsToAlarm Dimensions EvaluationPeriods MetricName Metrics Namespace Period Statistic Threshold TreatMissingData'.split(
      ' ',
    ),
  'AWS::CloudWatch::CompositeAlarm': ['AlarmName', 'AlarmRule'],
  'AWS::DynamoDB::GlobalTable': ['Replicas', 'StreamSpecification'],
  'AWS::Lambda::EventSourceMapping': ['FilterCriteria'],
  'AWS::Lambda::Function': [
    ...['Code', 'Environment', 'FunctionName', 'MemorySize', 'ReservedConcurrentExecutions', 'Role', 'Runtime'],
    ...['Timeout', 'VpcConfig'],
  ],
  'AWS::IAM::Role': ['AssumeRolePolicyDocument', 'ManagedPolicyArns', 'Policies'],
  'AWS::KMS::Key': ['EnableKeyRotation', 'KeyPolicy', 'RotationPeriodInDays'],
  'AWS::Logs::LogGroup': ['KmsKeyId', 'RetentionInDays'],
  'AWS::WAFv2::WebACL': ['CustomResponseBodies', 'Rules'],
};

const words = ['Description', 'AlarmDescription', 'Tags'];

/** Replicas of a table have their place, recovery, key and protection in a line of their own. */
const replicaLines = [
  ...['DeletionProtectionEnabled', 'PointInTimeRecoverySpecification', 'Region', 'ResourcePolicy', 'SSESpecification'],
  'Tags',
];

const text = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** A secret in a template is refused, and not repeated here; of a dashboard it matters which regions it shows. */
const shown = (property: string, value: Json): string => {
  if (property === 'SecretString') return 'a secret';
  return property === 'DashboardBody'
    ? [...new Set([...text(value).matchAll(/"region":"([^"]*)"/g)].map(([, region]) => region))].join(' ')
    : text(value);
};

const settingsOf = ({ type, name, p }: Resource): string[] => [
  ...Object.entries(p as Record<string, Json>)
    .filter(([property]) => !words.includes(property) && elsewhere[type]?.includes(property) !== true)
    .filter(([, value]) => !holdsPolicy(value))
    .map(([property, value]) => `set ${name} | ${property} | ${shown(property, value)}`),
  ...(type === 'AWS::DynamoDB::GlobalTable' ? listed(p.Replicas) : []).flatMap((replica: Json) =>
    Object.entries(replica)
      .filter(([property]) => !replicaLines.includes(property))
      .map(([property, value]) => `set ${name} | ${replica.Region} | ${property} | ${text(value)}`),
  ),
];

const holdsPolicy = (value: Json): boolean =>
  factsOf(typeof value === 'string' && !value.startsWith('{') ? undefined : value).length > 0;

/** What a template holds beside resources, parameters and the values that stacks read from each other. */
const sections = ['AWSTemplateFormatVersion', 'Description', 'Outputs', 'Parameters', 'Resources', 'Rules'];

export const settingFacts = (zone: ZoneTemplates): string[] => [
  ...zone.resources.map(({ type, name }) => `holds ${name} | ${type}`).filter((line) => !isRoutine(line)),
  ...zone.resources.filter(({ type }) => !routine.includes(type)).flatMap(settingsOf),
  ...[...zone.stacks.values()].flatMap(({ name, template }) => [
    ...Object.keys(template)
      .filter((section) => !sections.includes(section))
      .map((section) => `set ${name} | ${section} | ${text(template[section])}`),
    ...Object.entries((template.Outputs ?? {}) as Record<string, Json>)
      .filter(([, output]) => output.Export !== undefined)
      .map(([output, { Export }]) => `set ${name} | export of ${output} | ${text(Export)}`),
  ]),
];

const isRoutine = (line: string): boolean => routine.includes(line.split(' | ')[1] ?? '');
