// The rules of the evaluator, one by one; iam_simulator.test.ts compares rules with another evaluator, and proof/conformance
// whole policies.

import { expect, test } from 'vitest';
import { deploy } from '../../local/cloudformation/deployment.ts';
import { roleActor, serviceActor } from '../../local/iam/authorize.ts';
import { type Actor, readPolicies } from '../../local/iam/policies.ts';
import { accessesOf, serviceSide } from '../../local/iam/service_side.ts';
import { through } from '../../local/iam/through.ts';
import { resource, stack, zoneOf } from './stacks.ts';

const account = '000000000000';
const roleArn = `arn:aws:iam::${account}:role/money`;
const actor = roleActor(roleArn, 'session', 'us-east-1');
const table = `arn:aws:dynamodb:us-east-1:${account}:table/payments`;
const key = `arn:aws:kms:us-east-1:${account}:key/`;
const document = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });
const allow = (more: object = {}) => ({ Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: table, ...more });
const trust = document({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } });

const read = (statements: object[], more: Record<string, ReturnType<typeof resource>> = {}, role: object = {}) =>
  readPolicies(
    deploy(
      zoneOf(
        stack('s', {
          Money: resource('AWS::IAM::Role', {
            RoleName: 'money',
            AssumeRolePolicyDocument: trust,
            Policies: [{ PolicyName: 'row', PolicyDocument: document(...statements) }],
            ...role,
          }),
          ...more,
        }),
      ),
      {},
    ),
  );

const asks = (
  policies: ReturnType<typeof read>,
  conditionKeys: Record<string, readonly string[]> = {},
  { action = 'dynamodb:GetItem', on = table, by = actor }: { action?: string; on?: string; by?: Actor } = {},
): string => policies.refusal(by, { action, resource: on, conditionKeys })?.message ?? 'allowed';

const needs = (Condition: object) => read([allow({ Condition })]);
const attributes = 'dynamodb:Attributes';

test('what nothing allows is refused, in the words of AWS', () => {
  expect(asks(read([allow()]), {}, { action: 'dynamodb:PutItem' })).toBe(
    `User: session is not authorized to perform: dynamodb:PutItem on resource: ${table} because no identity-based policy allows the dynamodb:PutItem action`,
  );
});

test('an explicit denial wins, wherever it stands', () => {
  const deny = { ...allow(), Effect: 'Deny', Action: 'dynamodb:*', Resource: '*' };
  for (const statements of [
    [allow(), deny],
    [deny, allow()],
  ]) {
    expect(asks(read(statements))).toMatch(/with an explicit deny in an identity-based policy$/);
  }
});

test.each([
  ['arn:aws:dynamodb:us-east-1:*:table/*', table, true],
  ['arn:aws:dynamodb:us-east-1:*:table/pay?ents', table, true],
  ['arn:aws:dynamodb:us-*:*:table/payments', table, true],
  ['arn:aws:*:table/payments:*:*:*', table, false],
  ['arn:aws:dynamodb:us-east-1:000000000000:table/payment', table, false],
  [`${table}/index/*`, table, false],
  [`${table}/stream/*`, `${table}/stream/2026-01-01T00:00:00.000`, true],
  ['*', table, true],
])('the resource %s and %s: %s', (Resource, on, allowed) => {
  expect(asks(read([allow({ Resource })]), {}, { on }) === 'allowed').toBe(allowed);
});

test('actions are compared without regard to case', () => {
  expect(asks(read([allow({ Action: 'dynamodb:getitem' })]))).toBe('allowed');
  expect(asks(read([allow({ Action: ['dynamodb:Batch*'] })]), {}, { action: 'dynamodb:BatchGetItem' })).toBe('allowed');
});

test('ForAllValues allows what lacks the key, which is why a Null condition stands beside it', () => {
  const lone = { 'ForAllValues:StringEquals': { [attributes]: ['pk', 'count'] } };
  const guarded = { ...lone, Null: { [attributes]: 'false' } };
  expect(asks(needs(lone))).toBe('allowed');
  expect(asks(needs(guarded))).not.toBe('allowed');
  for (const [values, allowed] of [
    [['pk'], true],
    [['count', 'pk'], true],
    [['pk', 'secret'], false],
    [[], false],
  ] as const) {
    expect(asks(needs(guarded), { [attributes]: values }) === 'allowed').toBe(allowed);
  }
});

test.each([
  ['StringEquals', 'a', 'b'],
  ['StringLike', 'a*', 'b'],
  ['StringEqualsIfExists', 'a', 'b'],
])('%s compares the one value of a key', (operator, matching, other) => {
  const policies = needs({ [operator]: { 'dynamodb:Select': [matching, 'c'] } });
  expect(asks(policies, { 'dynamodb:Select': ['a'] })).toBe('allowed');
  expect(asks(policies, { 'dynamodb:Select': [other] })).not.toBe('allowed');
  expect(asks(policies) === 'allowed').toBe(operator.endsWith('IfExists'));
});

test('a negation holds where the key is absent; ForAnyValue never does', () => {
  expect(asks(needs({ StringNotEquals: { 'dynamodb:Select': 'a' } }))).toBe('allowed');
  expect(asks(needs({ StringNotEquals: { 'dynamodb:Select': 'a' } }), { 'dynamodb:Select': ['a'] })).not.toBe(
    'allowed',
  );
  const any = needs({ 'ForAnyValue:StringEquals': { [attributes]: 'pk' } });
  expect(asks(any)).not.toBe('allowed');
  expect(asks(any, { [attributes]: ['x', 'pk'] })).toBe('allowed');
});

test('what a request says of its caller is not believed', () => {
  const policies = needs({ ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${account}:role/other` } });
  expect(asks(policies, { 'aws:PrincipalArn': [`arn:aws:iam::${account}:role/other`] })).not.toBe('allowed');
});

test.each([
  ['an element', { NotAction: 'x' }, /NotAction/],
  ['an operator', { Condition: { NumericLessThan: { 'dynamodb:Select': 1 } } }, /NumericLessThan/],
  ['a condition key', { Condition: { StringEquals: { 'aws:Nonsense': 'x' } } }, /aws:Nonsense/],
  ['a policy variable', { Resource: 'arn:aws:dynamodb:::table/$'.concat('{aws:username}') }, /policy variables/],
  ['one value of many', { Condition: { StringEquals: { [attributes]: 'x' } } }, /ForAllValues: or ForAnyValue:/],
  ['a set of one value', { Condition: { 'ForAllValues:StringEquals': { 'dynamodb:Select': 'x' } } }, /lacks it/],
  ['a resource that is no ARN', { Resource: 'payments' }, /no ARN/],
  ['a principal', { Principal: '*' }, /names no Principal/],
  ['an action', { Action: 'GetItem' }, /no action/],
])('%s that is not known stops the boot and is named with its stack and resource', (_, more, words) => {
  expect(() => read([allow(more)])).toThrow(words);
  expect(() => read([allow(more)])).toThrow(/^stack s: Money \(AWS::IAM::Role\)/);
});

test('policies of a kind that is not known stop the boot', () => {
  const managed = { ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] };
  expect(() => read([], {}, managed)).toThrow(/AdministratorAccess is not in the templates/);
  expect(() => read([], {}, { PermissionsBoundary: 'arn:x' })).toThrow(/PermissionsBoundary/);
  const table = resource('AWS::DynamoDB::GlobalTable', { TableName: 't', Replicas: [{ ResourcePolicy: {} }] });
  expect(() => read([], { T: table })).toThrow(/T \(AWS::DynamoDB::GlobalTable\).*ResourcePolicy/);
});

const root = { AWS: `arn:aws:iam::${account}:root` };
const sealed = (...statements: object[]) => {
  const mine = allow({ Action: 'kms:Decrypt', Resource: `${key}*` });
  const own = (more: object) => ({ Effect: 'Allow', Action: 'kms:*', Resource: '*', Principal: root, ...more });
  const KeyPolicy = document(...statements.map(own));
  const keyOnly = resource('AWS::KMS::Key', { KeyPolicy });
  const arn = deploy(zoneOf(stack('s', { Key: keyOnly })), {}).of('AWS::KMS::Key')[0]?.physical.attributes.Arn ?? '';
  return { arn, with: read([mine], { Key: keyOnly }), without: read([], { Key: keyOnly }) };
};
const decrypts = (policies: ReturnType<typeof read>, on: string, keys = {}, by = actor): string =>
  asks(policies, keys, { action: 'kms:Decrypt', on, by });

test('a key that leaves it to IAM needs both policies; one that names the role needs its own alone', () => {
  const delegating = sealed({});
  expect(decrypts(delegating.with, delegating.arn)).toBe('allowed');
  expect(decrypts(delegating.without, delegating.arn)).toMatch(/no identity-based policy allows/);
  const naming = sealed({ Principal: { AWS: roleArn } });
  expect(decrypts(naming.without, naming.arn)).toBe('allowed');
  const silent = sealed({ Action: 'kms:Encrypt' });
  expect(decrypts(silent.with, silent.arn)).toMatch(/no resource-based policy allows/);
});

test('a key is opened through a service only where its conditions say so', () => {
  const { arn, with: policies } = sealed({
    Condition: { StringEquals: { 'kms:ViaService': 'dynamodb.us-east-1.amazonaws.com', 'kms:CallerAccount': account } },
  });
  expect(decrypts(policies, arn, through('dynamodb', 'us-east-1'))).toBe('allowed');
  expect(decrypts(policies, arn, through('s3', 'us-east-1'))).not.toBe('allowed');
  expect(decrypts(policies, arn)).not.toBe('allowed');
});

test('an encryption context is compared, which the simulator cannot do', () => {
  const group = `arn:aws:logs:us-east-1:${account}:log-group:/strongroom/`;
  const { arn, without } = sealed({
    Principal: { Service: 'logs.us-east-1.amazonaws.com' },
    Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `${group}*` } },
  });
  const logs = serviceActor('logs.us-east-1.amazonaws.com', 'us-east-1');
  const context = (of: string) => through('logs', 'us-east-1', { 'aws:logs:arn': of });
  expect(decrypts(without, arn, context(`${group}money`), logs)).toBe('allowed');
  expect(decrypts(without, arn, context(`arn:aws:logs:us-east-1:${account}:log-group:/other`), logs)).not.toBe(
    'allowed',
  );
  expect(decrypts(without, arn, {}, logs)).not.toBe('allowed');
  expect(decrypts(without, arn, context(`${group}money`), serviceActor('s3.amazonaws.com', 'us-east-1'))).not.toBe(
    'allowed',
  );
});

test('EventBridge decides by the source of each entry', () => {
  const bus = `arn:aws:events:us-east-1:${account}:event-bus/b`;
  const Condition = { StringEquals: { 'events:source': 'strongroom' } };
  const policies = read([allow({ Action: 'events:PutEvents', Resource: bus, Condition })]);
  const puts = (keys: Record<string, readonly string[]>) =>
    asks(policies, keys, { action: 'events:PutEvents', on: bus });
  expect(puts({ 'events:source': ['strongroom'] })).toBe('allowed');
  expect(puts({ 'events:source': ['aws.s3'] })).not.toBe('allowed');
});

test('a call out of a VPC passes the endpoint of its service or nothing does', () => {
  const Condition = { StringEquals: { 'aws:PrincipalAccount': account } };
  const PolicyDocument = document({ ...allow(), Principal: { AWS: '*' }, Condition });
  const ServiceName = 'com.amazonaws.us-east-1.dynamodb';
  const policies = read([allow({ Action: 'dynamodb:*' })], {
    Endpoint: resource('AWS::EC2::VPCEndpoint', { ServiceName, PolicyDocument }),
  });
  const by = { ...actor, inVpc: true };
  expect(asks(policies, {}, { by })).toBe('allowed');
  expect(asks(policies, {}, { by, action: 'dynamodb:PutItem' })).toMatch(/no VPC endpoint policy allows/);
  expect(asks(policies, {}, { action: 'dynamodb:PutItem' })).toBe('allowed');
});

test('what AWS does by itself is documented act by act', () => {
  for (const { what, source, read: day, actions } of Object.values(serviceSide)) {
    expect(what).not.toBe('');
    expect(source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
    expect(day).toMatch(/^20\d\d-\d\d-\d\d$/);
    expect(actions.length).toBeGreaterThan(0);
  }
  expect(accessesOf('readStream', 'arn:s').every(({ byService }) => byService)).toBe(true);
});

test('a decision costs next to nothing beside a call', () => {
  const policies = read([
    ...Array.from({ length: 30 }, (_, at) => allow({ Action: `dynamodb:Action${at}` })),
    allow({
      Condition: {
        'ForAllValues:StringEquals': { [attributes]: ['pk', 'sk', 'count'] },
        Null: { [attributes]: 'false' },
      },
    }),
  ]);
  const access = { action: 'dynamodb:GetItem', resource: table, conditionKeys: { [attributes]: ['pk', 'count'] } };
  const decisions = 20_000;
  const before = process.cpuUsage();
  for (let at = 0; at < decisions; at += 1) policies.refusal(actor, access);
  const microseconds = process.cpuUsage(before).user / decisions;
  console.info(`${microseconds.toFixed(2)} µs a decision`);
  // Of the processor, not of the clock: others run beside it.
  expect(microseconds).toBeLessThan(200);
});
