import { mkdtempSync, readdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readApi } from '../../local/apigateway/model.ts';
import { deploy } from '../../local/cloudformation/deployment.ts';
import { matchesWildcards } from '../../local/iam/wildcard.ts';
import { zoneKeys } from '../../local/kms/keys.ts';
import { aliasesOf } from '../../local/lambda/aliases.ts';
import { readSchedules } from '../../local/scheduler/schedules.ts';
import { zoneSecrets } from '../../local/secretsmanager/generated_secret.ts';
import { openState } from '../../local/storage/state.ts';
import { resource, stack, zoneOf } from './stacks.ts';

const state = () => openState(mkdtempSync(join(tmpdir(), 'strongroom-state-')));

test('secrets are generated as the template asks, once, and readable by their owner alone', async () => {
  const GenerateSecretString = {
    SecretStringTemplate: '{"current":"1"}',
    GenerateStringKey: '1',
    PasswordLength: 64,
    ExcludePunctuation: true,
  };
  const zone = deploy(
    zoneOf(stack('keys', { S: resource('AWS::SecretsManager::Secret', { Name: 'peppers', GenerateSecretString }) })),
    {},
  );
  const folder = await state();
  const [first] = await zoneSecrets(zone, folder);
  expect(JSON.parse(first?.value ?? '')).toEqual({ current: '1', 1: expect.stringMatching(/^[A-Za-z0-9]{64}$/) });
  expect(await zoneSecrets(zone, folder)).toEqual([first]);
  expect(statSync(folder.file('secrets-us.json')).mode & 0o077).toBe(0);
  expect(readdirSync(folder.path).sort()).toEqual(['logs', 'secrets-us.json']);
});

test('key material is made once and belongs to its key', async () => {
  const alias = resource('AWS::KMS::Alias', { AliasName: 'alias/data', TargetKeyId: { 'Fn::GetAtt': ['One', 'Arn'] } });
  const zone = deploy(
    zoneOf(stack('keys', { One: resource('AWS::KMS::Key'), Two: resource('AWS::KMS::Key'), Alias: alias })),
    {},
  );
  const folder = await state();
  const made = await zoneKeys(zone, folder);
  const [one, two] = made.all;
  expect(made.all.map(({ aliases }) => aliases)).toEqual([['alias/data'], []]);
  expect(one?.materials[0]?.bytes.equals(two?.materials[0]?.bytes ?? Buffer.alloc(0))).toBe(false);
  expect((await zoneKeys(zone, folder)).all).toEqual(made.all);
  if (one !== undefined) await made.rotate(one);
  expect(one?.materials).toHaveLength(2);
  expect((await zoneKeys(zone, folder)).all).toEqual(made.all);
});

test('a state file of another shape is refused with a sentence, and is no crash later', async () => {
  const folder = await state();
  await folder.write('kms-us.json', ['not keys']);
  const zone = deploy(zoneOf(stack('keys', {})), {});
  await expect(zoneKeys(zone, folder)).rejects.toThrow(/kms-us.json is not what this version writes/);
});

const arn = 'arn:aws:lambda:us-east-1:000000000000:function:money';
const lambdaUri = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${arn}/invocations`;
const apiStack = (permission: object, method: object = {}) =>
  stack('api', {
    Api: resource('AWS::ApiGateway::RestApi'),
    Stage: resource('AWS::ApiGateway::Stage', { StageName: 'live' }),
    Part: resource('AWS::ApiGateway::Resource', {
      ParentId: { 'Fn::GetAtt': ['Api', 'RootResourceId'] },
      PathPart: '{id}',
    }),
    Method: resource('AWS::ApiGateway::Method', {
      HttpMethod: 'GET',
      ResourceId: { Ref: 'Part' },
      AuthorizationType: 'NONE',
      Integration: { Type: 'AWS_PROXY', Uri: lambdaUri },
      ...method,
    }),
    Permission: resource('AWS::Lambda::Permission', {
      Action: 'lambda:InvokeFunction',
      FunctionName: arn,
      Principal: 'apigateway.amazonaws.com',
      ...permission,
    }),
  });
const anyMethod = {
  SourceArn: { 'Fn::Sub': ['arn:aws:execute-api:us-east-1:000000000000:$'.concat('{Api}/live/GET/*'), {}] },
};

test('the routes of an API are those of its resources and methods', () => {
  const { routes } = readApi(deploy(zoneOf(apiStack(anyMethod)), {}));
  expect(routes).toMatchObject([{ method: 'GET', resource: '/{id}', functionArn: arn, authorizer: undefined }]);
});

test('a function that the API may not invoke stops the boot', () => {
  const other = { SourceArn: 'arn:aws:execute-api:us-east-1:000000000000:other/*' };
  for (const permission of [other, { ...anyMethod, Principal: 'events.amazonaws.com' }, {}]) {
    expect(() => readApi(deploy(zoneOf(apiStack(permission)), {}))).toThrow(/Method may not invoke/);
  }
});

test('an integration that names an alias needs a permission on that alias, as one that names the function needs one on the function', () => {
  const invoked = (named: string): object => ({
    Integration: { Type: 'AWS_PROXY', Uri: lambdaUri.replace(arn, named) },
  });
  const read = (FunctionName: string, named: string) =>
    readApi(deploy(zoneOf(apiStack({ ...anyMethod, FunctionName }, invoked(named))), {}));
  const alias = `${arn}:live`;
  for (const allowed of [alias, 'money:live']) {
    expect(read(allowed, alias).routes).toMatchObject([{ functionArn: alias }]);
    expect(() => read(allowed, arn)).toThrow(/Method may not invoke .*function:money:/);
  }
  for (const other of [arn, 'money', `${arn}:other`, 'live'])
    expect(() => read(other, alias)).toThrow(/Method may not invoke .*money:live/);
});

test('an alias is what its function publishes, and nothing else', () => {
  const zone = (FunctionVersion: unknown) =>
    deploy(
      zoneOf(
        stack('functions', {
          Money: resource('AWS::Lambda::Function', { FunctionName: 'money' }),
          Version: resource('AWS::Lambda::Version', { FunctionName: { Ref: 'Money' } }),
          Alias: resource('AWS::Lambda::Alias', { FunctionName: { Ref: 'Money' }, FunctionVersion, Name: 'live' }),
          Other: resource('AWS::Lambda::Function', { FunctionName: 'other' }),
        }),
      ),
      {},
    );
  const published = { 'Fn::GetAtt': ['Version', 'Version'] };
  expect(aliasesOf(zone(published))).toEqual(new Map([[`${arn}:live`, 'money']]));
  for (const version of ['$LATEST', '7']) expect(() => aliasesOf(zone(version))).toThrow(/Alias stands for version/);
});

test('an integration or authorization that is not run locally stops the boot', () => {
  for (const method of [
    { AuthorizationType: 'AWS_IAM' },
    { Integration: { Type: 'MOCK' } },
    { ApiKeyRequired: true },
  ]) {
    expect(() => readApi(deploy(zoneOf(apiStack(anyMethod, method)), {}))).toThrow(
      /Method (\(AWS::ApiGateway::Method\) is not run|needs an API key)/,
    );
  }
});

test('schedules are rates of functions, and nothing else', () => {
  const read = (ScheduleExpression: string) =>
    readSchedules(
      deploy(
        zoneOf(
          stack('api', { Every: resource('AWS::Scheduler::Schedule', { ScheduleExpression, Target: { Arn: arn } }) }),
        ),
        {},
      ),
    );
  expect(read('rate(5 minutes)')).toMatchObject([{ everyMs: 300_000, enabled: true, functionArn: arn }]);
  expect(() => read('cron(0 12 * * ? *)')).toThrow(/Every: only rate/);
});

test.each([
  ['*', 'anything', true],
  ['a*c', 'abbc', true],
  ['a*c', 'abcd', false],
  ['a?c', 'abc', true],
  ['a?c', 'ac', false],
  ['a.c', 'abc', false],
  ['*/GET/*', 'x/POST/GET/y', true],
  ['', '', true],
  ['', 'a', false],
  ['**', '', true],
  ['a*', '*', false],
])('the pattern %s and %s: %s', (pattern, text, matches) => {
  expect(matchesWildcards(pattern, text)).toBe(matches);
});
