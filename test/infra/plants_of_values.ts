// Weaknesses in what templates set: the edge, environments, copies, limits, periods, and what starts functions.

import type { Json } from '../../lib/evidence/template.ts';
import { joined, type Planting } from './planting.ts';
import { elsewhere, type Plant } from './plants_of_grants.ts';

const accountId = { Ref: 'AWS::AccountId' };
const webAcl = 'edge/web-acl';
const visibility = { CloudWatchMetricsEnabled: false, SampledRequestsEnabled: false, MetricName: 'x' };
const everything = {
  SizeConstraintStatement: {
    FieldToMatch: { UriPath: {} },
    ComparisonOperator: 'GT',
    Size: 0,
    TextTransformations: [{ Priority: 0, Type: 'NONE' }],
  },
};
const rule = (Name: string, Action: Json, Statement: Json): Json => ({
  Name,
  Priority: 1_000,
  Action,
  Statement,
  VisibilityConfig: visibility,
});
const rulesOf = (p: Planting): Json[] => p.at(webAcl).Rules;
const rates = (p: Planting): Json[] =>
  rulesOf(p).flatMap(({ Statement }) =>
    Statement.RateBasedStatement === undefined ? [] : Statement.RateBasedStatement,
  );
const groups = (p: Planting): Json[] =>
  rulesOf(p).filter(({ Statement }) => Statement.ManagedRuleGroupStatement !== undefined);
const common = (p: Planting): Json =>
  groups(p).find(({ Statement }) => Statement.ManagedRuleGroupStatement.Name === 'AWSManagedRulesCommonRuleSet');

const edge: readonly Plant[] = [
  {
    what: 'a web ACL that allows all first',
    plant: (p) => rulesOf(p).unshift(rule('all', { Allow: {} }, everything)),
    says: /web-acl: .*all/,
  },
  {
    what: 'a web ACL that allows a set of addresses first',
    plant: (p) =>
      rulesOf(p).unshift(
        rule(
          'friends',
          { Allow: {} },
          { IPSetReferenceStatement: { Arn: 'arn:aws:wafv2:us-east-1:x:regional/ipset/a/b' } },
        ),
      ),
    says: /web-acl: .*friends/,
  },
  {
    what: 'a rate rule that allows',
    plant: (p) =>
      rulesOf(p).unshift(
        rule(
          'fast',
          { Allow: {} },
          { RateBasedStatement: { AggregateKeyType: 'IP', Limit: 10, EvaluationWindowSec: 60 } },
        ),
      ),
    says: /web-acl: .*fast/,
  },
  {
    what: 'managed rules that only count',
    plant: (p) => {
      for (const each of groups(p)) each.OverrideAction = { Count: {} };
    },
    says: /web-acl: .*counts/,
  },
  {
    what: 'one managed rule that only counts',
    plant: (p) => {
      common(p).Statement.ManagedRuleGroupStatement.RuleActionOverrides.push({
        Name: 'CrossSiteScripting_BODY',
        ActionToUse: { Count: {} },
      });
    },
    says: /web-acl: .*count/,
  },
  {
    what: 'a managed rule that is excluded',
    plant: (p) => {
      common(p).Statement.ManagedRuleGroupStatement.ExcludedRules = [{ Name: 'NoUserAgent_HEADER' }];
    },
    says: /web-acl: .*count/,
  },
  {
    what: 'managed rules for one path alone',
    plant: (p) => {
      common(p).Statement.ManagedRuleGroupStatement.ScopeDownStatement = everything;
    },
    says: /web-acl: .*exempts/,
  },
  {
    what: 'a managed group that is gone',
    plant: (p) => rulesOf(p).splice(rulesOf(p).indexOf(common(p)), 1),
    says: /web-acl: .*CommonRuleSet/,
  },
  {
    what: 'limits of two billion',
    plant: (p) => {
      for (const each of rates(p)) each.Limit = 2_000_000_000;
    },
    says: /web-acl: .*nothing blocks/,
  },
  {
    what: 'one limit of two billion',
    plant: (p) => {
      const [first] = rates(p);
      first.Limit = 2_000_000_000;
    },
    says: /web-acl: /,
  },
  {
    what: 'a bound that leaves out those who name a browser',
    plant: (p) => {
      for (const each of rates(p)) {
        const named = {
          ByteMatchStatement: { FieldToMatch: { SingleHeader: { Name: 'user-agent' } }, SearchString: 'x' },
        };
        each.ScopeDownStatement = { NotStatement: { Statement: named } };
      }
    },
    says: /web-acl: /,
  },
  {
    what: 'samples of requests',
    plant: (p) => {
      p.at(webAcl).VisibilityConfig.SampledRequestsEnabled = true;
    },
    says: /web-acl: samples/,
  },
  {
    what: 'a web ACL that stands before something else',
    plant: (p) => {
      p.at('api/web-acl-association').ResourceArn = joined('arn:aws:cognito-idp:us-east-1:', accountId, ':userpool/x');
    },
    says: /no web ACL is associated/,
  },
  {
    what: 'a web ACL’s log without its redaction',
    plant: (p) => {
      delete p.at('edge/waf-log').RedactedFields;
    },
    says: /waf-log: .*redacted/,
  },
];

const variables = (p: Planting, name = 'functions/money'): Json => p.at(name).Environment.Variables;
const environments: readonly Plant[] = [
  {
    what: 'an API key in the environment',
    plant: (p) => {
      variables(p).PROCESSOR_KEY = `sk_live_${'x'.repeat(24)}`;
    },
    says: /money: PROCESSOR_KEY/,
  },
  {
    what: 'an AWS key in the environment',
    plant: (p) => {
      Object.assign(variables(p), { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'x'.repeat(40) });
    },
    says: /money: AWS_ACCESS_KEY_ID/,
  },
  {
    what: 'a secret in place of a name',
    plant: (p) => {
      variables(p).STRONGROOM_TABLE_PAYMENTS = `sk_live_${'x'.repeat(24)}`;
    },
    says: /money: STRONGROOM_TABLE_PAYMENTS/,
  },
  {
    what: 'a secret that CloudFormation puts there',
    plant: (p) => {
      variables(p).STRONGROOM_SERVICE = '{{resolve:secretsmanager:strongroom-production-us-peppers}}';
    },
    says: /money: STRONGROOM_SERVICE/,
  },
  {
    what: 'another stage’s table',
    plant: (p) => {
      variables(p).STRONGROOM_TABLE_PAYMENTS = 'strongroom-development-us-payments';
    },
    says: /money: STRONGROOM_TABLE_PAYMENTS/,
  },
  {
    what: 'code that runs before the function’s own',
    plant: (p) => {
      variables(p).NODE_OPTIONS = '--import /tmp/x.mjs';
    },
    says: /money: NODE_OPTIONS/,
  },
  {
    what: 'bodies in the log',
    plant: (p) => {
      const [name] = Object.entries(variables(p)).find(([, value]) => value === 'INFO') ?? [''];
      variables(p)[name] = 'TRACE';
    },
    says: /money: \S*LOG_LEVEL/,
  },
  {
    what: 'a base URL that is decided at deployment',
    plant: (p) => {
      const [name] = Object.entries(variables(p)).find(
        ([, value]) => JSON.stringify(value) === '{"Ref":"BaseUrls"}',
      ) ?? [''];
      variables(p)[name] = 'https://example.com';
    },
    says: /money: \S*BASE_URLS/,
  },
  {
    what: 'an environment under AWS’s own key',
    plant: (p) => {
      delete p.at('functions/money').KmsKeyArn;
    },
    says: /money: .*data key/,
  },
  {
    what: 'code of a layer',
    plant: (p) => {
      p.at('functions/money').Layers = [`arn:aws:lambda:us-east-1:${elsewhere}:layer:x:1`];
    },
    says: /money: .*layer/,
  },
  {
    what: 'a function that writes to a file system',
    plant: (p) => {
      p.at('functions/money').FileSystemConfigs = [{ Arn: 'x', LocalMountPath: '/mnt/x' }];
    },
    says: /money: .*FileSystemConfigs/,
  },
  {
    what: 'a function whose failures go to a stranger’s queue',
    plant: (p) => {
      p.at('functions/money').DeadLetterConfig = { TargetArn: `arn:aws:sqs:us-east-1:${elsewhere}:x` };
    },
    says: /money: /,
  },
  {
    what: 'a function without a network',
    plant: (p) => {
      delete p.at('functions/money').VpcConfig;
    },
    says: /money: .*subnets/,
  },
];

const replica = (p: Planting, name: string): Json => p.at(name).Replicas[0];
const copies: readonly Plant[] = [
  {
    what: 'a table’s changes copied to a foreign stream',
    plant: (p) => {
      replica(p, 'data/payments').KinesisStreamSpecification = {
        StreamArn: `arn:aws:kinesis:us-east-1:${elsewhere}:stream/x`,
      };
    },
    says: /data\/payments: .*stream/,
  },
  {
    what: 'a stream of its own',
    plant: (p) =>
      p.add('data', 'copies', 'AWS::Kinesis::Stream', {
        ShardCount: 1,
        StreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' },
      }),
    says: /data\/copies/,
  },
  {
    what: 'a delivery stream',
    plant: (p) =>
      p.add('data', 'copies', 'AWS::KinesisFirehose::DeliveryStream', {
        ExtendedS3DestinationConfiguration: { BucketARN: 'arn:aws:s3:::elsewhere' },
      }),
    says: /data\/copies/,
  },
  {
    what: 'a pipe from a table’s stream',
    plant: (p) =>
      p.add('relay', 'pipe', 'AWS::Pipes::Pipe', {
        Source: 'arn:aws:dynamodb:us-east-1:000000000000:table/x/stream/y',
        Target: `arn:aws:sqs:us-east-1:${elsewhere}:x`,
      }),
    says: /relay\/pipe/,
  },
  {
    what: 'a rule that sends the bus’s events elsewhere',
    plant: (p) =>
      p.add('relay', 'rule', 'AWS::Events::Rule', {
        EventBusName: 'strongroom-production-us',
        EventPattern: { source: ['strongroom'] },
        Targets: [{ Id: 'x', Arn: `arn:aws:events:us-east-1:${elsewhere}:event-bus/x` }],
      }),
    says: /relay\/rule/,
  },
  {
    what: 'a log that is sent on',
    plant: (p) =>
      p.add('functions', 'sent-on', 'AWS::Logs::SubscriptionFilter', {
        LogGroupName: '/strongroom/production/us/money',
        FilterPattern: '',
        DestinationArn: `arn:aws:logs:us-east-1:${elsewhere}:destination:x`,
      }),
    says: /functions\/sent-on/,
  },
  {
    what: 'a bucket that is replicated',
    plant: (p) => {
      p.at('relay/failed-stream-records', 'AWS::S3::Bucket').ReplicationConfiguration = {
        Role: 'x',
        Rules: [{ Status: 'Enabled', Destination: { Bucket: 'arn:aws:s3:::elsewhere', Account: elsewhere } }],
      };
    },
    says: /failed-stream-records: .*copied/,
  },
  {
    what: 'a third reader of a stream',
    plant: (p) => {
      const mapping = p.at('functions/relay-from-tenants');
      for (const id of ['one', 'two']) p.add('functions', id, 'AWS::Lambda::EventSourceMapping', mapping);
    },
    says: /readers/,
  },
  {
    what: 'a mapping without its filter',
    plant: (p) => {
      p.at('functions/relay-from-webhooks').FilterCriteria = {
        Filters: [{ Pattern: '{"dynamodb":{"NewImage":{"tenant":{"S":["x"]}}}}' }],
      };
    },
    says: /relay-from-webhooks: /,
  },
  {
    what: 'a custom resource',
    plant: (p) =>
      p.add('data', 'custom', 'Custom::Anything', { ServiceToken: `arn:aws:lambda:us-east-1:${elsewhere}:function:x` }),
    says: /data\/custom/,
  },
];

const limits: readonly Plant[] = [
  {
    what: 'a key that rotates every seven years',
    plant: (p) => {
      p.at('keys/key-pii').RotationPeriodInDays = 2_560;
    },
    says: /key-pii: .*2560/,
  },
  {
    what: 'a key that is gone after a week',
    plant: (p) => {
      p.at('keys/key-pii').PendingWindowInDays = 7;
    },
    says: /key-pii: .*7 days/,
  },
  {
    what: 'a key that nobody declared',
    plant: (p) => p.add('keys', 'extra', 'AWS::KMS::Key', structuredClone(p.at('keys/key-pii'))),
    says: /keys\/extra: /,
  },
  {
    what: 'secrets that are drawn again',
    plant: (p) => {
      p.at('secrets/secret-peppers').GenerateSecretString.PasswordLength = 64;
    },
    says: /secret-peppers: .*overwrite/,
  },
  {
    what: 'a secret in the template',
    plant: (p) => {
      const secret = p.at('secrets/secret-peppers');
      delete secret.GenerateSecretString;
      secret.SecretString = '{"current":"1"}';
    },
    says: /secret-peppers: .*holds the secret/,
  },
  {
    what: 'a secret that is not rotated',
    plant: (p) => {
      p.at('functions/rotator-schedule-peppers').RotationRules.AutomaticallyAfterDays = 1_000;
    },
    says: /rotator-schedule-peppers: .*1000/,
  },
  {
    what: 'a stranger’s mailbox',
    plant: (p) => {
      p.at('watch/mailbox').Endpoint = 'me@example.com';
    },
    says: /mailbox: .*me@example.com/,
  },
  {
    what: 'failed records that stay ten years',
    plant: (p) => {
      p.at('relay/failed-stream-records', 'AWS::S3::Bucket').LifecycleConfiguration.Rules[0].ExpirationInDays = 3_650;
    },
    says: /failed-stream-records: .*expire/,
  },
  {
    what: 'an API that takes 100,000 requests a second',
    plant: (p) => {
      p.at('api/api/DeploymentStage.api').MethodSettings[0].ThrottlingRateLimit = 100_000;
    },
    says: /100000/,
  },
  {
    what: 'insights on all tables',
    plant: (p) => {
      replica(p, 'data/tenants').ContributorInsightsSpecification = { Enabled: true };
    },
    says: /data\/tenants: .*insights/,
  },
  {
    what: 'a usage plan without a bound',
    plant: (p) => {
      p.at('api/usage-plan-live-money').Throttle.RateLimit = 1_000_000;
    },
    says: /usage-plan-live-money: .*1000000/,
  },
  {
    what: 'a table without recovery',
    plant: (p) => {
      replica(p, 'data/payments').PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled = false;
    },
    says: /data\/payments: .*recovery/,
  },
  {
    what: 'a table that is deleted with its stack',
    plant: (p) => {
      p.resource('data/payments').DeletionPolicy = 'Delete';
    },
    says: /data\/payments: .*deleted/,
  },
  {
    what: 'a table that one call deletes',
    plant: (p) => {
      replica(p, 'data/payments').DeletionProtectionEnabled = false;
    },
    says: /data\/payments: .*protection/,
  },
  {
    what: 'a table that nobody declared',
    plant: (p) =>
      p.add('data', 'extra', 'AWS::DynamoDB::GlobalTable', {
        ...structuredClone(p.at('data/payments')),
        TableName: 'strongroom-production-us-copies',
      }),
    says: /data\/extra: /,
  },
  {
    what: 'rows that expire by another attribute',
    plant: (p) => {
      p.at('data/audit').TimeToLiveSpecification.AttributeName = 'at';
    },
    says: /data\/audit: .*expire/,
  },
  {
    what: 'a log of one day',
    plant: (p) => {
      p.at('functions/money-logs').RetentionInDays = 1;
    },
    says: /money-logs: .*1 days/,
  },
  {
    what: 'a queue that drops what fails',
    plant: (p) => {
      delete p.at('relay/deliveries').RedrivePolicy;
    },
    says: /relay\/deliveries: /,
  },
  {
    what: 'an authorizer that remembers its answers',
    plant: (p) => {
      p.at('api/api-authorizer').AuthorizerResultTtlInSeconds = 3_600;
    },
    says: /api-authorizer: .*cached/,
  },
  {
    what: 'an authorizer that hears another header',
    plant: (p) => {
      p.at('api/api-authorizer').IdentitySource = 'method.request.header.X-Debug';
    },
    says: /api-authorizer: .*X-Debug/,
  },
  {
    what: 'a route without the authorizer',
    plant: (p) => {
      Object.assign(p.at('api/api/Default/v1/payments/POST'), { AuthorizationType: 'NONE', AuthorizerId: undefined });
    },
    says: /no authorizer/,
  },
  {
    what: 'a function with all instances of the account',
    plant: (p) => {
      p.at('functions/money').ReservedConcurrentExecutions = 900;
    },
    says: /functions\/money: .*900/,
  },
  {
    what: 'a security group that is open',
    plant: (p) => {
      p.at('network/aws-group').SecurityGroupIngress = [
        { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '0.0.0.0/0' },
      ];
    },
    says: /aws-group .*lets in/,
  },
  {
    what: 'a network that is joined to another',
    plant: (p) =>
      p.add('network', 'peering', 'AWS::EC2::VPCPeeringConnection', { PeerVpcId: 'vpc-1', PeerOwnerId: elsewhere }),
    says: /network\/peering/,
  },
  {
    what: 'an alarm that is silent',
    plant: (p) => {
      p.at('watch/gateway-failing').ActionsEnabled = false;
      p.at('watch/gateway-failing').AlarmActions = [];
    },
    says: /gateway-failing: .*nobody/,
  },
];

export const plantsOfValues: readonly Plant[] = [...edge, ...environments, ...copies, ...limits];
