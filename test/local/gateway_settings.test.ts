// What a template's API and stage say of bodies and bounds, as the local gateway reads it and keeps to it.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createListener } from '../../local/apigateway/listener.ts';
import { type ApiModel, readApi } from '../../local/apigateway/model.ts';
import { createGateway } from '../../local/apigateway/server.ts';
import { deploy } from '../../local/cloudformation/deployment.ts';
import { listen } from '../../local/host/ports.ts';
import type { Pool } from '../../local/lambda/pool.ts';
import { resource, stack, zoneOf } from './stacks.ts';

const arn = 'arn:aws:lambda:us-east-1:000000000000:function:ingress';
const Uri = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${arn}/invocations`;
const method = (ResourceId: string) =>
  resource('AWS::ApiGateway::Method', {
    HttpMethod: 'POST',
    ResourceId: { Ref: ResourceId },
    AuthorizationType: 'NONE',
    Integration: { Type: 'AWS_PROXY', Uri },
  });
const part = (ParentId: object, PathPart: string) => resource('AWS::ApiGateway::Resource', { ParentId, PathPart });

const apiOf = (api: Record<string, unknown>, MethodSettings?: readonly object[]): ApiModel =>
  readApi(
    deploy(
      zoneOf(
        stack('api', {
          Api: resource('AWS::ApiGateway::RestApi', api),
          Stage: resource('AWS::ApiGateway::Stage', { StageName: 'api', ...(MethodSettings && { MethodSettings }) }),
          In: part({ 'Fn::GetAtt': ['Api', 'RootResourceId'] }, 'in'),
          Id: part({ Ref: 'In' }, '{id}'),
          Other: part({ 'Fn::GetAtt': ['Api', 'RootResourceId'] }, 'other'),
          Method: method('Id'),
          OtherMethod: method('Other'),
          Permission: resource('AWS::Lambda::Permission', {
            Action: 'lambda:InvokeFunction',
            FunctionName: arn,
            Principal: 'apigateway.amazonaws.com',
            SourceArn: {
              'Fn::Sub': ['arn:aws:execute-api:us-east-1:000000000000:$'.concat('{Api}/api/*/*'), {}],
            },
          }),
        }),
      ),
      {},
    ),
  );

const bounds = (
  HttpMethod: string,
  ResourcePath: string,
  ThrottlingRateLimit: number,
  ThrottlingBurstLimit: number,
) => ({
  HttpMethod,
  ResourcePath,
  ThrottlingRateLimit,
  ThrottlingBurstLimit,
});
const ofAll = bounds('*', '/*', 1, 3);
const ofOne = bounds('POST', '/~1in~1{id}', 1, 2);

test('[PAY-2] the types that are bytes are those of the template, and none without', () => {
  expect(apiOf({}).binaryMediaTypes).toEqual([]);
  expect(apiOf({ BinaryMediaTypes: ['*/*'] }).binaryMediaTypes).toEqual(['*/*']);
  expect(apiOf({ BinaryMediaTypes: ['image/*', 'application/vnd.x+json'] }).binaryMediaTypes).toHaveLength(2);
});

test.each(['*', '*/json', 'application~1json', '', 'a/b;c=d'])('a type that reads %j stops the boot', (type) => {
  expect(() => apiOf({ BinaryMediaTypes: [type] })).toThrow(/Api \(AWS::ApiGateway::RestApi\) is not run locally/);
});

test.each<[string, object]>([
  ['a method that is not there', bounds('GET', '/~1in~1{id}', 1, 1)],
  ['a path that is not there', bounds('POST', '/~1in~1{other}', 1, 1)],
  ['a path with its slashes as they are', bounds('POST', '/in/{id}', 1, 1)],
  ['every method of one path', bounds('*', '/~1in~1{id}', 1, 1)],
  ['a method without saying by how much', { HttpMethod: 'POST', ResourcePath: '/~1in~1{id}' }],
])('a stage that bounds %s stops the boot', (_, settings) => {
  expect(() => apiOf({}, [ofAll, settings])).toThrow(/Stage (\(AWS::ApiGateway::Stage\) is not run|bounds)/);
});

describe('[API-2] a method with a bound of its own', () => {
  const { server, serve } = createListener();
  let url = '';
  beforeAll(async () => {
    url = `http://127.0.0.1:${await listen(server, { what: 'the test' })}`;
  });
  afterAll(() => server.closeAllConnections());

  let nowMs = 0;
  const pool: Pool = {
    name: 'ingress',
    arn,
    invoke: async () => ({ kind: 'returned', payload: { statusCode: 200 } }),
    warm: () => {},
    size: () => 0,
    stop: async () => {},
  };
  const begin = (settings: readonly object[]): void => {
    const api = apiOf({}, settings);
    const warn = (text: string) => expect(text).toBe('');
    serve(createGateway({ api, pool: () => pool, clock: () => nowMs, log: () => {}, warn }), api);
  };
  const statuses = async (path: string, count: number): Promise<number[]> => {
    const found: number[] = [];
    for (let each = 0; each < count; each += 1) found.push((await fetch(url + path, { method: 'POST' })).status);
    return found;
  };

  test('is refused beyond it, and takes nothing from the others', async () => {
    begin([ofAll, ofOne]);
    expect(await statuses('/in/1', 4)).toEqual([200, 200, 429, 429]);
    expect(await statuses('/other', 4)).toEqual([200, 200, 200, 429]);
    nowMs += 1_000;
    // Whatever it is called with: the bound is the route's.
    expect(await statuses('/in/2', 2)).toEqual([200, 429]);
  });

  test('without a size of its own it has that of all, and its own bucket: no method takes from another', async () => {
    begin([ofAll]);
    expect(await statuses('/in/1', 4)).toEqual([200, 200, 200, 429]);
    expect(await statuses('/other', 4)).toEqual([200, 200, 200, 429]);
  });
});
