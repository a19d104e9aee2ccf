// The part of the surface about functions: what each may do, under which trust, from which network, what invokes it, and
// which variables it is given.

import { calledAt } from './routes.ts';
import { factsOf } from './statements.ts';
import { type Json, ofType, type Resource, type ZoneTemplates } from './template.ts';

const subnetKinds = (subnets: readonly Json[] = []): string =>
  [...new Set(subnets.map((subnet) => /\/(\w+?)Subnet\d/.exec(String(subnet))?.[1] ?? String(subnet)))].join(' ') ||
  'no VPC';

const roleFacts = ({ name, p }: Resource): string[] => [
  ...factsOf(p.AssumeRolePolicyDocument).map((fact) => `trust ${name} | ${fact}`),
  ...((p.Policies ?? []) as Json[])
    .flatMap(({ PolicyDocument }) => factsOf(PolicyDocument))
    .map((fact) => `${/^\w+ kms:/.test(fact) ? 'key-use' : 'iam'} ${name} | ${fact}`),
  ...((p.ManagedPolicyArns ?? []) as Json[]).map((policy) => `iam ${name} | managed policy ${policy}`),
];

const functionFacts = ({ name, p }: Resource): string[] => [
  `function ${name} | role ${p.Role} | ${p.Runtime} | ${p.Timeout} s | ${p.MemorySize} MiB | reserved ${p.ReservedConcurrentExecutions ?? 'none'}`,
  `network ${name} | ${subnetKinds(p.VpcConfig?.SubnetIds)} | ${(p.VpcConfig?.SecurityGroupIds ?? ['no group']).join(' ')}`,
  // Names of resources and words of the contract: a rule refuses any other value (Strongroom-LAM8).
  ...Object.entries((p.Environment?.Variables ?? {}) as Record<string, Json>).map(
    ([variable, value]) => `environment ${name} | ${variable} | ${value}`,
  ),
];

const mappingFact = ({ p }: Resource): string => {
  const filters: Json[] = p.FilterCriteria?.Filters ?? [];
  const onFailure = /^arn:aws:sqs:/.test(p.EventSourceArn)
    ? 'back to its queue'
    : `to ${p.DestinationConfig?.OnFailure?.Destination ?? 'nowhere'}`;
  return [
    `caller ${p.FunctionName}`,
    p.EventSourceArn,
    ...filters.map(({ Pattern }) => `only ${Pattern}`),
    `what fails goes ${onFailure}`,
  ].join(' | ');
};

const permissionFact = (zone: ZoneTemplates, { p }: Resource): string => {
  const { Action, FunctionName, Principal, SourceArn, ...others } = p;
  const called = calledAt(zone, FunctionName);
  return [
    `caller ${called ? `${called.function.name}.Arn${called.alias ? ` by ${called.alias.p.Name}` : ''}` : `${FunctionName}.Arn`}`,
    Principal,
    ...(Action === 'lambda:InvokeFunction' ? [] : [Action]),
    `for ${SourceArn ?? 'anything'}`,
    ...Object.entries(others).map(([name, value]) => `${name} ${value}`),
  ].join(' | ');
};

export const privilegeFacts = (zone: ZoneTemplates): string[] => [
  ...ofType(zone, 'AWS::IAM::Role').flatMap(roleFacts),
  ...[...ofType(zone, 'AWS::IAM::Policy'), ...ofType(zone, 'AWS::IAM::ManagedPolicy')].flatMap(({ name, p }) =>
    factsOf(p.PolicyDocument).map((fact) => `iam ${name} for ${(p.Roles ?? []).join(' ')} | ${fact}`),
  ),
  ...ofType(zone, 'AWS::Lambda::Function').flatMap(functionFacts),
  ...ofType(zone, 'AWS::Lambda::Permission').map((permission) => permissionFact(zone, permission)),
  ...ofType(zone, 'AWS::Lambda::Alias').map(
    ({ name, updatePolicy }) =>
      `alias ${name} | moved by ${updatePolicy ? JSON.stringify(updatePolicy) : 'CloudFormation'}`,
  ),
  ...ofType(zone, 'AWS::Lambda::EventSourceMapping').map(mappingFact),
  ...ofType(zone, 'AWS::Scheduler::Schedule').map(
    ({ p }) => `caller ${p.Target?.Arn} | ${p.ScheduleExpression} | as ${p.Target?.RoleArn}`,
  ),
  ...ofType(zone, 'AWS::SecretsManager::RotationSchedule').map(
    ({ p }) =>
      `rotation ${p.SecretId} | every ${p.RotationRules?.AutomaticallyAfterDays} days | by ${p.RotationLambdaARN}`,
  ),
];
