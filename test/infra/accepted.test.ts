// What AWS would refuse in the middle of a deployment fails the synthesis: every row and every combination, one fault each.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Rule, RuleContext } from '../../lib/compliance/rule.ts';
import { accepted, acceptedValues } from '../../lib/compliance/rules/accepted.ts';
import { acceptedSizes, sizeOf } from '../../lib/compliance/rules/accepted_sizes.ts';
import { acceptedTogether } from '../../lib/compliance/rules/accepted_together.ts';
import { capacityOf, mostCapacity } from '../../lib/compliance/rules/web_acl_capacity.ts';
import { homeOf } from '../../lib/derive/names.ts';
import { readAssembly } from '../../lib/evidence/assembly.ts';
import type { Json, Resource } from '../../lib/evidence/template.ts';
import { referenceConfig } from '../../lib/reference_config.ts';
import { textIn } from '../kit/deployed.ts';
import { cdkOut, only, stackNames, synthesized } from './templates.ts';

const production = referenceConfig.stages.production;
if (production === undefined) throw new Error('production is missing');
const zone: RuleContext = {
  ...only(readAssembly(cdkOut).filter(({ id }) => id === 'production-us')),
  deployment: homeOf('production', production, 'us'),
  locked: true,
  mailbox: referenceConfig.contacts.operations,
};
const values = only(acceptedValues);
const others = [...acceptedSizes, ...acceptedTogether];

/** The properties with another value at a path; undefined where the resource has none there. */
function changed(p: Json, [name = '', ...rest]: readonly string[], value: Json): Json {
  if (Array.isArray(p)) {
    const entries = p.map((each) => changed(each, [name, ...rest], value));
    return entries.some((each) => each !== undefined) ? entries.map((each, index) => each ?? p[index]) : undefined;
  }
  if (p?.[name] === undefined) return undefined;
  const inner = rest.length === 0 ? value : changed(p[name], rest, value);
  return inner === undefined ? undefined : { ...p, [name]: inner };
}

/** Types and properties that the reference templates have none of. */
const absent = new Set([
  'AWS::ApiGateway::Method Integration.TimeoutInMillis',
  'AWS::IAM::Role MaxSessionDuration',
  'AWS::S3::Bucket BucketName',
  'AWS::EC2::SecurityGroupEgress Description',
  'AWS::EC2::SecurityGroup SecurityGroupIngress.Description',
]);

describe('one value', () => {
  test.each(accepted)('[HST-2] that AWS refuses for $type $at fails the synthesis', ({ type, at, source }) => {
    expect(source.length).toBeGreaterThan(10);
    const found = zone.resources
      .filter((resource) => resource.type === type)
      .flatMap((resource) => {
        const p = changed(resource.p, at.split('.'), 'ö'.repeat(40_000));
        return p === undefined ? [] : [{ resource, p }];
      });
    expect(found.length > 0).toBe(!absent.has(`${type} ${at}`));
    for (const { resource, p } of found) {
      expect(values.check(resource, zone), resource.name).toEqual([]);
      expect(values.check({ ...resource, p }, zone).length, resource.name).toBeGreaterThan(0);
    }
  });

  test.each([
    ['a role described with typographic quotes', 'AWS::IAM::Role', { Description: 'tenants’ records' }],
    ['a group described with an apostrophe', 'AWS::EC2::SecurityGroup', { GroupDescription: "the zone's endpoints" }],
    ['a schedule in minutes of one', 'AWS::Scheduler::Schedule', { ScheduleExpression: 'rate(1 minutes)' }],
    [
      'a secret whose name looks like an ARN',
      'AWS::SecretsManager::Secret',
      { Name: 'strongroom-production-us-abcdef' },
    ],
    [
      'a bucket whose name is too long with its account',
      'AWS::S3::Bucket',
      { BucketName: `${'b'.repeat(52)}<account>` },
    ],
    ['an access log without the request’s id', 'AWS::ApiGateway::Stage', { AccessLogSetting: { Format: '{}' } }],
    [
      'a security policy for another kind of endpoint',
      'AWS::ApiGateway::RestApi',
      { SecurityPolicy: 'SecurityPolicy_TLS13_2025_EDGE' },
    ],
    ['logs kept for 366 days', 'AWS::Logs::LogGroup', { RetentionInDays: 366 }],
    ['a search in an alarm', 'AWS::CloudWatch::Alarm', { Metrics: [{ Id: 'a', Expression: "SUM(SEARCH('x'))" }] }],
  ])('[HST-2] %s fails the synthesis', (_, type, p) => {
    expect(values.check({ type, p } as Resource, zone).length).toBe(1);
  });
});

const repeated = (count: number, value: Json): Json[] => Array.from({ length: count }, () => value);
const wordy = (characters: number): Json => ({ Statement: [{ Effect: 'Deny', Resource: 'x'.repeat(characters) }] });

const faults: readonly (readonly [what: string, rule: string, name: string, change: (p: Json) => Json])[] = [
  ['a key policy of 33 KB', '2', 'keys/key-data', () => ({ KeyPolicy: wordy(33_000) })],
  ['an endpoint policy of 21 KB', '2', 'network/dynamodb-endpoint', () => ({ PolicyDocument: wordy(21_000) })],
  [
    'a role’s policies of 11 KB',
    '3',
    'functions/money-role',
    ({ Policies: [own] }) => ({ Policies: [own, { PolicyDocument: wordy(9_000) }] }),
  ],
  ['an environment of 5 KB', '4', 'functions/money', () => ({ Environment: { Variables: { X1: 'x'.repeat(5_000) } } })],
  ['a variable of Lambda’s', '4', 'functions/money', () => ({ Environment: { Variables: { AWS_REGION: 'x' } } })],
  [
    'a function that runs longer than its message is hidden',
    '5',
    'functions/deliver-from-deliveries',
    () => ({ FunctionName: 'functions/rotator' }),
  ],
  ['a large batch without a window', '5', 'functions/deliver-from-deliveries', () => ({ BatchSize: 11 })],
  ['six filters', '5', 'functions/relay-from-payments', () => ({ FilterCriteria: { Filters: repeated(6, {}) } })],
  [
    'an attribute that is no key',
    '6',
    'data/payments',
    ({ AttributeDefinitions }) => ({
      AttributeDefinitions: [...AttributeDefinitions, { AttributeName: 'x', AttributeType: 'S' }],
    }),
  ],
  [
    'an index on an attribute that is not defined',
    '6',
    'data/payments',
    ({ AttributeDefinitions }) => ({ AttributeDefinitions: AttributeDefinitions.slice(1) }),
  ],
  ['an alarm over more than a day, in minutes', '7', 'watch/gateway-failing', () => ({ EvaluationPeriods: 1_441 })],
  ['an alarm that asks for more points than it has', '7', 'watch/gateway-failing', () => ({ DatapointsToAlarm: 9 })],
  [
    'an alarm that compares nothing',
    '7',
    'watch/gateway-failing',
    ({ Metrics }) => ({ Metrics: Metrics.map((each: Json) => ({ ...each, ReturnData: false })) }),
  ],
  [
    '101 alarms in one',
    '8',
    'watch/slo-read-burning-composite',
    () => ({ AlarmRule: repeated(101, 'ALARM("x")').join(' OR ') }),
  ],
  ['501 widgets', '9', 'watch/dashboard', () => ({ DashboardBody: JSON.stringify({ widgets: repeated(501, {}) }) })],
  [
    '61 rules',
    '10',
    'network/aws-group',
    ({ SecurityGroupEgress: [one] }) => ({ SecurityGroupEgress: repeated(61, one) }),
  ],
  [
    'a web ACL that needs more than is included',
    '11',
    'edge/web-acl',
    ({ Rules }) => ({ Rules: [...Rules, ...Rules] }),
  ],
  ['a response body that is not there', '11', 'edge/web-acl', () => ({ CustomResponseBodies: {} })],
  ['no endpoint access mode', '12', 'api/api', () => ({ EndpointAccessMode: undefined })],
  [
    'more requests than an account may serve',
    '13',
    'api/api/DeploymentStage.api',
    ({ MethodSettings: [all] }) => ({ MethodSettings: [{ ...all, ThrottlingRateLimit: 10_001 }] }),
  ],
  ['a log group whose key is closed to it', '15', 'functions/money-logs', () => ({ LogGroupName: '/elsewhere/money' })],
  ['a log group under another key', '15', 'functions/money-logs', () => ({ KmsKeyId: 'keys/key-tenant.Arn' })],
];

const ruleOf = (number: string): Rule => only(others.filter(({ id }) => id === `Strongroom-AWS${number}`));
const resourceOf = (rule: Rule, name: string): Resource =>
  only(zone.resources.filter((each) => each.name === name && rule.types.includes(each.type)));

describe('what AWS refuses together', () => {
  test.each(faults)('[HST-2] %s fails the synthesis (AWS%s)', (_, number, name, change) => {
    const rule = ruleOf(number);
    const resource = resourceOf(rule, name);
    expect(rule.check(resource, zone)).toEqual([]);
    expect(rule.check({ ...resource, p: { ...resource.p, ...change(resource.p) } }, zone).length).toBeGreaterThan(0);
  });

  test('[HST-2] a stage whose account has no role for logs fails the synthesis (AWS13)', () => {
    const stage = resourceOf(ruleOf('13'), 'api/api/DeploymentStage.api');
    const resources = zone.resources.filter(({ type }) => type !== 'AWS::ApiGateway::Account');
    expect(ruleOf('13').check(stage, { ...zone, resources })).toEqual(['its account has no role for logs']);
  });

  test.each([['14', 'functions/rotator-schedule-peppers']])(
    '[HST-2] what is made before what it needs fails the synthesis (AWS%s)',
    (number, name) => {
      const rule = ruleOf(number);
      const resource = resourceOf(rule, name);
      expect(rule.check(resource, zone)).toEqual([]);
      const [id = ''] = name.split('/');
      const stack = zone.stacks.get(id);
      if (stack === undefined) throw new Error(`there is no stack ${id}`);
      const Resources = { ...stack.template.Resources, [resource.logicalId]: {} };
      const loose = { ...stack, template: { ...stack.template, Resources } };
      expect(rule.check(resource, { ...zone, stacks: new Map([...zone.stacks, [id, loose]]) }).length).toBe(1);
    },
  );

  test('a policy is measured with accounts and ARNs as long as they will be', () => {
    expect(sizeOf({ Resource: 'keys/key-data.Arn' })).toBeGreaterThan(130);
    expect(sizeOf({ Resource: 'arn:aws:s3:::x-<account>' })).toBe('{"Resource":"arn:aws:s3:::x-123456789012"}'.length);
  });

  test('a statement of a web ACL that nobody looked up needs more than there is', () => {
    expect(capacityOf([{ Statement: { XssMatchStatement: {} } }])).toBeGreaterThan(mostCapacity);
    expect(capacityOf([{ Statement: { ManagedRuleGroupStatement: { Name: 'another' } } }])).toBeGreaterThan(
      mostCapacity,
    );
  });
});

describe('a template', () => {
  const app = synthesized();
  const templates = app.zones.flatMap((each) => stackNames.map((name) => each[name]));

  // CloudFormation guide, "Understand CloudFormation quotas", read 2026-12-01.
  test('has at most 200 outputs and parameters, a description of 1,024 bytes, and 1 MB in all', () => {
    for (const template of templates) {
      expect(Object.keys(template.Outputs ?? {}).length).toBeLessThanOrEqual(200);
      expect(Object.keys(template.Parameters).length).toBeLessThanOrEqual(200);
      expect((template as Json).Description.length).toBeLessThanOrEqual(1_024);
      expect(JSON.stringify(template, null, 1).length).toBeLessThan(1_048_576);
      for (const { Properties = {} } of Object.values(template.Resources)) {
        expect((Array.isArray(Properties.Tags) ? Properties.Tags : []).length).toBeLessThanOrEqual(50);
      }
    }
  });

  test('belongs to a stack with a name that CloudFormation takes', () => {
    for (const { stage, zone: name } of app.zones) {
      const { artifacts } = JSON.parse(textIn(app.outdir, `assembly-${stage}-${name}/manifest.json`));
      for (const { properties } of Object.values<Json>(artifacts)) {
        if (properties?.stackName !== undefined) expect(properties.stackName).toMatch(/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/);
      }
    }
  });
});

test('[HST-2] the decision record names the source of every one of these rules', () => {
  const record = readFileSync(new URL('../../docs/decisions/0039-what-aws-would-refuse.md', import.meta.url), 'utf8');
  for (const { id } of [values, ...others]) expect(record).toContain(`| ${id.slice('Strongroom-'.length)} |`);
});
