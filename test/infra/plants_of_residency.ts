// Ways out of a zone: each puts something where it must not be, or could. `out` is where in the template it shows.

import type { Json } from '../../lib/evidence/template.ts';
import { joined, type Planting } from './planting.ts';

export interface WayOut {
  readonly what: string;
  readonly plant: (planting: Planting) => void;
  /** `<stack> <logical id> <path>: <why>`. */
  readonly out: RegExp;
}

const accountId = { Ref: 'AWS::AccountId' };
const tokyo = 'ap-northeast-1';
const inTokyo = (service: string, rest: string): Json => joined(`arn:aws:${service}:${tokyo}:`, accountId, `:${rest}`);
const replica = (p: Planting, name: string): Json => p.at(name).Replicas[0];
const bucket = (p: Planting): Json => p.at('relay/failed-stream-records', 'AWS::S3::Bucket');
const allow = (Action: Json, Resource: Json, more: object = {}): Json => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});

export const waysOut: readonly WayOut[] = [
  {
    what: 'payments are copied into a stream in Tokyo',
    plant: (p) => {
      replica(p, 'data/payments').KinesisStreamSpecification = { StreamArn: inTokyo('kinesis', 'stream/payments') };
    },
    out: /^data payments\w+ Replicas\.0\.KinesisStreamSpecification\.StreamArn: .*ap-northeast-1/,
  },
  {
    what: 'dead letters go to Tokyo',
    plant: (p) => {
      p.at('relay/deliveries').RedrivePolicy.deadLetterTargetArn = inTokyo('sqs', 'dead-letters');
    },
    out: /^relay deliveries RedrivePolicy\.deadLetterTargetArn: .*ap-northeast-1/,
  },
  {
    what: 'a key has a replica in another zone',
    plant: (p) => {
      p.add('keys', 'copy', 'AWS::KMS::ReplicaKey', {
        PrimaryKeyArn: joined('arn:aws:kms:eu-west-1:', accountId, ':key/mrk-1'),
        KeyPolicy: { Statement: [] },
      });
    },
    out: /^keys copy PrimaryKeyArn: .*eu-west-1/,
  },
  {
    what: 'a key may be replicated anywhere',
    plant: (p) => {
      p.at('keys/key-pii').KeyPolicy.Statement[0].Action.push('kms:ReplicateKey');
    },
    out: /^keys keypii\w+ KeyPolicy\.Statement\.0: kms:ReplicateKey is not bounded/,
  },
  {
    what: 'a key may be replicated into one region too many',
    plant: (p) => {
      p.at('keys/key-pii').KeyPolicy.Statement.push(
        allow('kms:Replicate*', '*', {
          Condition: { StringEquals: { 'kms:ReplicaRegion': ['us-west-2', 'ca-central-1'] } },
        }),
      );
    },
    out: /^keys keypii\w+ KeyPolicy\.Statement\.\d+: kms:ReplicateKey is not bounded/,
  },
  {
    what: 'a key’s primary may move anywhere',
    plant: (p) => {
      p.at('keys/key-pii').KeyPolicy.Statement.push(allow('kms:UpdatePrimaryRegion', '*'));
    },
    out: /^keys keypii\w+ KeyPolicy\.Statement\.\d+: kms:UpdatePrimaryRegion is not bounded/,
  },
  {
    what: 'a table has a replica in Frankfurt',
    plant: (p) => {
      const { Replicas } = p.at('data/payments');
      Replicas.push({ ...structuredClone(Replicas[0]), Region: 'eu-central-1' });
    },
    out: /^data payments\w+ Replicas\.2\.Region: is in eu-central-1/,
  },
  {
    what: 'a table has a replica in a region that a parameter names',
    plant: (p) => {
      p.parameter('data', 'ReplicaRegion', { Type: 'String', Default: 'us-west-2' });
      const { Replicas } = p.at('data/payments');
      Replicas.push({ ...structuredClone(Replicas[0]), Region: { Ref: 'ReplicaRegion' } });
    },
    out: /^data payments\w+ Replicas\.2\.Region: ReplicaRegion is decided at deployment/,
  },
  {
    what: 'another table than the writer’s has a witness in Ohio',
    plant: (p) => {
      p.at('data/payments').GlobalTableWitnesses = [{ Region: 'us-east-2' }];
    },
    out: /^data payments\w+ GlobalTableWitnesses\.0\.Region: is in us-east-2/,
  },
  {
    what: 'a bucket is replicated to one that could be anywhere',
    plant: (p) => {
      bucket(p).ReplicationConfiguration = { Rules: [{ Destination: { Bucket: 'arn:aws:s3:::copies' } }] };
    },
    out: /^relay failedstream\w+ ReplicationConfiguration\.Rules\.0\.Destination\.Bucket: the bucket copies may be anywhere/,
  },
  {
    what: 'a bucket writes its access log elsewhere',
    plant: (p) => {
      bucket(p).LoggingConfiguration = { DestinationBucketName: 'logs-of-everything' };
    },
    out: /^relay failedstream\w+ LoggingConfiguration\.DestinationBucketName: the bucket logs-of-everything/,
  },
  {
    what: 'backups are copied to another zone',
    plant: (p) => {
      p.add('data', 'plan', 'AWS::Backup::BackupPlan', {
        BackupPlan: {
          BackupPlanRule: [
            {
              CopyActions: [
                { DestinationBackupVaultArn: joined('arn:aws:backup:eu-west-1:', accountId, ':backup-vault:x') },
              ],
            },
          ],
        },
      });
    },
    out: /^data plan BackupPlan\.BackupPlanRule\.0\.CopyActions\.0\.DestinationBackupVaultArn: .*eu-west-1/,
  },
  {
    what: 'alarms go to a queue in Tokyo',
    plant: (p) => {
      Object.assign(p.at('watch/mailbox'), { Protocol: 'sqs', Endpoint: inTokyo('sqs', 'alarms') });
    },
    out: /^watch mailbox\w+ Endpoint: .*ap-northeast-1/,
  },
  {
    what: 'alarms go to a function through a region that is named',
    plant: (p) => {
      Object.assign(p.at('watch/mailbox'), { Protocol: 'lambda', Region: 'sa-east-1' });
    },
    out: /^watch mailbox\w+ Region: is in sa-east-1/,
  },
  {
    what: 'alarms go to a server',
    plant: (p) => {
      Object.assign(p.at('watch/mailbox'), { Protocol: 'https', Endpoint: 'https://pager.example.com/x' });
    },
    out: /^watch mailbox\w+ Endpoint: (https|the host pager)/,
  },
  {
    what: 'events go to a bus in another zone',
    plant: (p) => {
      p.add('relay', 'rule', 'AWS::Events::Rule', {
        EventBusName: { Ref: 'bus' },
        Targets: [{ Id: 'x', Arn: joined('arn:aws:events:eu-west-1:', accountId, ':event-bus/x') }],
      });
    },
    out: /^relay rule Targets\.0\.Arn: .*eu-west-1/,
  },
  {
    what: 'a function’s log goes to another region',
    plant: (p) => {
      p.add('functions', 'sent-on', 'AWS::Logs::SubscriptionFilter', {
        LogGroupName: '/strongroom/production/us/money',
        DestinationArn: { 'Fn::Sub': `arn:aws:logs:${tokyo}:\${AWS::AccountId}:destination:x` },
      });
    },
    out: /^functions sent-on DestinationArn: .*ap-northeast-1/,
  },
  {
    what: 'the web ACL’s log goes to another region',
    plant: (p) => {
      p.at('edge/waf-log').LogDestinationConfigs = [inTokyo('logs', 'log-group:aws-waf-logs-x')];
    },
    out: /^edge waflog LogDestinationConfigs\.0: .*ap-northeast-1/,
  },
  {
    what: 'a secret has a replica in another zone',
    plant: (p) => {
      p.at('secrets/secret-peppers').ReplicaRegions = [{ Region: 'eu-west-1' }];
    },
    out: /^secrets secretpeppers\w+ ReplicaRegions\.0\.Region: is in eu-west-1/,
  },
  {
    what: 'a function is told of a queue in Tokyo',
    plant: (p) => {
      p.at('functions/money').Environment.Variables.QUEUE = `https://sqs.${tokyo}.amazonaws.com/1/x`;
    },
    out: /^functions money\w+ Environment\.Variables\.QUEUE: .*ap-northeast-1/,
  },
  {
    what: 'a function is told of a server that could be anywhere',
    plant: (p) => {
      p.at('functions/money').Environment.Variables.SINK = 'https://sink.example.com';
    },
    out: /^functions money\w+ Environment\.Variables\.SINK: the host sink\.example\.com/,
  },
  {
    what: 'a function is told another region by name',
    plant: (p) => {
      p.at('functions/money').Environment.Variables.AWS_REGION = 'AP-Southeast-2';
    },
    out: /^functions money\w+ Environment\.Variables\.AWS_REGION: is in ap-southeast-2/,
  },
  {
    what: 'a function reads something at deployment',
    plant: (p) => {
      p.at('functions/money').Environment.Variables.X = '{{resolve:ssm:/elsewhere}}';
    },
    out: /^functions money\w+ Environment\.Variables\.X: is read at deployment/,
  },
  {
    what: 'a parameter names a table of another zone',
    plant: (p) =>
      p.add('data', 'hint', 'AWS::SSM::Parameter', { Type: 'String', Value: 'strongroom-production-eu-payments' }),
    out: /^data hint Value: strongroom-production-eu is of another zone/,
  },
  {
    what: 'an output is exported',
    plant: (p) => p.output('data', 'Shared', { Value: 'x', Export: { Name: 'payments' } }),
    out: /^data Outputs Shared\.Export.*: an export/,
  },
  {
    what: 'a value is imported',
    plant: (p) => {
      p.at('functions/money').Environment.Variables.X = { 'Fn::ImportValue': 'payments' };
    },
    out: /^functions money\w+ Environment\.Variables\.X: Fn::ImportValue cannot be resolved/,
  },
  {
    what: 'a stack refers to one of another zone',
    plant: (p) => {
      p.at('functions/money').Environment.Variables.X = {
        'Fn::GetStackOutput': { StackName: 'strongroom-production-eu-data', Region: 'eu-west-1', OutputName: 'X' },
      };
    },
    out: /^functions money\w+ Environment\.Variables\.X: an output of strongroom-production-eu-data/,
  },
  {
    what: 'a role may write to Tokyo',
    plant: (p) => {
      p.at('functions/money-role').Policies[0].PolicyDocument.Statement.push(
        allow('dynamodb:PutItem', inTokyo('dynamodb', 'table/x')),
      );
    },
    out: /^functions moneyrole\w+ Policies\.0\.PolicyDocument\.Statement\.\d+\.Resource: .*ap-northeast-1/,
  },
  {
    what: 'a role may write to any region',
    plant: (p) => {
      p.at('functions/money-role').Policies[0].PolicyDocument.Statement.push(
        allow('sqs:SendMessage', joined('arn:aws:sqs:*:', accountId, ':x')),
      );
    },
    out: /^functions moneyrole\w+ .*Resource: .* is in \*/,
  },
  {
    what: 'a role may write to everything',
    plant: (p) => {
      p.at('functions/money-role').Policies[0].PolicyDocument.Statement.push(allow('s3:PutObject', '*'));
    },
    out: /^functions moneyrole\w+ .*Resource: s3:PutObject is allowed in every region/,
  },
  {
    what: 'a queue is open to another account',
    plant: (p) => {
      p.at('relay/deliveries-policy').PolicyDocument.Statement.push(
        allow('sqs:ReceiveMessage', '*', { Principal: { AWS: 'arn:aws:iam::111122223333:root' } }),
      );
    },
    out: /^relay deliveriespolicy PolicyDocument\.Statement\.1\.Principal\.AWS: .*111122223333/,
  },
  {
    what: 'a schedule starts a function in Tokyo',
    plant: (p) => {
      p.at('functions/dispatcher-schedule').Target.Arn = inTokyo('lambda', 'function:x');
    },
    out: /^functions dispatcherschedule\w* Target\.Arn: .*ap-northeast-1/,
  },
  {
    what: 'a health check asks from Singapore',
    plant: (p) =>
      p.add('edge', 'check', 'AWS::Route53::HealthCheck', {
        HealthCheckConfig: { Type: 'HTTPS_STR_MATCH', Regions: ['us-east-1', 'us-west-2', 'ap-southeast-1'] },
      }),
    out: /^edge check HealthCheckConfig\.Regions\.2: is in ap-southeast-1/,
  },
  {
    what: 'metrics are streamed',
    plant: (p) =>
      p.add('watch', 'streamed', 'AWS::CloudWatch::MetricStream', {
        FirehoseArn: inTokyo('firehose', 'deliverystream/x'),
        OutputFormat: 'json',
      }),
    out: /^watch streamed FirehoseArn: .*ap-northeast-1/,
  },
  {
    what: 'a stream stands beside the tables, of a type that nobody has said anything about',
    plant: (p) => p.add('data', 'copies', 'AWS::Kinesis::Stream', { ShardCount: 1 }),
    out: /^data copies Type: nobody has said where AWS::Kinesis::Stream/,
  },
  {
    what: 'a template is put in by CloudFormation',
    plant: (p) =>
      p.add('data', 'nested', 'AWS::CloudFormation::Stack', { TemplateURL: 'https://s3.amazonaws.com/x/y' }),
    out: /^data nested (Type|TemplateURL): /,
  },
  {
    what: 'the dashboard shows another region',
    plant: (p) => {
      const dashboard = p.at('watch/dashboard');
      dashboard.DashboardBody = JSON.stringify({ widgets: [{ properties: { region: tokyo } }] });
    },
    out: /^watch dashboard\w* DashboardBody\.widgets\.0\.properties\.region: is in ap-northeast-1/,
  },
  {
    what: 'a region is chosen by a mapping that is not there',
    plant: (p) => {
      p.at('functions/money').Environment.Variables.X = { 'Fn::FindInMap': ['Regions', 'a', 'b'] };
    },
    out: /^functions money\w+ Environment\.Variables\.X: no text is in the mapping/,
  },
  {
    what: 'one of two regions, by a condition',
    plant: (p) => {
      p.at('functions/money').Environment.Variables.X = { 'Fn::If': ['Abroad', tokyo, 'us-east-1'] };
    },
    out: /^functions money\w+ Environment\.Variables\.X: is in ap-northeast-1/,
  },
  {
    what: 'a template is transformed at deployment',
    plant: (p) => p.section('data', 'Transform', 'AWS::Serverless-2016-10-31'),
    out: /^data Transform : a section that is not known/,
  },
];
