// What AWS takes for a property, of those that CDK passes on unread: one row each, with its source. A value outside is refused in
// the middle of a deployment, which is when it is dearest. What depends on several properties is in accepted_together.ts.

import { type Json, listed, type Rule } from '../rule.ts';

/** A pattern of the whole text, a range with both ends, or the values that there are. */
type Takes = RegExp | { readonly least: number; readonly most: number } | readonly (string | number)[];

interface Row {
  readonly type: string;
  /** Property, by dots; a list on the way stands for each of its entries. */
  readonly at: string;
  readonly takes: Takes;
  /** AWS's page: where to look, known by 2026-12 and not looked up anew for each row (docs/decisions/0039). */
  readonly source: string;
}

const range = (least: number, most: number) => ({ least, most });
const upTo = (characters: number): RegExp => new RegExp(`^[\\s\\S]{0,${characters}}$`);
const of = (type: string, source: string, properties: Readonly<Record<string, Takes>>): Row[] =>
  Object.entries(properties).map(([at, takes]) => ({ type: `AWS::${type}`, at, takes, source }));

const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

export const accepted: readonly Row[] = [
  of('Lambda::Function', 'Lambda API, CreateFunction; Lambda guide, "Lambda quotas"', {
    FunctionName: /^[a-zA-Z0-9-_]{1,64}$/,
    Description: upTo(256),
    MemorySize: range(128, 10_240),
    Timeout: range(1, 900),
    'EphemeralStorage.Size': range(512, 10_240),
    Architectures: ['arm64', 'x86_64'],
  }),
  of('Lambda::EventSourceMapping', 'Lambda API, CreateEventSourceMapping', {
    BatchSize: range(1, 10_000),
    MaximumBatchingWindowInSeconds: range(0, 300),
    MaximumRecordAgeInSeconds: range(60, 604_800),
    MaximumRetryAttempts: range(0, 10_000),
    ParallelizationFactor: range(1, 10),
    'ScalingConfig.MaximumConcurrency': range(2, 1_000),
    'FilterCriteria.Filters.Pattern': upTo(4_096),
  }),
  of('Lambda::Alias', 'Lambda API, CreateAlias', {
    Name: /^(?!\d+$)[a-zA-Z0-9-_]{1,128}$/,
    Description: upTo(256),
  }),
  of('CodeDeploy::Application', 'CodeDeploy API, CreateApplication', { ApplicationName: /^[\s\S]{1,100}$/ }),
  of('CodeDeploy::DeploymentGroup', 'CodeDeploy API, CreateDeploymentGroup, AlarmConfiguration', {
    DeploymentGroupName: /^[\s\S]{1,100}$/,
    'AlarmConfiguration.Alarms.Name': /^[\s\S]{1,255}$/,
  }),
  of('Lambda::EventInvokeConfig', 'Lambda API, PutFunctionEventInvokeConfig', {
    MaximumEventAgeInSeconds: range(60, 21_600),
    MaximumRetryAttempts: range(0, 2),
  }),
  of('IAM::Role', 'IAM API, CreateRole', {
    RoleName: /^[\w+=,.@-]{1,64}$/,
    // Typographic quotes are refused.
    Description: /^[\t\n\r\x20-\x7e\xa1-\xff]{0,1000}$/,
    'Policies.PolicyName': /^[\w+=,.@-]{1,128}$/,
    MaxSessionDuration: range(3_600, 43_200),
  }),
  of('DynamoDB::GlobalTable', 'DynamoDB API, CreateTable and UpdateContinuousBackups', {
    TableName: /^[a-zA-Z0-9_.-]{3,255}$/,
    'GlobalSecondaryIndexes.IndexName': /^[a-zA-Z0-9_.-]{3,255}$/,
    'Replicas.PointInTimeRecoverySpecification.RecoveryPeriodInDays': range(1, 35),
    'TimeToLiveSpecification.AttributeName': /^[\s\S]{1,255}$/,
  }),
  of('SQS::Queue', 'SQS API, CreateQueue', {
    QueueName: /^[A-Za-z0-9_-]{1,80}$/,
    VisibilityTimeout: range(0, 43_200),
    MessageRetentionPeriod: range(60, 1_209_600),
    KmsDataKeyReusePeriodSeconds: range(60, 86_400),
    'RedrivePolicy.maxReceiveCount': range(1, 1_000),
  }),
  of('SNS::Topic', 'SNS API, CreateTopic and SetTopicAttributes', {
    TopicName: /^[A-Za-z0-9_-]{1,256}$/,
    DisplayName: upTo(100),
  }),
  of('Events::EventBus', 'EventBridge API, CreateEventBus', {
    Name: /^(?!aws\.)[.\-_A-Za-z0-9]{1,256}$/,
    Description: upTo(512),
  }),
  of('Events::Rule', 'EventBridge API, PutRule', { Name: /^[.\-_A-Za-z0-9]{1,64}$/, Description: upTo(512) }),
  of('Scheduler::Schedule', 'EventBridge Scheduler API, CreateSchedule; guide, "Schedule types"', {
    Name: /^[0-9a-zA-Z-_.]{1,64}$/,
    Description: upTo(512),
    // One is singular.
    ScheduleExpression: /^rate\((1 (minute|hour|day)|([2-9]|[1-9]\d+) (minutes|hours|days))\)$/,
    'Target.RetryPolicy.MaximumEventAgeInSeconds': range(60, 86_400),
    'Target.RetryPolicy.MaximumRetryAttempts': range(0, 185),
  }),
  of('Backup::BackupVault', 'AWS Backup API, CreateBackupVault and PutBackupVaultLockConfiguration', {
    BackupVaultName: /^[a-zA-Z0-9_-]{2,50}$/,
    'LockConfiguration.ChangeableForDays': range(3, 36_500),
    'LockConfiguration.MinRetentionDays': range(1, 36_500),
    'LockConfiguration.MaxRetentionDays': range(1, 36_500),
  }),
  of('Backup::BackupPlan', 'AWS Backup API, BackupPlanInput and BackupRuleInput', {
    'BackupPlan.BackupPlanName': /^[a-zA-Z0-9_.-]{1,50}$/,
    'BackupPlan.BackupPlanRule.RuleName': /^[a-zA-Z0-9_.-]{1,50}$/,
    'BackupPlan.BackupPlanRule.StartWindowMinutes': range(60, 1_440),
    'BackupPlan.BackupPlanRule.Lifecycle.DeleteAfterDays': range(1, 36_500),
  }),
  of('Backup::BackupSelection', 'AWS Backup API, BackupSelection', {
    'BackupSelection.SelectionName': /^[a-zA-Z0-9_.-]{1,50}$/,
  }),
  of('Backup::RestoreTestingPlan', 'AWS Backup API, RestoreTestingPlanForCreate', {
    RestoreTestingPlanName: /^\w{1,50}$/,
    StartWindowHours: range(1, 168),
    'RecoveryPointSelection.SelectionWindowDays': range(1, 365),
    'RecoveryPointSelection.RecoveryPointTypes': ['CONTINUOUS', 'SNAPSHOT'],
  }),
  of('Backup::RestoreTestingSelection', 'AWS Backup API, RestoreTestingSelectionForCreate', {
    RestoreTestingSelectionName: /^\w{1,50}$/,
    ValidationWindowHours: range(1, 168),
  }),
  of('S3::Bucket', 'S3 guide, "General purpose bucket naming rules"', {
    // In the words of templates `<account>` stands for 12 digits.
    BucketName: /^(?!xn--|sthree-)(?=.{3,60}$)[a-z0-9]([a-z0-9-]*)(<account>|[a-z0-9])$/,
  }),
  of('SecretsManager::Secret', 'Secrets Manager API, CreateSecret', {
    // A hyphen with six characters at the end looks like the suffix that ARNs have.
    Name: /^(?!.*-[A-Za-z0-9]{6}$)[\w/+=.@-]{1,512}$/,
    Description: upTo(2_048),
  }),
  of('SecretsManager::RotationSchedule', 'Secrets Manager API, RotateSecret', {
    'RotationRules.AutomaticallyAfterDays': range(1, 1_000),
  }),
  of('KMS::Key', 'KMS API, CreateKey, EnableKeyRotation and ScheduleKeyDeletion', {
    Description: upTo(8_192),
    PendingWindowInDays: range(7, 30),
    RotationPeriodInDays: range(90, 2_560),
  }),
  of('KMS::Alias', 'KMS API, CreateAlias', { AliasName: /^alias\/(?!aws\/)[a-zA-Z0-9/_-]{1,250}$/ }),
  of('Logs::LogGroup', 'CloudWatch Logs API, CreateLogGroup and PutRetentionPolicy', {
    LogGroupName: /^(?!aws\/)[.\-_/#A-Za-z0-9]{1,512}$/,
    RetentionInDays: retentionDays,
  }),
  of('Logs::MetricFilter', 'CloudWatch Logs API, PutMetricFilter', {
    FilterPattern: upTo(1_024),
    'MetricTransformations.MetricNamespace': /^[^:*$]{1,255}$/,
    'MetricTransformations.MetricName': /^[^:*$]{1,255}$/,
  }),
  of('Logs::ResourcePolicy', 'CloudWatch Logs API, PutResourcePolicy', { PolicyDocument: upTo(5_120) }),
  of('CloudWatch::Alarm', 'CloudWatch API, PutMetricAlarm', {
    AlarmName: /^[\s\S]{1,255}$/,
    AlarmDescription: upTo(1_024),
    'Metrics.Id': /^[a-z][A-Za-z0-9_]{0,254}$/,
    'Metrics.Expression': /^(?![\s\S]*SEARCH\()[\s\S]{1,2048}$/,
    TreatMissingData: ['breaching', 'notBreaching', 'ignore', 'missing'],
  }),
  of('CloudWatch::CompositeAlarm', 'CloudWatch API, PutCompositeAlarm', {
    AlarmName: /^[\s\S]{1,255}$/,
    AlarmDescription: upTo(1_024),
    AlarmRule: /^[\s\S]{1,10240}$/,
  }),
  of('CloudWatch::Dashboard', 'CloudWatch API, PutDashboard', { DashboardName: /^[A-Za-z0-9-_]{1,255}$/ }),
  of('WAFv2::WebACL', 'WAF API, CreateWebACL; WAF guide, "AWS WAF quotas"', {
    Name: /^[\w-]{1,128}$/,
    Description: /^[\w+=:#@/\-,.][\w+=:#@/\-,.\s]{0,254}[\w+=:#@/\-,.]$/,
    'VisibilityConfig.MetricName': /^[\w#:.\-/]{1,255}$/,
    'Rules.Name': /^[\w-]{1,128}$/,
    'Rules.VisibilityConfig.MetricName': /^[\w#:.\-/]{1,255}$/,
    'Rules.Statement.RateBasedStatement.Limit': range(10, 2_000_000_000),
    'Rules.Statement.RateBasedStatement.EvaluationWindowSec': [60, 120, 300, 600],
    'AssociationConfig.RequestBody.API_GATEWAY.DefaultSizeInspectionLimit': ['KB_16', 'KB_32', 'KB_48', 'KB_64'],
  }),
  of('ApiGateway::RestApi', 'API Gateway guide, "Security policies for REST APIs"', {
    SecurityPolicy: ['SecurityPolicy_TLS13_1_3_2025_09', 'SecurityPolicy_TLS13_1_3_FIPS_2025_09'],
    EndpointAccessMode: ['BASIC', 'STRICT'],
    // Edge-optimized APIs have security policies of other names.
    'EndpointConfiguration.Types': ['REGIONAL'],
  }),
  of('ApiGateway::ApiKey', 'API Gateway guide, "API keys and usage plans"', { Value: /^[\s\S]{20,128}$/ }),
  of('ApiGateway::Method', 'API Gateway guide, "Quotas for configuring and running a REST API"', {
    'Integration.TimeoutInMillis': range(50, 29_000),
  }),
  of('ApiGateway::Stage', 'API Gateway API, CreateStage; guide, "Set up CloudWatch logging"', {
    StageName: /^[\w-]{1,128}$/,
    'AccessLogSetting.Format': /^(?=[\s\S]*\$context\.(requestId|extendedRequestId))[\s\S]{1,3072}$/,
  }),
  of('EC2::VPC', 'VPC guide, "VPC CIDR blocks"', { CidrBlock: /\/(1[6-9]|2[0-8])$/ }),
  of('EC2::Subnet', 'VPC guide, "Subnet CIDR blocks"; EC2, "Availability Zone IDs"', {
    CidrBlock: /\/(1[6-9]|2[0-8])$/,
    AvailabilityZoneId: /^[a-z]{3,4}\d-az\d$/,
  }),
  of('EC2::SecurityGroup', 'EC2 API, CreateSecurityGroup', {
    GroupDescription: /^[\w\s.\-:/()#,@[\]+=&;{}!$*]{1,255}$/,
    'SecurityGroupEgress.Description': /^[\w\s.\-:/()#,@[\]+=&;{}!$*]{0,255}$/,
    'SecurityGroupIngress.Description': /^[\w\s.\-:/()#,@[\]+=&;{}!$*]{0,255}$/,
  }),
  ...['EC2::SecurityGroupIngress', 'EC2::SecurityGroupEgress'].map((type) =>
    of(type, 'EC2 API, AuthorizeSecurityGroupIngress', { Description: /^[\w\s.\-:/()#,@[\]+=&;{}!$*]{0,255}$/ }),
  ),
  of('EC2::FlowLog', 'EC2 API, CreateFlowLogs', { MaxAggregationInterval: [60, 600] }),
].flat();

const valuesAt = (p: Json, at: string): Json[] =>
  at
    .split('.')
    .reduce<Json[]>((values, name) => values.flatMap((value) => listed(value?.[name])), [p])
    .filter((value) => value !== undefined);

function isAccepted(value: Json, takes: Takes): boolean {
  if (takes instanceof RegExp) return typeof value === 'string' && takes.test(value);
  if ('least' in takes) return typeof value === 'number' && value >= takes.least && value <= takes.most;
  return takes.includes(value);
}

export const acceptedValues: readonly Rule[] = [
  {
    id: 'Strongroom-AWS1',
    types: [...new Set(accepted.map(({ type }) => type))],
    promises: ['HST-2'],
    statement: 'Names, descriptions and numbers are such as AWS takes (lib/compliance/rules/accepted.ts).',
    check: ({ type, p }) =>
      accepted
        .filter((row) => row.type === type)
        .flatMap(({ at, takes, source }) =>
          valuesAt(p, at)
            .filter((value) => !isAccepted(value, takes))
            .map((value) => `${at} ${JSON.stringify(value)} is refused (${source})`),
        ),
  },
];
