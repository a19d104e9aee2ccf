// Which types of resources the prover knows, what each is for its report, and what each may copy elsewhere without naming a region.
// A type that is not here may put its data anywhere, so it is refused until somebody says what it does.

import type { Json } from '../template.ts';
import type { Bounds } from './places.ts';

/** Type -> what a report calls it. Each lives in the region of its stack, but for what its properties name. */
export const kinds: Readonly<Record<string, string>> = {
  'AWS::ApiGateway::Account': 'API',
  'AWS::ApiGateway::ApiKey': 'API',
  'AWS::ApiGateway::Authorizer': 'API',
  'AWS::ApiGateway::BasePathMapping': 'API',
  'AWS::ApiGateway::Deployment': 'API',
  'AWS::ApiGateway::DomainName': 'API',
  'AWS::ApiGateway::GatewayResponse': 'API',
  'AWS::ApiGateway::Method': 'API',
  'AWS::ApiGateway::Resource': 'API',
  'AWS::ApiGateway::RestApi': 'API',
  'AWS::ApiGateway::Stage': 'API',
  'AWS::ApiGateway::UsagePlan': 'API',
  'AWS::ApiGateway::UsagePlanKey': 'API',
  'AWS::Backup::BackupPlan': 'backup plans',
  'AWS::Backup::BackupSelection': 'backup plans',
  'AWS::Backup::BackupVault': 'backup vaults',
  'AWS::Backup::RestoreTestingPlan': 'backup plans',
  'AWS::Backup::RestoreTestingSelection': 'backup plans',
  'AWS::CloudWatch::Alarm': 'alarms',
  'AWS::CloudWatch::CompositeAlarm': 'alarms',
  'AWS::CloudWatch::Dashboard': 'dashboards',
  'AWS::CodeDeploy::Application': 'functions',
  'AWS::CodeDeploy::DeploymentGroup': 'functions',
  'AWS::DynamoDB::GlobalTable': 'tables',
  'AWS::EC2::EIP': 'network',
  'AWS::EC2::FlowLog': 'network',
  'AWS::EC2::InternetGateway': 'network',
  'AWS::EC2::NatGateway': 'network',
  'AWS::EC2::Route': 'network',
  'AWS::EC2::RouteTable': 'network',
  'AWS::EC2::SecurityGroup': 'network',
  'AWS::EC2::SecurityGroupEgress': 'network',
  'AWS::EC2::SecurityGroupIngress': 'network',
  'AWS::EC2::Subnet': 'network',
  'AWS::EC2::SubnetRouteTableAssociation': 'network',
  'AWS::EC2::VPC': 'network',
  'AWS::EC2::VPCEndpoint': 'network',
  'AWS::EC2::VPCGatewayAttachment': 'network',
  'AWS::Events::EventBus': 'event buses',
  'AWS::Events::Rule': 'event rules',
  'AWS::IAM::Role': 'roles',
  'AWS::KMS::Alias': 'keys',
  'AWS::KMS::Key': 'keys',
  'AWS::KMS::ReplicaKey': 'keys',
  'AWS::Lambda::Alias': 'functions',
  'AWS::Lambda::EventInvokeConfig': 'functions',
  'AWS::Lambda::EventSourceMapping': 'event sources',
  'AWS::Lambda::Function': 'functions',
  'AWS::Lambda::Permission': 'functions',
  'AWS::Lambda::Version': 'functions',
  'AWS::Logs::LogGroup': 'logs',
  'AWS::Logs::MetricFilter': 'logs',
  'AWS::Logs::ResourcePolicy': 'logs',
  'AWS::Logs::SubscriptionFilter': 'logs',
  'AWS::Route53::HealthCheck': 'names and health checks',
  'AWS::Route53::RecordSet': 'names and health checks',
  'AWS::S3::Bucket': 'buckets',
  'AWS::S3::BucketPolicy': 'buckets',
  'AWS::SNS::Subscription': 'topics',
  'AWS::SNS::Topic': 'topics',
  'AWS::SNS::TopicPolicy': 'topics',
  'AWS::SQS::Queue': 'queues',
  'AWS::SQS::QueuePolicy': 'queues',
  'AWS::SSM::Parameter': 'SSM parameters',
  'AWS::Scheduler::Schedule': 'schedules',
  'AWS::SecretsManager::ResourcePolicy': 'secrets',
  'AWS::SecretsManager::RotationSchedule': 'secrets',
  'AWS::SecretsManager::Secret': 'secrets',
  'AWS::WAFv2::LoggingConfiguration': 'web ACLs',
  'AWS::WAFv2::WebACL': 'web ACLs',
  'AWS::WAFv2::WebACLAssociation': 'web ACLs',
  'Custom::ReplicaStream': 'tables',
};

/** What a report counts by itself: the field it stands in, by type. */
export const fields: readonly (readonly [what: string, type: RegExp, path: RegExp])[] = [
  ['replicas of tables', /GlobalTable$/, /^Replicas\.\d+\.Region$/],
  ['streams of tables', /GlobalTable$/, /^StreamSpecification\.StreamViewType$/],
  ['witnesses of tables', /GlobalTable$/, /^GlobalTableWitnesses\.\d+\.Region$/],
  ['copies of tables into streams', /GlobalTable$/, /KinesisStreamSpecification\.StreamArn$/],
  ['statements of key policies', /^AWS::KMS::/, /^KeyPolicy\.Statement\.\d+\.Effect$/],
  ['primary keys of replicas', /ReplicaKey$/, /^PrimaryKeyArn$/],
  ['replicas of secrets', /Secret$/, /^ReplicaRegions\.\d+\.Region$/],
  ['replications of buckets', /Bucket$/, /^ReplicationConfiguration\.Rules\.\d+\.Destination\.Bucket$/],
  ['copies of backups', /BackupPlan$/, /DestinationBackupVaultArn$/],
  ['targets of dead letters', /./, /(deadLetterTargetArn|DeadLetterConfig\.(Arn|TargetArn))$/],
  ['sources of functions', /EventSourceMapping$/, /^EventSourceArn$/],
  ['targets of failed events', /^AWS::Lambda::/, /OnFailure\.Destination$/],
  ['targets of schedules', /Schedule$/, /^Target\.Arn$/],
  ['targets of event rules', /Events::Rule$/, /^Targets\.\d+\.Arn$/],
  ['targets of logs', /./, /(LogDestinationConfigs\.\d+|LogDestination|DestinationArn|LogGroup)$/],
  ['targets of alarms', /Alarm$/, /Actions\.\d+$/],
  ['subscriptions', /Subscription$/, /^Endpoint$/],
  ['environment values', /Lambda::Function$/, /^Environment\.Variables\./],
  ['resources in policies', /./, /\.Statement\.(\d+\.)?Resource(\.\d+)?$/],
  ['principals in policies', /./, /(^|\.)Principal(\.\w+)?(\.\d+)?$/],
];

export type Fault = readonly [path: string, why: string];

/** All values of a policy's field. */
const listed = (value: Json): Json[] => (value === undefined || value === null ? [] : [value].flat());

const mayDo = (action: Json, verb: string): boolean =>
  new RegExp(
    `^${String(action)
      .replaceAll(/[.+^$()|[\]\\{}]/g, String.raw`\$&`)
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    'i',
  ).test(verb);

/** Verbs that move a key, and the condition that bounds where to. */
const movesKeys = { 'kms:ReplicateKey': 'kms:ReplicaRegion', 'kms:UpdatePrimaryRegion': 'kms:PrimaryRegion' };

const keyFaults = (p: Json, { regions }: Bounds): Fault[] =>
  listed(p.KeyPolicy?.Statement).flatMap((statement, index) =>
    Object.entries(movesKeys)
      .filter(
        ([verb]) => statement.Effect !== 'Deny' && listed(statement.Action ?? '*').some((each) => mayDo(each, verb)),
      )
      .filter(([, condition]) => {
        const bound = listed(statement.Condition?.StringEquals?.[condition]);
        return bound.length === 0 || !bound.every((each) => regions.includes(each));
      })
      .map(
        ([verb, condition]): Fault => [
          `KeyPolicy.Statement.${index}`,
          `${verb} is not bounded to the zone by ${condition}`,
        ],
      ),
  );

/** E-mail goes to the mailbox of the configuration (Strongroom-WATCH4); an alarm holds nothing of a tenant. */
const subscriptionFaults = ({ Protocol, Endpoint }: Json): Fault[] =>
  ['email', 'lambda', 'sqs'].includes(Protocol) ? [] : [['Endpoint', `${Protocol} to ${Endpoint} may go anywhere`]];

/** What a role may do to things that no region is named of, and why that moves nothing. */
const anywhere: readonly (readonly [verb: RegExp, why: string])[] = [
  [/^ec2:Describe(NetworkInterfaces|Subnets)$/, 'EC2 has no finer resource for describing; it reads no data'],
  [/^logs:(Create|Describe|Put|Get|Filter)Log(Group|Groups|Stream|Streams|Events)$/, 'API Gateway writes where it is'],
];

const roleFaults = (p: Json): Fault[] =>
  listed(p.Policies).flatMap(({ PolicyDocument }, policy) =>
    listed(PolicyDocument?.Statement).flatMap((statement, index) =>
      statement.Effect === 'Deny' || !listed(statement.Resource).includes('*')
        ? []
        : listed(statement.Action ?? 'everything')
            .filter((action) => !anywhere.some(([verb]) => verb.test(action)))
            .map(
              (action): Fault => [
                `Policies.${policy}.PolicyDocument.Statement.${index}.Resource`,
                `${action} is allowed in every region`,
              ],
            ),
    ),
  );

/** Faults that no single text shows. */
export const typeFaults: Readonly<Record<string, (p: Json, bounds: Bounds) => Fault[]>> = {
  'AWS::KMS::Key': keyFaults,
  'AWS::KMS::ReplicaKey': keyFaults,
  'AWS::SNS::Subscription': subscriptionFaults,
  'AWS::IAM::Role': roleFaults,
};
