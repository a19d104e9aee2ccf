// Our evaluator against an independent one, rule by rule; proof/conformance compares them over all policies that the templates
// hold.

import { expect, test } from 'vitest';
import { deploy } from '../../local/cloudformation/deployment.ts';
import { readPolicies } from '../../local/iam/policies.ts';
import { account, simulated } from '../../proof/conformance/iam_simulator.ts';
import { resource as element, stack, zoneOf } from './stacks.ts';

const table = `arn:aws:dynamodb:us-east-1:${account}:table/payments`;
const attributes = 'dynamodb:Attributes';
const only = (...values: string[]) => ({ 'ForAllValues:StringEquals': { [attributes]: values } });
const there = { Null: { [attributes]: 'false' } };

/** What the templates don't hold today, one rule each. */
const handMade: readonly [string, readonly object[], Record<string, readonly string[]>, string?][] = [
  ['ForAllValues without the key', [{ Condition: only('pk') }], {}],
  ['ForAllValues and Null without the key', [{ Condition: { ...only('pk'), ...there } }], {}],
  ['ForAllValues with all values', [{ Condition: { ...only('pk', 'sk'), ...there } }], { [attributes]: ['sk', 'pk'] }],
  ['ForAllValues with one value more', [{ Condition: { ...only('pk'), ...there } }], { [attributes]: ['pk', 'x'] }],
  [
    'ForAnyValue with one of them',
    [{ Condition: { 'ForAnyValue:StringLike': { [attributes]: 'p*' } } }],
    { [attributes]: ['x', 'pk'] },
  ],
  ['ForAnyValue without the key', [{ Condition: { 'ForAnyValue:StringLike': { [attributes]: '*' } } }], {}],
  [
    'ForAllValues negated',
    [{ Condition: { 'ForAllValues:StringNotEquals': { [attributes]: 'x' } } }],
    { [attributes]: ['pk'] },
  ],
  [
    'ForAllValues negated, met',
    [{ Condition: { 'ForAllValues:StringNotEquals': { [attributes]: 'x' } } }],
    { [attributes]: ['x', 'pk'] },
  ],
  [
    'ForAnyValue negated',
    [{ Condition: { 'ForAnyValue:StringNotEquals': { [attributes]: 'x' } } }],
    { [attributes]: ['x', 'pk'] },
  ],
  ['Null true, absent', [{ Condition: { Null: { 'dynamodb:Select': 'true' } } }], {}],
  ['Null true, present', [{ Condition: { Null: { 'dynamodb:Select': 'true' } } }], { 'dynamodb:Select': ['COUNT'] }],
  ['IfExists, absent', [{ Condition: { StringEqualsIfExists: { 'dynamodb:Select': 'COUNT' } } }], {}],
  [
    'IfExists, other',
    [{ Condition: { StringEqualsIfExists: { 'dynamodb:Select': 'COUNT' } } }],
    { 'dynamodb:Select': ['X'] },
  ],
  ['a negation, absent', [{ Condition: { StringNotEquals: { 'dynamodb:Select': 'X' } } }], {}],
  [
    'StringEquals takes no wildcard',
    [{ Condition: { StringEquals: { 'dynamodb:Select': 'C*' } } }],
    { 'dynamodb:Select': ['COUNT'] },
  ],
  [
    'StringLike with ?',
    [{ Condition: { StringLike: { 'dynamodb:Select': 'COUN?' } } }],
    { 'dynamodb:Select': ['COUNT'] },
  ],
  [
    'values are compared with their case',
    [{ Condition: { StringEquals: { 'dynamodb:Select': 'count' } } }],
    { 'dynamodb:Select': ['COUNT'] },
  ],
  ['keys are not', [{ Condition: { StringEquals: { 'DynamoDB:select': 'COUNT' } } }], { 'dynamodb:Select': ['COUNT'] }],
  [
    'two operators, one fails',
    [{ Condition: { ...only('pk'), StringEquals: { 'dynamodb:Select': 'X' } } }],
    { [attributes]: ['pk'], 'dynamodb:Select': ['COUNT'] },
  ],
  ['Bool', [{ Condition: { Bool: { 'aws:SecureTransport': 'true' } } }], { 'aws:SecureTransport': ['true'] }],
  ['Bool, absent', [{ Condition: { Bool: { 'aws:SecureTransport': 'false' } } }], {}],
  [
    'ArnLike across segments',
    [{ Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/a*' } } }],
    { 'aws:PrincipalArn': [`arn:aws:iam::${account}:role/ab/c`] },
  ],
  [
    'ArnEquals with a wildcard',
    [{ Condition: { ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${account}:role/*` } } }],
    { 'aws:PrincipalArn': [`arn:aws:iam::${account}:role/a`] },
  ],
  [
    'a denial whose condition fails',
    [{}, { Effect: 'Deny', Condition: { StringEquals: { 'dynamodb:Select': 'X' } } }],
    { 'dynamodb:Select': ['COUNT'] },
  ],
  [
    'a denial whose key is absent',
    [{}, { Effect: 'Deny', Condition: { StringNotEquals: { 'dynamodb:Select': 'X' } } }],
    {},
  ],
  ['an action with a wildcard', [{ Action: 'dynamodb:Q*y' }], {}],
  ['an action in another case', [{ Action: 'dynamodb:QUERY' }], {}],
  ['a table and not its index', [{}], {}, `${table}/index/list`],
  ['an index by wildcard', [{ Resource: `${table}/index/*` }], {}, `${table}/index/list`],
  ['a wildcard for the account', [{ Resource: 'arn:aws:dynamodb:us-east-1:*:table/payments' }], {}],
  ['another region', [{ Resource: table.replace('us-east-1', 'eu-west-1') }], {}],
];

test.each(handMade)('both agree on: %s', async (_, statements, keys, resource = table) => {
  const arn = `arn:aws:iam::${account}:role/r`;
  const document = {
    Version: '2012-10-17',
    Statement: statements.map((more) => ({ Effect: 'Allow', Action: 'dynamodb:Query', Resource: table, ...more })),
  };
  const role = element('AWS::IAM::Role', {
    RoleName: 'r',
    AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] },
    Policies: [{ PolicyName: 'p', PolicyDocument: document }],
  });
  const ours = readPolicies(deploy(zoneOf(stack('s', { R: role })), {}));
  const one = { action: 'dynamodb:Query', resource, keys };
  const mine = ours.refusal({ asker: { kind: 'role', arn, account }, name: 'r', keys }, { ...one, conditionKeys: {} });
  expect(mine === undefined).toBe(await simulated({ name: 'r', arn, document }, one));
});
