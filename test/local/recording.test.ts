// What the local cloud writes down of what is asked: enough that every policy decides alike, and not more.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { type Deployment, deploy } from '../../local/cloudformation/deployment.ts';
import { codeActor, roleActor } from '../../local/iam/authorize.ts';
import { representatives } from '../../local/iam/condition_classes.ts';
import { readPolicies } from '../../local/iam/policies.ts';
import { openRecording, RecordedAccess } from '../../local/iam/recording.ts';
import { resource, stack, zoneOf } from './stacks.ts';

const roleArn = 'arn:aws:iam::000000000000:role/r';
const table = 'arn:aws:dynamodb:us-east-1:000000000000:table/t';

const deploymentWith = (Condition: object): Deployment => {
  const statement = { Effect: 'Allow', Action: 'dynamodb:Query', Resource: table, Condition };
  const role = resource('AWS::IAM::Role', {
    RoleName: 'r',
    AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] },
    Policies: [{ PolicyName: 'p', PolicyDocument: { Version: '2012-10-17', Statement: [statement] } }],
  });
  return deploy(zoneOf(stack('s', { R: role })), {});
};

const leading = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['ten_a*', 'ten_b'] } };
const code = codeActor({
  kind: 'function',
  arn: 'session',
  roleArn,
  functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:f',
  region: 'us-east-1',
  inVpc: true,
});
const query = (...keys: string[]) => ({
  action: 'dynamodb:Query',
  resource: table,
  conditionKeys: { 'dynamodb:LeadingKeys': keys },
});

const recordedOf = (
  deployment: Deployment,
  ask: (policies: ReturnType<typeof readPolicies>) => void,
): RecordedAccess[] => {
  const folder = mkdtempSync(join(tmpdir(), 'strongroom-recording-'));
  const file = join(folder, 'deep', 'accesses.jsonl');
  ask(openRecording(file).record(readPolicies(deployment), deployment));
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  rmSync(folder, { recursive: true });
  return lines.map((line) => v.parse(RecordedAccess, JSON.parse(line)));
};

test('values that no policy distinguishes are recorded as one; the others as they are', () => {
  const values = ['ten_a1', 'ten_a2', 'ten_b', 'ten_c', 'ten_d', 'TEN_B'];
  const one = representatives(deploymentWith(leading));
  expect(values.map((value) => one('dynamodb:LeadingKeys', value))).toEqual([
    'ten_a1',
    'ten_a1',
    'ten_b',
    'ten_c',
    'ten_c',
    'TEN_B',
  ]);
  const none = representatives(deploymentWith({}));
  expect(new Set(values.map((value) => none('dynamodb:LeadingKeys', value))).size).toBe(1);
});

test('a recording decides as the calls did, however many it stands for', () => {
  const deployment = deploymentWith(leading);
  const policies = readPolicies(deployment);
  const tenants = ['ten_a1', 'ten_b', ...Array.from({ length: 500 }, (_, at) => `ten_c${at}`)];
  const lines = recordedOf(deployment, (watched) => {
    for (const tenant of tenants) watched.refusal(code, query(tenant));
  });
  expect(lines).toHaveLength(3);
  const decided = lines.map(({ keys }) => policies.refusal(code, { ...query(), conditionKeys: keys }) === undefined);
  expect(decided).toEqual([true, true, false]);
});

test('each access is written down once, as the code’s or as AWS’s, and answers as before', () => {
  const deployment = deploymentWith({});
  const service = roleActor(roleArn, 'session', 'us-east-1');
  const lines = recordedOf(deployment, (watched) => {
    expect(watched.refusal(code, query('a'))).toBeUndefined();
    expect(watched.refusal(code, query('b'))).toBeUndefined();
    expect(watched.refusal(service, query('a'))).toBeUndefined();
    expect(watched.refusal(code, { ...query('a'), resource: `${table}x` })?.message).toContain('is not authorized');
  });
  expect(lines.map(({ by, inVpc, resource: arn }) => [by, inVpc, arn])).toEqual([
    ['code', true, table],
    ['aws', false, table],
    ['code', true, `${table}x`],
  ]);
});
