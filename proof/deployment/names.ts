// Which names the resources of a template take, where each is unique, and how long it stays taken after its deletion: what
// decides whether the same template can be deployed again. Closed: a type whose property looks like a name has a row here.

import { type Json, listed, type Resource } from '../../lib/evidence/template.ts';

/** Where a name is unique. */
type Scope = 'region' | 'account' | 'aws';

interface Unique {
  readonly property: string;
  readonly scope: Scope;
  /** Types of one namespace. Absent: the type is one by itself. */
  readonly namespace?: string;
  /** The name cannot be used again for this long. */
  readonly coolDownSeconds?: number;
}

const name = (property: string, scope: Scope = 'region'): Unique => ({ property, scope });

/**
 * Sources, read 2026-12-01: the API reference of each service's Create action. Queues: SQS API reference, DeleteQueue ("wait at
 * least 60 seconds"). Secrets: CloudFormation deletes them without a recovery window (coverage-roadmap #838, #1999, both by
 * the author); deleted by hand without `--force-delete-without-recovery` a name stays taken for 7 to 30 days. KMS: an
 * alias is gone at once, its key has no name. S3: a name is free when the bucket is gone, and may be anybody's.
 */
const unique: Readonly<Record<string, Unique>> = {
  'AWS::ApiGateway::DomainName': name('DomainName'),
  'AWS::Backup::BackupVault': name('BackupVaultName'),
  'AWS::Backup::RestoreTestingPlan': name('RestoreTestingPlanName'),
  'AWS::CodeDeploy::Application': name('ApplicationName'),
  'AWS::CloudWatch::Alarm': { ...name('AlarmName'), namespace: 'alarm' },
  'AWS::CloudWatch::CompositeAlarm': { ...name('AlarmName'), namespace: 'alarm' },
  'AWS::CloudWatch::Dashboard': name('DashboardName', 'account'),
  'AWS::DynamoDB::GlobalTable': name('TableName'),
  'AWS::Events::EventBus': name('Name'),
  'AWS::Events::Rule': name('Name'),
  'AWS::IAM::Role': name('RoleName', 'account'),
  'AWS::KMS::Alias': name('AliasName'),
  'AWS::Lambda::Function': name('FunctionName'),
  'AWS::Logs::LogGroup': name('LogGroupName'),
  'AWS::Logs::ResourcePolicy': name('PolicyName'),
  'AWS::S3::Bucket': name('BucketName', 'aws'),
  'AWS::SNS::Topic': name('TopicName'),
  'AWS::SQS::Queue': { ...name('QueueName'), coolDownSeconds: 60 },
  'AWS::Scheduler::Schedule': name('Name'),
  'AWS::SecretsManager::Secret': name('Name'),
  'AWS::WAFv2::WebACL': name('Name'),
};

/** Properties that look like names of their own and are none: labels that may repeat, or names of what they are about. */
const others: Readonly<Record<string, readonly string[]>> = {
  'AWS::ApiGateway::ApiKey': ['Name'],
  'AWS::ApiGateway::Authorizer': ['Name'],
  'AWS::ApiGateway::BasePathMapping': ['DomainName'],
  'AWS::ApiGateway::Method': ['OperationName'],
  'AWS::ApiGateway::RestApi': ['Name'],
  'AWS::ApiGateway::Stage': ['StageName'],
  'AWS::ApiGateway::UsagePlan': ['UsagePlanName'],
  'AWS::Backup::RestoreTestingSelection': ['RestoreTestingPlanName', 'RestoreTestingSelectionName'],
  'AWS::CloudWatch::Alarm': ['MetricName'],
  // Inside of their application, which is new.
  'AWS::CodeDeploy::DeploymentGroup': ['ApplicationName', 'DeploymentConfigName', 'DeploymentGroupName'],
  'AWS::EC2::VPCEndpoint': ['ServiceName'],
  'AWS::Lambda::Alias': ['Name', 'FunctionName'],
  'AWS::Lambda::EventInvokeConfig': ['FunctionName'],
  'AWS::Lambda::EventSourceMapping': ['FunctionName'],
  'AWS::Lambda::Permission': ['FunctionName'],
  'AWS::Lambda::Version': ['FunctionName'],
  'AWS::Logs::MetricFilter': ['LogGroupName'],
  'AWS::SNS::Topic': ['DisplayName'],
  'Custom::ReplicaStream': ['TableName'],
};

export interface ClaimedName {
  /** Where and what: two resources with the same one collide. */
  readonly name: string;
  readonly coolDownSeconds: number;
}

/** The regions in which it takes its name: a table has it wherever a replica is. */
const regionsOf = (p: Json, region: string): string[] => {
  const replicas = listed(p.Replicas).map((replica) => String(replica.Region));
  return replicas.length > 0 ? replicas : [region];
};

export function namesOf({ type, path, p }: Resource, region: string): ClaimedName[] {
  const row = unique[type];
  const unknown = Object.keys(p).filter(
    (property) => /(?:^|[a-z])Name$/.test(property) && property !== row?.property && !others[type]?.includes(property),
  );
  if (unknown.length > 0) throw new Error(`${path}: say in proof/deployment/names.ts what ${type} ${unknown} is`);
  if (row === undefined || p[row.property] === undefined) return [];
  const places = { region: regionsOf(p, region), account: ['account'], aws: ['aws'] }[row.scope];
  return places.map((place) => ({
    name: `${place} ${row.namespace ?? type} ${p[row.property]}`,
    coolDownSeconds: row.coolDownSeconds ?? 0,
  }));
}
