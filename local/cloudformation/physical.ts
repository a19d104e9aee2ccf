// What a deployed resource is called: the answers of Ref and Fn::GetAtt for every type that is run here. Names and ids
// are derived from the stack and the logical id, so that a restart finds its tables, keys and secrets again.

import { createHash } from 'node:crypto';

export interface Identity {
  readonly stack: string;
  readonly logicalId: string;
  readonly region: string;
  readonly account: string;
  /** URL of the AWS endpoint: what is called by a URL of its own is called there. */
  readonly awsUrl: string;
}

export interface Physical {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

type Property = (name: string) => unknown;
type Naming = (identity: Identity, property: Property) => Physical;

const digest = (identity: Identity): string =>
  createHash('sha256')
    .update(`${identity.account}/${identity.region}/${identity.stack}/${identity.logicalId}`)
    .digest('hex');

const nameOf = (identity: Identity, given: unknown): string =>
  typeof given === 'string' ? given : `${identity.stack}-${identity.logicalId}`;

const arn = ({ region, account }: Identity, service: string, rest: string): string =>
  `arn:aws:${service}:${region}:${account}:${rest}`;

const uuidOf = (hex: string): string =>
  [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');

/** API Gateway's ids: ten characters. */
const shortId = (identity: Identity): Physical => ({ ref: digest(identity).slice(0, 10), attributes: {} });

/** The creation time in stream ARNs: a fixed one, because a table always has the same stream here. */
export const streamLabel = '2026-01-01T00:00:00.000';

export const physical: Readonly<Record<string, Naming>> = {
  'AWS::KMS::Key': (identity, property) => {
    const hex = digest(identity);
    const id = property('MultiRegion') === true ? `mrk-${hex.slice(0, 32)}` : uuidOf(hex);
    return { ref: id, attributes: { Arn: arn(identity, 'kms', `key/${id}`), KeyId: id } };
  },
  'AWS::KMS::ReplicaKey': (identity, property) => {
    // It has its primary's id, and its own region in the ARN.
    const id = String(property('PrimaryKeyArn')).replace(/^.*:key\//, '');
    return { ref: id, attributes: { Arn: arn(identity, 'kms', `key/${id}`), KeyId: id } };
  },
  'AWS::KMS::Alias': (_, property) => ({ ref: String(property('AliasName')), attributes: {} }),
  'AWS::SecretsManager::Secret': (identity, property) => {
    // Six characters after the name, as in AWS: a grant on a name alone must not open the secret.
    const full = arn(
      identity,
      'secretsmanager',
      `secret:${nameOf(identity, property('Name'))}-${digest(identity).slice(0, 6)}`,
    );
    return { ref: full, attributes: { Id: full } };
  },
  'AWS::SecretsManager::RotationSchedule': (_, property) => ({ ref: String(property('SecretId')), attributes: {} }),
  'AWS::DynamoDB::GlobalTable': (identity, property) => {
    const name = nameOf(identity, property('TableName'));
    const table = arn(identity, 'dynamodb', `table/${name}`);
    return {
      ref: name,
      attributes: { Arn: table, StreamArn: `${table}/stream/${streamLabel}`, TableId: uuidOf(digest(identity)) },
    };
  },
  // CloudFormation asks a function for it at deployment; here a table always has the same stream.
  'Custom::ReplicaStream': (identity, property) => {
    const stream = `${arn(identity, 'dynamodb', `table/${String(property('TableName'))}`)}/stream/${streamLabel}`;
    return { ref: stream, attributes: { StreamArn: stream } };
  },
  'AWS::Lambda::Function': (identity, property) => {
    const name = nameOf(identity, property('FunctionName')).slice(0, 64);
    return { ref: name, attributes: { Arn: arn(identity, 'lambda', `function:${name}`) } };
  },
  // Each start of the local cloud runs what is there now: its first version, whatever the number in AWS.
  'AWS::Lambda::Version': (identity, property) => {
    const version = arn(identity, 'lambda', `function:${String(property('FunctionName'))}:1`);
    return { ref: version, attributes: { FunctionArn: version, Version: '1' } };
  },
  'AWS::Lambda::Alias': (identity, property) => ({
    ref: arn(identity, 'lambda', `function:${String(property('FunctionName'))}:${String(property('Name'))}`),
    attributes: {},
  }),
  'AWS::Lambda::Permission': (identity) => ({ ref: nameOf(identity, undefined), attributes: {} }),
  'AWS::Lambda::EventSourceMapping': (identity) => ({
    ref: uuidOf(digest(identity)),
    attributes: { Id: uuidOf(digest(identity)) },
  }),
  'AWS::IAM::Role': (identity, property) => {
    const name = nameOf(identity, property('RoleName'));
    return {
      ref: name,
      attributes: {
        Arn: `arn:aws:iam::${identity.account}:role/${name}`,
        RoleId: `AROA${digest(identity).slice(0, 17).toUpperCase()}`,
      },
    };
  },
  'AWS::IAM::ManagedPolicy': (identity, property) => {
    const name = nameOf(identity, property('ManagedPolicyName'));
    const policy = `arn:aws:iam::${identity.account}:policy/${name}`;
    return { ref: policy, attributes: { PolicyArn: policy } };
  },
  'AWS::IAM::Policy': (identity, property) => ({ ref: nameOf(identity, property('PolicyName')), attributes: {} }),
  'AWS::Scheduler::Schedule': (identity, property) => {
    const name = nameOf(identity, property('Name'));
    return { ref: name, attributes: { Arn: arn(identity, 'scheduler', `schedule/default/${name}`) } };
  },
  'AWS::Scheduler::ScheduleGroup': (identity, property) => {
    const name = nameOf(identity, property('Name'));
    return { ref: name, attributes: { Arn: arn(identity, 'scheduler', `schedule-group/${name}`) } };
  },
  'AWS::Logs::LogGroup': (identity, property) => {
    const name = nameOf(identity, property('LogGroupName'));
    return { ref: name, attributes: { Arn: arn(identity, 'logs', `log-group:${name}:*`) } };
  },
  // Of what watches only the alarm on which a fail-over depends is evaluated (local/cloudwatch).
  'AWS::CloudWatch::Alarm': (identity, property) => {
    const name = nameOf(identity, property('AlarmName'));
    return { ref: name, attributes: { Arn: arn(identity, 'cloudwatch', `alarm:${name}`) } };
  },
  'AWS::Logs::MetricFilter': (identity) => ({ ref: nameOf(identity, undefined), attributes: {} }),
  'AWS::Events::EventBus': (identity, property) => {
    const name = String(property('Name'));
    return { ref: name, attributes: { Name: name, Arn: arn(identity, 'events', `event-bus/${name}`) } };
  },
  'AWS::Route53::HealthCheck': (identity) => ({ ref: uuidOf(digest(identity)), attributes: {} }),
  'AWS::SQS::Queue': (identity, property) => {
    const name = nameOf(identity, property('QueueName')).slice(0, 80);
    const url = `${identity.awsUrl}/${identity.account}/${name}`;
    return { ref: url, attributes: { Arn: arn(identity, 'sqs', name), QueueName: name, QueueUrl: url } };
  },
  'AWS::SQS::QueuePolicy': (identity) => ({ ref: nameOf(identity, undefined), attributes: {} }),
  'AWS::S3::Bucket': (identity, property) => {
    const name = nameOf(identity, property('BucketName')).toLowerCase();
    return { ref: name, attributes: { Arn: `arn:aws:s3:::${name}` } };
  },
  'AWS::S3::BucketPolicy': (identity) => ({ ref: nameOf(identity, undefined), attributes: {} }),
  // Of the network only what decides who may call what: the policies of its endpoints.
  'AWS::EC2::VPCEndpoint': (identity) => {
    const id = `vpce-${digest(identity).slice(0, 17)}`;
    return { ref: id, attributes: { Id: id } };
  },
  'AWS::ApiGateway::RestApi': (identity) => {
    const id = digest(identity).slice(0, 10);
    return { ref: id, attributes: { RestApiId: id, RootResourceId: digest(identity).slice(10, 20) } };
  },
  'AWS::ApiGateway::Resource': (identity) => ({
    ref: shortId(identity).ref,
    attributes: { ResourceId: shortId(identity).ref },
  }),
  'AWS::ApiGateway::Method': shortId,
  'AWS::ApiGateway::Authorizer': (identity) => ({
    ref: shortId(identity).ref,
    attributes: { AuthorizerId: shortId(identity).ref },
  }),
  'AWS::ApiGateway::Deployment': (identity) => ({
    ref: shortId(identity).ref,
    attributes: { DeploymentId: shortId(identity).ref },
  }),
  'AWS::ApiGateway::Stage': (_, property) => ({ ref: String(property('StageName')), attributes: {} }),
  'AWS::ApiGateway::GatewayResponse': shortId,
  'AWS::ApiGateway::UsagePlan': shortId,
  'AWS::ApiGateway::ApiKey': shortId,
  'AWS::ApiGateway::UsagePlanKey': shortId,
  'AWS::WAFv2::WebACL': (identity, property) => {
    const name = nameOf(identity, property('Name'));
    const id = uuidOf(digest(identity));
    return {
      ref: `${name}|${id}|REGIONAL`,
      attributes: { Arn: arn(identity, 'wafv2', `regional/webacl/${name}/${id}`), Id: id },
    };
  },
};

/** Names of what is not run, where something that is run refers to it. */
export const mentioned: Readonly<Record<string, Naming>> = {
  'AWS::EC2::SecurityGroup': (identity) => {
    const id = `sg-${digest(identity).slice(0, 17)}`;
    return { ref: id, attributes: { GroupId: id } };
  },
  'AWS::EC2::Subnet': (identity) => {
    const id = `subnet-${digest(identity).slice(0, 17)}`;
    return { ref: id, attributes: { SubnetId: id } };
  },
  'AWS::EC2::VPC': (identity) => {
    const id = `vpc-${digest(identity).slice(0, 17)}`;
    return { ref: id, attributes: { VpcId: id } };
  },
  'AWS::SNS::Topic': (identity, property) => {
    const name = nameOf(identity, property('TopicName'));
    const topic = arn(identity, 'sns', name);
    return { ref: topic, attributes: { TopicArn: topic, TopicName: name } };
  },
};

const network = 'there is no network here but loopback: which function reaches what is tested on the templates';
const watching = 'nobody is on call for a laptop: what it would show stands in the logs';
const copies = 'the state folder is copied, or deleted, by whoever owns it';
const oneVersion = 'a function has one version here, so there is none to move an alias to';
const firewall = 'the one web ACL stands before the one API; its log is AWS’s own';

/** Types that are not run, and why skipping them is safe. A type that is neither here nor above stops the boot. */
export const notRun: Readonly<Record<string, string>> = {
  'AWS::ApiGateway::Account': 'names the role under which API Gateway writes logs; here they are files',
  'AWS::Backup::BackupPlan': copies,
  'AWS::Backup::BackupSelection': copies,
  'AWS::Backup::BackupVault': copies,
  'AWS::Backup::RestoreTestingPlan': copies,
  'AWS::Backup::RestoreTestingSelection': copies,
  'AWS::CDK::Metadata': 'reports to AWS which constructs are used; runs nothing',
  'AWS::CloudWatch::CompositeAlarm': watching,
  'AWS::CloudWatch::Dashboard': watching,
  'AWS::CodeDeploy::Application': oneVersion,
  'AWS::CodeDeploy::DeploymentGroup': oneVersion,
  'AWS::EC2::EIP': network,
  'AWS::EC2::FlowLog': network,
  'AWS::EC2::InternetGateway': network,
  'AWS::EC2::NatGateway': network,
  'AWS::EC2::NetworkAcl': network,
  'AWS::EC2::NetworkAclEntry': network,
  'AWS::EC2::Route': network,
  'AWS::EC2::RouteTable': network,
  'AWS::EC2::SecurityGroup': network,
  'AWS::EC2::SecurityGroupEgress': network,
  'AWS::EC2::SecurityGroupIngress': network,
  'AWS::EC2::Subnet': network,
  'AWS::EC2::SubnetNetworkAclAssociation': network,
  'AWS::EC2::SubnetRouteTableAssociation': network,
  'AWS::EC2::VPC': network,
  'AWS::EC2::VPCGatewayAttachment': network,
  'AWS::Events::Archive': 'the bus keeps every event in a file of the state folder',
  'AWS::Events::Rule': 'reads what AWS’s own services say on the account’s bus, where nobody says anything here',
  'AWS::Lambda::EventInvokeConfig': 'a scheduled run is started once and never again, whatever becomes of it',
  'AWS::Logs::ResourcePolicy': 'no service of AWS writes logs here',
  'AWS::SNS::Subscription': watching,
  'AWS::SNS::Topic': watching,
  'AWS::SNS::TopicPolicy': watching,
  'AWS::WAFv2::LoggingConfiguration': firewall,
  'AWS::WAFv2::WebACLAssociation': firewall,
};
