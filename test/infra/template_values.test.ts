// Values in templates that a promise or a limit depends on, one by one: each follows from the contract, and another one fails the
// synthesis. Whoever is let in is of this account.

import { describe, expect, test } from 'vitest';
import type { Rule, RuleContext } from '../../lib/compliance/rule.ts';
import { principals } from '../../lib/compliance/rules/principals.ts';
import { rules } from '../../lib/compliance/strongroom_pack.ts';
import { metricsPerAlarm } from '../../lib/derive/alarm.ts';
import { authorizerName, functionPath } from '../../lib/derive/function_stack.ts';
import { homeOf } from '../../lib/derive/names.ts';
import { readAssembly } from '../../lib/evidence/assembly.ts';
import type { Json, Resource } from '../../lib/evidence/template.ts';
import { referenceConfig } from '../../lib/reference_config.ts';
import { cdkOut, only } from './templates.ts';

const production = referenceConfig.stages.production;
if (production === undefined) throw new Error('production is missing');
const zone: RuleContext = {
  ...only(readAssembly(cdkOut).filter(({ id }) => id === 'production-us')),
  deployment: homeOf('production', production, 'us'),
  locked: true,
  mailbox: referenceConfig.contacts.operations,
};
const ruleOf = (short: string): Rule => only(rules.filter(({ id }) => id === `Strongroom-${short}`));
const at = (rule: Rule, name: string): Resource =>
  only(zone.resources.filter((each) => each.name === name && rule.types.includes(each.type)));

/** What is wrong with a resource once it is changed; the referenceConfig one keeps the rule. */
function wrongWith(short: string, name: string, change: (p: Json) => Json): readonly string[] {
  const rule = ruleOf(short);
  const resource = at(rule, name);
  expect(rule.check(resource, zone), `${short} ${name}`).toEqual([]);
  return rule.check({ ...resource, p: { ...resource.p, ...change(resource.p) } }, zone);
}

const stage = 'api/api/DeploymentStage.api';
const setting = (index: number, change: object) => (p: Json) => ({
  MethodSettings: p.MethodSettings.map((each: Json, at: number) => (at === index ? { ...each, ...change } : each)),
});
const inReplica = (change: object) => (p: Json) => ({
  Replicas: p.Replicas.map((each: Json) => ({ ...each, ...change })),
});
const expiring = (change: object) => (p: Json) => ({
  LifecycleConfiguration: { Rules: p.LifecycleConfiguration.Rules.map((each: Json) => ({ ...each, ...change })) },
});
const variable = (name: string, value: Json) => (p: Json) => ({
  Environment: { Variables: { ...p.Environment.Variables, [name]: value } },
});
const authorizer = functionPath(authorizerName);
const insights = { ContributorInsightsSpecification: { Enabled: true } };
const elsewhere = '111122223333';

const values: readonly (readonly [what: string, rule: string, name: string, change: (p: Json) => Json])[] = [
  ['a key that is gone after a week', 'KMS1', 'keys/key-tenant', () => ({ PendingWindowInDays: 7 })],
  ['a key that says nothing of its deletion', 'KMS1', 'keys/key-data', () => ({ PendingWindowInDays: undefined })],
  ['a key that rotates every seven years', 'KMS1', 'keys/key-pii', () => ({ RotationPeriodInDays: 2_560 })],
  ['an API that takes more', 'ING3', stage, setting(0, { ThrottlingRateLimit: 100_000 })],
  ['an API that takes more at once', 'ING3', stage, setting(0, { ThrottlingBurstLimit: 100_000 })],
  ['an ingress that takes less than it must', 'ING3', stage, setting(1, { ThrottlingRateLimit: 1 })],
  [
    'a method with settings of its own',
    'ING3',
    stage,
    (p) => ({ MethodSettings: [...p.MethodSettings, p.MethodSettings[0]] }),
  ],
  ['execution logs', 'ING3', stage, setting(0, { LoggingLevel: 'INFO' })],
  ['bodies in execution logs', 'ING3', stage, setting(1, { DataTraceEnabled: true })],
  ['metrics of every method', 'ING3', stage, setting(0, { MetricsEnabled: true })],
  ['insights into a table', 'DDB6', 'data/payments', inReplica(insights)],
  [
    'insights into an index',
    'DDB6',
    'data/payments',
    inReplica({ GlobalSecondaryIndexes: [{ IndexName: 'list', ...insights }] }),
  ],
  [
    'changes copied to a stream of another account',
    'DDB6',
    'data/audit',
    inReplica({ KinesisStreamSpecification: { StreamArn: `arn:aws:kinesis:us-east-1:${elsewhere}:stream/x` } }),
  ],
  ['failed records kept for ten years', 'S31', 'relay/failed-stream-records', expiring({ ExpirationInDays: 3_650 })],
  [
    'failed records that never expire once replaced',
    'S31',
    'relay/failed-stream-records',
    expiring({ NoncurrentVersionExpiration: undefined }),
  ],
  ['failed records that expire in one folder', 'S31', 'relay/failed-stream-records', expiring({ Prefix: 'x/' })],
  ['a key in the environment', 'LAM3', authorizer, variable('STRONGROOM_EXTRA', 'sk_live_us_x')],
  ['an AWS key in place of a name', 'LAM3', authorizer, variable('STRONGROOM_TABLE_TENANTS', 'AKIAIOSFODNN7EXAMPLE')],
  [
    'another stage’s table',
    'LAM3',
    authorizer,
    variable('STRONGROOM_TABLE_TENANTS', 'strongroom-development-us-tenants'),
  ],
  ['a rate class of its own', 'LAM3', authorizer, variable('STRONGROOM_RATE_CLASSES', '{"POST /v1/payments":"read"}')],
  ['a variable that is missing', 'LAM3', authorizer, variable('STRONGROOM_STAGE', undefined)],
  ['a stranger’s mailbox', 'WATCH4', 'watch/mailbox', () => ({ Endpoint: 'me@example.com' })],
  ['a stranger’s server', 'WATCH4', 'watch/mailbox', () => ({ Protocol: 'https', Endpoint: 'https://example.com' })],
  [
    'an alarm that CloudWatch cannot make',
    'WATCH6',
    'watch/gateway-failing',
    ({ Metrics: [first] }) => ({ Metrics: Array(metricsPerAlarm + 1).fill(first) }),
  ],
  [
    'a function called for another account',
    'CALL1',
    'functions/rotator-for-peppers',
    () => ({ SourceAccount: elsewhere }),
  ],
  ['a function called for any account', 'CALL1', 'functions/rotator-for-peppers', () => ({ SourceAccount: undefined })],
  [
    'a function called by another account’s API',
    'CALL1',
    'api/money-called-by-api',
    (p) => ({ SourceArn: p.SourceArn.replace('<account>', elsewhere) }),
  ],
  [
    'a function called for an organization',
    'CALL1',
    'api/money-called-by-api',
    () => ({ PrincipalOrgID: 'o-a1b2c3d4e5' }),
  ],
];

test.each(values)('[HST-2] %s fails the synthesis (%s)', (_, rule, name, change) => {
  expect(wrongWith(rule, name, change).length).toBeGreaterThan(0);
});

test('[AUD-1] a third reader of a stream fails the synthesis', () => {
  const rule = ruleOf('CALL6');
  const mappings = zone.resources.filter(({ type }) => rule.types.includes(type));
  for (const mapping of mappings) expect(rule.check(mapping, zone), mapping.name).toEqual([]);
  const [one] = mappings.filter(({ p }) => /\.StreamArn$/.test(p.EventSourceArn));
  if (one === undefined) throw new Error('there is no stream');
  const crowded = { ...zone, resources: [...zone.resources, one, one] };
  expect(rule.check(one, crowded).length).toBeGreaterThan(0);
});

describe('[HST-1] whoever is let in by a resource is of this account', () => {
  const [rule] = principals;
  if (rule === undefined) throw new Error('the rule is missing');
  const own = { StringEquals: { 'aws:PrincipalAccount': '<account>' } };
  const statement = (Principal: Json, Condition?: Json, more: object = {}) => ({
    Sid: 'Foreign',
    Effect: 'Allow',
    Action: '*',
    Principal,
    ...(Condition !== undefined && { Condition }),
    ...more,
  });

  const foreign: readonly Json[] = [
    statement({ AWS: `arn:aws:iam::${elsewhere}:root` }),
    statement({ AWS: elsewhere }),
    statement({ AWS: ['arn:aws:iam::<account>:root', `arn:aws:iam::${elsewhere}:role/x`] }),
    statement({ AWS: 'arn:aws:iam::<account>1:root' }),
    statement('*'),
    statement({ AWS: '*' }),
    statement({ AWS: '*' }, { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }),
    statement({ AWS: '*' }, { StringEquals: { 'aws:PrincipalAccount': elsewhere } }),
    statement({ AWS: '*' }, { StringEquals: { 'aws:PrincipalAccount': ['<account>', elsewhere] } }),
    statement({ AWS: '*' }, { StringNotEquals: { 'aws:PrincipalAccount': '<account>' } }),
    statement({ AWS: '*' }, { StringEqualsIfExists: { 'aws:PrincipalAccount': '<account>' } }),
    statement({ AWS: '*' }, { StringEquals: { 'aws:SourceAccount': '<account>' } }),
    statement({ AWS: '*' }, { StringEquals: { 'aws:PrincipalAccount': [] } }),
    statement({ Service: 'sns.amazonaws.com' }),
    statement({ Service: 'sns.amazonaws.com' }, { StringEquals: { 'aws:SourceAccount': elsewhere } }),
    statement(
      { Service: 'sns.amazonaws.com' },
      { ArnLike: { 'aws:SourceArn': `arn:aws:sns:us-east-1:${elsewhere}:x` } },
    ),
    statement({ Service: 'sns.amazonaws.com' }, { StringEquals: { 'aws:SourceOrgID': 'o-a1b2c3d4e5' } }),
    statement({ Federated: 'accounts.google.com' }, own),
    statement({ CanonicalUser: 'a1b2' }, own),
    statement(undefined, own, { NotPrincipal: { AWS: 'arn:aws:iam::<account>:root' } }),
  ];

  /** Where policies lie, by what holds them. */
  const holders: readonly (readonly [name: string, type: string, put: (p: Json, document: Json) => Json])[] = [
    ['keys/key-tenant', 'AWS::KMS::Key', (_, KeyPolicy) => ({ KeyPolicy })],
    ['relay/deliveries-policy', 'AWS::SQS::QueuePolicy', (_, PolicyDocument) => ({ PolicyDocument })],
    ['relay/failed-stream-records/Policy', 'AWS::S3::BucketPolicy', (_, PolicyDocument) => ({ PolicyDocument })],
    ['watch/operations/Policy', 'AWS::SNS::TopicPolicy', (_, PolicyDocument) => ({ PolicyDocument })],
    [
      'network/kms-endpoint',
      'AWS::EC2::VPCEndpoint',
      (_, PolicyDocument) => ({ PolicyDocument: JSON.stringify(PolicyDocument) }),
    ],
    ['relay/bus', 'AWS::Events::EventBus', (_, Policy) => ({ Policy })],
    ['api/api', 'AWS::ApiGateway::RestApi', (_, Policy) => ({ Policy })],
    [
      'data/payments',
      'AWS::DynamoDB::GlobalTable',
      (p, PolicyDocument) => inReplica({ ResourcePolicy: { PolicyDocument } })(p),
    ],
    [
      'data/payments',
      'AWS::DynamoDB::GlobalTable',
      (p, PolicyDocument) => inReplica({ ReplicaStreamSpecification: { ResourcePolicy: { PolicyDocument } } })(p),
    ],
  ];

  test.each(holders)('%s (%s)', (name, type, put) => {
    const resource = only(zone.resources.filter((each) => each.name === name && each.type === type));
    expect(rule.check(resource, zone)).toEqual([]);
    for (const each of foreign) {
      const p = { ...resource.p, ...put(resource.p, { Version: '2012-10-17', Statement: [each] }) };
      expect(rule.check({ ...resource, p }, zone).length, JSON.stringify(each)).toBeGreaterThan(0);
    }
  });
});
