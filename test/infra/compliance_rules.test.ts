// Our own rules, one by one: what a template leaves out is never taken for kept, and every rule can fail.

import { describe, expect, test } from 'vitest';
import { type FunctionName, type FunctionRow, functions } from '../../contract/capabilities.ts';
import { type EventFilter, newlyReceived, withFact } from '../../contract/kernel/function.ts';
import { ingress } from '../../contract/processor_events/ingress.ts';
import { isWildcard } from '../../lib/compliance/policies.ts';
import type { Rule, RuleContext } from '../../lib/compliance/rule.ts';
import { acceptedValues } from '../../lib/compliance/rules/accepted.ts';
import { acceptedSizes } from '../../lib/compliance/rules/accepted_sizes.ts';
import { principals } from '../../lib/compliance/rules/principals.ts';
import { profile } from '../../lib/compliance/rules/profile.ts';
import { rules } from '../../lib/compliance/strongroom_pack.ts';
import { wildcardReason, wildcards } from '../../lib/compliance/wildcards.ts';
import { functionPath } from '../../lib/derive/function_stack.ts';
import { ingressMethod, ingressPathShape } from '../../lib/derive/ingress.ts';
import { homeOf, secondOf } from '../../lib/derive/names.ts';
import { readAssembly } from '../../lib/evidence/assembly.ts';
import type { Json, Resource } from '../../lib/evidence/template.ts';
import { referenceConfig } from '../../lib/reference_config.ts';
import { cdkOut, only } from './templates.ts';

const production = referenceConfig.stages.production;
if (production === undefined) throw new Error('production is missing');
const deployment = homeOf('production', production, 'us');
const empty: RuleContext = {
  id: 'production-us',
  region: 'us-east-1',
  account: undefined,
  stacks: new Map(),
  otherRegion: undefined,
  resources: [],
  deployment,
  locked: true,
  mailbox: referenceConfig.contacts.operations,
};

const silent = (type: string): Resource => ({
  type,
  logicalId: 'x',
  name: 'x/x',
  path: 'production-us/x/x',
  templateFile: '',
  p: {},
  deletionPolicy: undefined,
  updatePolicy: undefined,
  outlives: false,
});

const fails = (rule: Rule, resource: Resource): boolean => {
  try {
    return rule.check(resource, empty).length > 0;
  } catch {
    return true;
  }
};

/** Where saying nothing grants nothing. */
const innocent = new Set([
  ...[...principals, ...profile, ...acceptedValues, ...acceptedSizes].flatMap(({ id, types }) =>
    types.map((type) => `${id} ${type}`),
  ),
  'Strongroom-AWS5 AWS::Lambda::EventSourceMapping',
  'Strongroom-AWS11 AWS::WAFv2::WebACL',
  'Strongroom-AWS12 AWS::ApiGateway::RestApi',
  'Strongroom-AWS13 AWS::ApiGateway::Stage',
  'Strongroom-DDB6 AWS::DynamoDB::GlobalTable',
  'Strongroom-IAM1 AWS::IAM::Role',
  'Strongroom-IAM2 AWS::IAM::Role',
  'Strongroom-IAM4 AWS::IAM::Role',
  'Strongroom-IAM5 AWS::IAM::Role',
  'Strongroom-IAM1 AWS::IAM::Policy',
  'Strongroom-IAM2 AWS::IAM::Policy',
  'Strongroom-IAM1 AWS::IAM::ManagedPolicy',
  'Strongroom-IAM2 AWS::IAM::ManagedPolicy',
  'Strongroom-LAM7 AWS::Lambda::Function',
  'Strongroom-SG1 AWS::EC2::SecurityGroup',
  // Every other function is told by its own rules.
  'Strongroom-STR2 AWS::Lambda::Function',
  'Strongroom-WATCH5 AWS::CloudWatch::Dashboard',
]);

const zone: RuleContext = {
  ...only(readAssembly(cdkOut).filter(({ id }) => id === 'production-us')),
  deployment,
  locked: true,
  mailbox: referenceConfig.contacts.operations,
};

const second: RuleContext = {
  ...zone,
  ...only(readAssembly(cdkOut).filter(({ id }) => id === 'production-us/second')),
  deployment: secondOf(deployment) ?? deployment,
};

/** A managed group that stops before whatever a path holds. */
const leavingOut =
  (RegexString: string) =>
  (rule: Json): Json => {
    const group = rule.Statement.ManagedRuleGroupStatement;
    if (group === undefined) return rule;
    const RegexMatchStatement = {
      FieldToMatch: { UriPath: {} },
      RegexString,
      TextTransformations: [{ Priority: 0, Type: 'NONE' }],
    };
    const ScopeDownStatement = { NotStatement: { Statement: { RegexMatchStatement } } };
    return { ...rule, Statement: { ManagedRuleGroupStatement: { ...group, ScopeDownStatement } } };
  };
/** What has the property has another value of it. */
const changed =
  (property: string, value: Json) =>
  (rule: Json): Json =>
    rule[property] === undefined ? rule : { ...rule, [property]: value };
const bounded =
  (change: Json) =>
  (rule: Json): Json => {
    const rate = rule.Statement.RateBasedStatement;
    return rate === undefined ? rule : { ...rule, Statement: { RateBasedStatement: { ...rate, ...change } } };
  };
const countingAll =
  (name: string) =>
  (rule: Json): Json => {
    const group = rule.Statement.ManagedRuleGroupStatement;
    const RuleActionOverrides = [{ Name: 'NoUserAgent_HEADER', ActionToUse: { Count: {} } }];
    return rule.Name === name
      ? { ...rule, Statement: { ManagedRuleGroupStatement: { ...group, RuleActionOverrides } } }
      : rule;
  };
const allowAll: Json = {
  Name: 'all',
  Priority: 0,
  Action: { Allow: {} },
  Statement: { SizeConstraintStatement: { FieldToMatch: { UriPath: {} }, ComparisonOperator: 'GT', Size: 0 } },
  VisibilityConfig: { SampledRequestsEnabled: false },
};
const daily =
  (change: object) =>
  ({ BackupPlan }: Json): object => ({
    BackupPlan: {
      ...BackupPlan,
      BackupPlanRule: BackupPlan.BackupPlanRule.map((each: Json) => ({ ...each, ...change })),
    },
  });
const selecting =
  (change: (tables: readonly string[]) => readonly string[]) =>
  ({ BackupSelection }: Json): object => ({
    BackupSelection: { ...BackupSelection, Resources: change(BackupSelection.Resources) },
  });
const filter = (pattern: object): object => ({ FilterCriteria: { Filters: [{ Pattern: JSON.stringify(pattern) }] } });

const rows = Object.entries(functions) as [FunctionName, FunctionRow][];
/** Path of the construct of a function of this kind. */
const some = (kind: (row: FunctionRow) => boolean): string => {
  const found = rows.find(([, row]) => kind(row));
  if (found === undefined) throw new Error('no function is of this kind');
  return functionPath(found[0]);
};
/** Path of the construct that hands a function the records of a table, by the filter that the function's row names. */
const stream = (eventFilter: EventFilter | undefined, kind: (row: FunctionRow) => boolean = () => true): string => {
  const found = rows.flatMap(([name, row]) => {
    if (row.trigger.kind !== 'streams' || !kind(row)) return [];
    const { tables, eventFilters } = row.trigger;
    return tables
      .filter((table) => JSON.stringify(eventFilters?.[table]) === JSON.stringify(eventFilter))
      .map((table) => `${functionPath(name)}-from-${table}`);
  });
  const [first] = found;
  if (first === undefined) throw new Error('no stream is of this kind');
  return first;
};
const isolated = some(
  ({ trigger, network, tables }) => trigger.kind === 'api' && network === 'isolated' && tables.length > 0,
);
const egress = some(({ trigger, network }) => trigger.kind === 'api' && network === 'egress');
const scheduled = some(({ trigger }) => trigger.kind === 'schedule');
const rotation = `${some(({ trigger }) => trigger.kind === 'rotation')}-schedule-peppers`;
const queued = `${some(({ trigger }) => trigger.kind === 'queue')}-from-deliveries`;
const permitted = `api/${isolated.replace(/^\w+\//, '')}-called-by-api`;

/** Rule, construct, and the properties that a change would leave there. */
type Fault = readonly [rule: string, name: string, change: (p: Json) => object];

const replicating =
  (StringEquals: Json) =>
  ({ KeyPolicy }: Json): Json => ({
    KeyPolicy: {
      Statement: KeyPolicy.Statement.map((each: Json) =>
        each.Action === 'kms:ReplicateKey' ? { ...each, Condition: { StringEquals } } : each,
      ),
    },
  });

/** In the second region. */
const faultsThere: readonly Fault[] = [
  ['KMS4', 'keys/key-data', () => ({ PrimaryKeyArn: 'us-east-1/keys/key-tenant.Arn' })],
  ['KMS4', 'keys/key-data', () => ({ Enabled: false })],
  ['KMS4', 'keys/key-data', () => ({ PendingWindowInDays: 7 })],
  [
    'KMS2',
    'keys/key-pii',
    () => ({ KeyPolicy: { Statement: [{ Effect: 'Allow', Principal: { AWS: 'root' }, Action: 'kms:Decrypt' }] } }),
  ],
  ['KMS5', 'keys/key-data', replicating({ 'kms:ReplicaRegion': 'eu-west-1' })],
  ['STR1', 'data/stream-payments', () => ({ TableName: 'strongroom-production-us-vault' })],
  ['STR1', 'data/stream-payments', () => ({ ServiceToken: `${isolated}.Arn` })],
  ['STR1', 'data/stream-payments', () => ({ ServiceTimeout: undefined })],
  ['STR2', 'data/stream-finder', () => ({ Code: { ZipFile: 'exports.handler = async () => {};' } })],
  ['STR2', 'data/stream-finder', () => ({ Environment: { Variables: { PATH: '/tmp' } } })],
  ['STR2', 'data/stream-finder', () => ({ Role: `${isolated}-role.Arn` })],
  ['LAM1', isolated, () => ({ VpcConfig: undefined })],
  [
    'LAM3',
    isolated,
    ({ Environment }) => ({
      Environment: {
        Variables: { ...Environment.Variables, STRONGROOM_TABLE_PAYMENTS: 'strongroom-production-eu-payments' },
      },
    }),
  ],
];

const faults: readonly Fault[] = [
  [
    'DDB1',
    'data/audit',
    ({ Replicas: [r] }) => ({
      Replicas: [
        { ...r, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 1 } },
      ],
    }),
  ],
  [
    'DDB2',
    'data/audit',
    ({ Replicas: [r] }) => ({ Replicas: [{ ...r, SSESpecification: { KMSMasterKeyId: 'keys/key-tenant.Arn' } }] }),
  ],
  ['DDB3', 'data/audit', ({ Replicas: [r] }) => ({ Replicas: [{ ...r, DeletionProtectionEnabled: false }] })],
  ['DDB4', 'data/events', () => ({ StreamSpecification: { StreamViewType: 'KEYS_ONLY' } })],
  ['DDB5', 'data/audit', ({ Replicas }) => ({ Replicas: [...Replicas, { Region: 'eu-west-1' }] })],
  ['DDB5', 'data/audit', ({ Replicas }) => ({ Replicas: [Replicas[0]] })],
  [
    'DDB2',
    'data/audit',
    ({ Replicas }) => ({
      Replicas: Replicas.map((each: Json) => ({ ...each, SSESpecification: { KMSMasterKeyId: 'keys/key-data.Arn' } })),
    }),
  ],
  ['KMS5', 'keys/key-data', replicating({ 'kms:ReplicaRegion': 'us-east-2' })],
  ['KMS5', 'keys/key-data', replicating({ 'kms:ReplicaRegion': ['us-west-2', 'eu-west-1'] })],
  ['KMS5', 'keys/key-data', replicating({})],
  ['SEC1', 'secrets/secret-peppers', () => ({ ReplicaRegions: undefined })],
  ['SEC1', 'secrets/secret-peppers', () => ({ ReplicaRegions: [{ Region: 'us-west-2' }] })],
  [
    'SEC1',
    'secrets/secret-peppers',
    ({ ReplicaRegions }) => ({ ReplicaRegions: [...ReplicaRegions, { ...ReplicaRegions[0], Region: 'eu-west-1' }] }),
  ],
  ['KMS1', 'keys/key-data', () => ({ RotationPeriodInDays: 366 })],
  [
    'KMS2',
    'keys/key-tenant',
    () => ({
      KeyPolicy: { Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'kms:Decrypt', Condition: {} }] },
    }),
  ],
  [
    'KMS2',
    'keys/key-tenant',
    () => ({ KeyPolicy: { Statement: [{ Effect: 'Allow', Principal: { AWS: 'root' }, Action: 'kms:Decrypt' }] } }),
  ],
  ['SEC1', 'secrets/secret-peppers', () => ({ SecretString: 'x' })],
  // Any edit draws the secret again, one that looks like an improvement too.
  ...['peppers', 'digests'].flatMap((name): Fault[] =>
    [{ PasswordLength: 64 }, { IncludeSpace: false }, { ExcludePunctuation: false }, { GenerateStringKey: '2' }].map(
      (edit) => [
        'SEC1',
        `secrets/secret-${name}`,
        ({ GenerateSecretString }) => ({ GenerateSecretString: { ...GenerateSecretString, ...edit } }),
      ],
    ),
  ),
  [
    'SEC1',
    'secrets/secret-peppers',
    ({ GenerateSecretString }) => ({
      GenerateSecretString: { ...GenerateSecretString, SecretStringTemplate: '{"current":"1","for":"peppers"}' },
    }),
  ],
  ['SEC1', 'secrets/secret-peppers', () => ({ GenerateSecretString: undefined })],
  ['SEC2', rotation, () => ({ RotationRules: { AutomaticallyAfterDays: 91 } })],
  ['SEC2', rotation, () => ({ RotationRules: {} })],
  ['SEC2', rotation, () => ({ RotationLambdaARN: `${egress}.Arn` })],
  ['SEC2', rotation, () => ({ SecretId: 'keys/key-secrets' })],
  ['SEC3', 'secrets/secret-peppers', () => ({ Name: 'another' })],
  [
    'IAM3',
    `${isolated}-role`,
    () => ({ AssumeRolePolicyDocument: { Statement: [{ Action: 'sts:AssumeRole', Principal: { AWS: '1' } }] } }),
  ],
  ['IAM4', `${isolated}-role`, () => ({ ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] })],
  [
    'IAM5',
    `${isolated}-role`,
    ({ Policies: [{ PolicyDocument }] }) => ({
      Policies: [
        { PolicyDocument: { Statement: PolicyDocument.Statement.filter((each: Json) => each.Effect !== 'Deny') } },
      ],
    }),
  ],
  [
    'LAM1',
    egress,
    ({ VpcConfig }) => ({
      VpcConfig: { ...VpcConfig, SubnetIds: ['network/vpc/publicSubnet1/Subnet', 'network/vpc/publicSubnet2/Subnet'] },
    }),
  ],
  [
    'LAM1',
    isolated,
    ({ VpcConfig }) => ({ VpcConfig: { ...VpcConfig, SecurityGroupIds: ['network/outside-group.GroupId'] } }),
  ],
  ['LAM2', egress, () => ({ ReservedConcurrentExecutions: 1 })],
  ['LAM5', isolated, () => ({ Role: `${egress}-role.Arn` })],
  ['CALL1', permitted, () => ({ Principal: '*' })],
  ['CALL1', permitted, ({ FunctionName }) => ({ FunctionName: `${FunctionName}-of-another` })],
  ['CALL2', stream(undefined), () => ({ MaximumRetryAttempts: -1 })],
  ['CALL2', queued, () => ({ EventSourceArn: 'data/webhooks.StreamArn' })],
  ['CALL5', queued, () => ({ ScalingConfig: undefined })],
  ['CALL5', queued, () => ({ FunctionResponseTypes: undefined })],
  ['CALL5', queued, ({ EventSourceArn }) => ({ EventSourceArn: `${EventSourceArn}-dead-letters` })],
  ['CALL5', stream(undefined), () => ({ EventSourceArn: 'data/audit.StreamArn' })],
  ['CALL5', stream(withFact), () => ({ FunctionName: egress })],
  ['CALL5', stream(withFact), () => filter({ dynamodb: { NewImage: { mode: { S: ['live'] } } } })],
  [
    'CALL5',
    stream(newlyReceived),
    () => filter({ dynamodb: { NewImage: { status: { S: ['received'] } } }, eventName: [] }),
  ],
  // Nothing that has just come carries a fact.
  ['CALL5', stream(newlyReceived), () => filter(withFact)],
  ['CALL5', stream(undefined, (row) => row.makesUsageKeys === true), () => ({ FilterCriteria: { Filters: [{}] } })],
  ['CALL3', `${scheduled}-schedule`, () => ({ State: 'DISABLED' })],
  ['API1', 'api/api', () => ({ SecurityPolicy: 'TLS_1_2' })],
  ['API2', 'api/api/Default/docs/GET', () => ({ AuthorizationType: 'CUSTOM' })],
  ['API2', 'api/api/Default/v1/keys/GET', () => ({ ApiKeyRequired: false })],
  ['API2', `api/api/Default/${ingressMethod.slice(1)}`, () => ({ AuthorizationType: 'CUSTOM' })],
  [
    'API2',
    `api/api/Default/${ingressMethod.slice(1)}`,
    ({ Integration }) => ({
      Integration: {
        ...Integration,
        Uri: Integration.Uri.replace(`-${ingress.function}:`, `-${egress.replace(/^\w+\//, '')}:`),
      },
    }),
  ],
  ['ING1', 'api/api/DeploymentStage.api', ({ MethodSettings: [first] }) => ({ MethodSettings: [first] })],
  [
    'ING1',
    'api/api/DeploymentStage.api',
    ({ MethodSettings: [all, own] }) => ({
      MethodSettings: [all, { ...own, ThrottlingRateLimit: all.ThrottlingRateLimit }],
    }),
  ],
  ['ING2', 'api/api', () => ({ BinaryMediaTypes: ['application/octet-stream'] })],
  ['API3', 'api/api-authorizer', () => ({ AuthorizerResultTtlInSeconds: 1 })],
  [
    'API4',
    'api/api/DeploymentStage.api',
    ({ AccessLogSetting }) => ({ AccessLogSetting: { ...AccessLogSetting, Format: '{"path":"$context.path"}' } }),
  ],
  ['WAF1', 'edge/web-acl', ({ Rules }) => ({ Rules: Rules.map(leavingOut('/')) })],
  ['WAF1', 'edge/web-acl', ({ Rules }) => ({ Rules: Rules.map(leavingOut(ingressPathShape)) })],
  ['WAF1', 'edge/web-acl', ({ Rules }) => ({ Rules: Rules.map(changed('OverrideAction', { Count: {} })) })],
  ['WAF1', 'edge/web-acl', ({ Rules }) => ({ Rules: Rules.map(changed('Action', { Count: {} })) })],
  ['WAF1', 'edge/web-acl', ({ Rules }) => ({ Rules: [allowAll, ...Rules] })],
  ['WAF1', 'edge/web-acl', ({ Rules }) => ({ Rules: Rules.slice(1) })],
  ['WAF1', 'edge/web-acl', ({ Rules }) => ({ Rules: Rules.map(bounded({ Limit: 2_000_000_000 })) })],
  ['WAF1', 'edge/web-acl', ({ Rules }) => ({ Rules: Rules.map(bounded({ EvaluationWindowSec: 600 })) })],
  ['WAF1', 'edge/web-acl', ({ Rules }) => ({ Rules: Rules.map(countingAll('AWSManagedRulesCommonRuleSet')) })],
  ['WAF1', 'edge/web-acl', ({ Rules }) => ({ Rules: Rules.map(countingAll('AWSManagedRulesKnownBadInputsRuleSet')) })],
  ['WAF2', 'edge/waf-log', ({ RedactedFields }) => ({ RedactedFields: RedactedFields.slice(1) })],
  ['NET1', 'network/vpc/egressSubnet1/DefaultRoute', () => ({ NatGatewayId: undefined, GatewayId: 'network/vpc/IGW' })],
  [
    'NET7',
    'network/kms-endpoint',
    ({
      PolicyDocument: {
        Statement: [s],
      },
    }) => ({ PolicyDocument: { Statement: [{ ...s, Action: 'kms:*' }] } }),
  ],
  [
    'SG1',
    'network/outside-group',
    () => ({ SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '10.0.0.0/8' }] }),
  ],
  [
    'SG2',
    'network/aws-group',
    ({ SecurityGroupEgress }) => ({
      SecurityGroupEgress: [
        ...SecurityGroupEgress,
        { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '0.0.0.0/0' },
      ],
    }),
  ],
  ['LOG1', 'api/access-logs', () => ({ RetentionInDays: 90 })],
  ['LOG1', 'functions/relay-logs', () => ({ RetentionInDays: 180 })],
  ['S31', 'relay/failed-stream-records', () => ({ PublicAccessBlockConfiguration: { BlockPublicAcls: true } })],
  ['BUS1', 'relay/bus', () => ({ Policy: {} })],
  ['SQS1', 'relay/deliveries', () => ({ KmsMasterKeyId: 'alias/aws/sqs' })],
  ['SQS1', 'relay/deliveries', () => ({ KmsDataKeyReusePeriodSeconds: 86_400 })],
  ['SQS1', 'relay/deliveries-dead-letters', () => ({ QueueName: 'strongroom-production-us-others' })],
  ['SQS2', 'relay/deliveries', () => ({ RedrivePolicy: undefined })],
  ['SQS2', 'relay/deliveries', ({ RedrivePolicy }) => ({ RedrivePolicy: { ...RedrivePolicy, maxReceiveCount: 1 } })],
  ['SQS2', 'relay/deliveries', () => ({ MessageRetentionPeriod: 60 })],
  ['SQS2', 'relay/deliveries-dead-letters', () => ({ MessageRetentionPeriod: 86_400 })],
  ['SQS2', 'relay/deliveries-dead-letters', () => ({ RedriveAllowPolicy: { redrivePermission: 'allowAll' } })],
  [
    'SQS3',
    'relay/deliveries-policy',
    ({ PolicyDocument: { Statement } }) => ({
      PolicyDocument: {
        Statement: [...Statement, { Sid: 'Open', Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage' }],
      },
    }),
  ],
  ['SQS3', 'relay/deliveries-policy', () => ({ Queues: [] })],
  ['BAK1', 'recovery/vault', () => ({ LockConfiguration: undefined })],
  [
    'BAK1',
    'recovery/vault',
    ({ LockConfiguration: lock }) => ({ LockConfiguration: { ...lock, MaxRetentionDays: 365 } }),
  ],
  ['BAK1', 'recovery/vault', () => ({ EncryptionKeyArn: undefined })],
  ['BAK2', 'recovery/plan', daily({ ScheduleExpression: 'cron(0 5 ? * 1 *)' })],
  ['BAK2', 'recovery/plan', daily({ Lifecycle: { DeleteAfterDays: 36_500 } })],
  [
    'BAK2',
    'recovery/plan',
    daily({
      CopyActions: [
        {
          DestinationBackupVaultArn: 'arn:aws:backup:eu-west-1:<account>:backup-vault:strongroom-production-us',
          Lifecycle: { DeleteAfterDays: 35 },
        },
      ],
    }),
  ],
  ['BAK3', 'recovery/selection', selecting((tables) => tables.slice(1))],
  // Keys of erased persons would stay in it.
  [
    'BAK3',
    'recovery/selection',
    selecting((tables) => [
      ...tables,
      'arn:aws:dynamodb:us-east-1:<account>:table/strongroom-production-us-subject_keys',
    ]),
  ],
  [
    'BAK3',
    'recovery/selection',
    ({ BackupSelection }) => ({ BackupSelection: { ...BackupSelection, ListOfTags: [{}] } }),
  ],
  ['BAK4', 'recovery/restore-tests', () => ({ ScheduleExpression: 'cron(0 5 2 1,7 ? *)' })],
  [
    'BAK4',
    'recovery/restore-tests',
    () => ({ RecoveryPointSelection: { Algorithm: 'LATEST_WITHIN_WINDOW', IncludeVaults: ['*'] } }),
  ],
  [
    'BAK5',
    'recovery/restore-tests-of-tables',
    ({ ProtectedResourceArns }) => ({ ProtectedResourceArns: ProtectedResourceArns.slice(1) }),
  ],
  ['BAK5', 'recovery/restore-tests-of-tables', () => ({ RestoreMetadataOverrides: undefined })],
  ['BAK6', 'recovery/record-failed', () => ({ State: 'DISABLED' })],
  [
    'BAK6',
    'recovery/record-failed',
    ({ Targets: [target] }) => ({ Targets: [{ ...target, Arn: 'arn:aws:sqs:us-east-1:<account>:x' }] }),
  ],
];

describe('our own rules', () => {
  test('[HST-2] are kept by the real templates, and each fault breaks the rule that speaks of it', () => {
    for (const [within, [short, name, change]] of [
      ...faults.map((fault) => [zone, fault] as const),
      ...faultsThere.map((fault) => [second, fault] as const),
    ]) {
      const rule = only(rules.filter(({ id }) => id === `Strongroom-${short}`));
      const resource = only(within.resources.filter((each) => each.name === name && rule.types.includes(each.type)));
      expect(rule.check(resource, within), `${short} ${name}`).toEqual([]);
      const wrong = rule.check({ ...resource, p: { ...resource.p, ...change(resource.p) } }, within);
      expect(wrong.length, `${short} ${name}`).toBeGreaterThan(0);
    }
  });

  test('[HST-2] have ids, promises and a sentence, and no two have one id', () => {
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
    for (const { id, promises, statement, types } of rules) {
      expect(id).toMatch(/^Strongroom-[A-Z0-9]+\d$/);
      expect(types.length, id).toBeGreaterThan(0);
      expect(promises.length, id).toBeGreaterThan(0);
      for (const promise of promises) expect(promise, id).toMatch(/^[A-Z]{2,3}-\d$/);
      expect(statement, id).toMatch(/^[A-Z][^\n]+\.$/);
    }
  });

  test.each(rules.flatMap((rule) => rule.types.map((type) => ({ rule, type, name: `${rule.id} ${type}` }))))(
    '[HST-2] $name is not kept by a resource that says nothing',
    ({ rule, type, name }) => {
      expect(fails(rule, silent(type))).toBe(!innocent.has(name));
    },
  );

  test('[NET-1] every wildcard of the list has a reason and is used by some role', () => {
    const roles = readAssembly(cdkOut).flatMap((zone) =>
      zone.resources.filter(({ type }) => type === 'AWS::IAM::Role'),
    );
    for (const row of wildcards) {
      expect(row.reason.length).toBeGreaterThan(30);
      const used = roles.some(
        ({ name, p }) =>
          row.role.test(name) &&
          JSON.stringify(p.Policies)
            .split('"')
            .some((text) => row.resource.test(text)),
      );
      expect(used, String(row.resource)).toBe(true);
    }
  });

  test('[HST-2] a wildcard has a reason for its own verbs alone', () => {
    expect(wildcardReason(`${isolated}-role`, '*', ['ec2:DescribeSubnets'])).toBeDefined();
    expect(wildcardReason(`${isolated}-role`, '*', ['ec2:DescribeSubnets', 's3:GetObject'])).toBeUndefined();
    expect(wildcardReason('relay/any-role', '*', ['ec2:DescribeSubnets'])).toBeUndefined();
    expect(isWildcard('kms:Decrypt')).toBe(false);
    expect(isWildcard('kms:Decryp?')).toBe(true);
    expect(isWildcard(undefined)).toBe(true);
  });
});
