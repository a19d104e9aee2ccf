import { createConnection } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createListener } from '../../local/apigateway/listener.ts';
import type { ApiModel, Route } from '../../local/apigateway/model.ts';
import { createGateway } from '../../local/apigateway/server.ts';
import { listen } from '../../local/host/ports.ts';
import type { Pool } from '../../local/lambda/pool.ts';
import type { Outcome } from '../../local/lambda/process.ts';

type Answer = (event: Record<string, never>) => Outcome | Promise<Outcome>;

const returned = (payload: unknown): Outcome => ({ kind: 'returned', payload });
const ok: Answer = (event) => returned({ statusCode: 200, body: JSON.stringify(event) });
const policy = (Effect: string, Resource: unknown, context?: unknown): Outcome =>
  returned({
    principalId: 'key_1',
    policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect, Resource }] },
    context,
  });

/** What the two functions answer in a test, and the events they saw. */
let integration: Answer;
let authorizer: Answer;
const seen: Record<string, never>[] = [];
const pool = (functionArn: string): Pool => ({
  name: functionArn,
  arn: functionArn,
  invoke: async (event) => {
    const sent = JSON.parse(JSON.stringify(event)) as Record<string, never>;
    seen.push(sent);
    return functionArn === 'authorizer' ? authorizer(sent) : integration(sent);
  },
  warm: () => {},
  size: () => 0,
  stop: async () => {},
});

const route = (method: string, resource: string, open = false): Route => ({
  method,
  resource,
  resourceId: 'abc',
  operationName: `${method} op`,
  segments: resource.split('/').slice(1),
  functionArn: 'integration',
  authorizer: open ? undefined : { functionArn: 'authorizer', identityHeaders: ['authorization'] },
});
const problem = (
  type: string,
  status: number,
): [string, ApiModel['responses'] extends ReadonlyMap<string, infer R> ? R : never] => [
  type,
  {
    status,
    parameters: {
      'gatewayresponse.header.X-Request-Id': 'context.requestId',
      'gatewayresponse.header.X-Static': "'yes'",
    },
    templates: {
      'application/json': `{"type":"${type}","message":$context.error.messageString,"id":"$context.requestId"}`,
    },
  },
];
const api: ApiModel = {
  id: 'api',
  stage: 'live',
  region: 'us-east-1',
  account: '000000000000',
  stageVariables: undefined,
  routes: [
    route('GET', '/v1/things/{thing_id}', true),
    route('GET', '/v1/things/special', true),
    route('POST', '/v1/things', true),
    route('GET', '/v1/private/{id}'),
  ],
  responses: new Map([
    problem('MISSING_AUTHENTICATION_TOKEN', 404),
    problem('UNAUTHORIZED', 401),
    problem('REQUEST_TOO_LARGE', 413),
    problem('DEFAULT_4XX', 400),
  ]),
  binaryMediaTypes: ['image/*'],
  accessLogFormat: '{"route":"$context.resourcePath","status":"$context.status","agent":"$context.identity.userAgent"}',
};
const { server, serve } = createListener();
const log: string[] = [];
const warnings: string[] = [];
let url = '';

beforeAll(async () => {
  const said = { log: (line: string) => log.push(line), warn: (text: string) => warnings.push(text) };
  serve(createGateway({ api, pool, ...said, integrationMs: 150 }), api);
  url = `http://127.0.0.1:${await listen(server, { what: 'the test' })}`;
});
afterAll(() => server.closeAllConnections());
beforeEach(() => {
  integration = ok;
  authorizer = () => policy('Allow', '*');
  seen.length = 0;
});

const get = async (path: string, init: RequestInit = {}) => {
  const response = await fetch(`${url}${path}`, init);
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
};
const bearer = { headers: { authorization: 'Bearer x' } };

test('a function gets the event of a REST proxy integration', async () => {
  const { body } = await get('/v1/things/a%2Fb%20c?x=1&x=2&y=%C3%A9', { headers: { 'X-Twice': 'v', cookie: 'c=1' } });
  expect(body).toMatchObject({
    resource: '/v1/things/{thing_id}',
    path: '/v1/things/a%2Fb%20c',
    httpMethod: 'GET',
    pathParameters: { thing_id: 'a/b c' },
    queryStringParameters: { x: '2', y: 'é' },
    multiValueQueryStringParameters: { x: ['1', '2'], y: ['é'] },
    stageVariables: null,
    body: null,
    isBase64Encoded: false,
    requestContext: {
      resourcePath: '/v1/things/{thing_id}',
      httpMethod: 'GET',
      stage: 'live',
      identity: { sourceIp: '127.0.0.1' },
    },
  });
  expect(body.headers['X-Forwarded-For']).toBe('127.0.0.1');
  expect(body.headers.connection).toBeUndefined();
});

test('absent query and parameters are null, a body is text', async () => {
  const { body } = await get('/v1/things', { method: 'POST', body: '{"é":1}' });
  expect(body).toMatchObject({ queryStringParameters: null, pathParameters: null, body: '{"é":1}' });
});

test('a literal segment wins over a parameter', async () => {
  expect((await get('/v1/things/special')).body.resource).toBe('/v1/things/special');
});

test.each(['/', '/v1', '/v1/things', '/v1/things/', '/v1//things/x', '/v1/things/x/y'])(
  'GET %s is no route and answers as the template says',
  async (path) => {
    const { status, headers, body } = await get(path);
    expect(status).toBe(404);
    expect(body).toEqual({
      type: 'MISSING_AUTHENTICATION_TOKEN',
      message: 'Missing Authentication Token',
      id: expect.any(String),
    });
    expect(headers.get('x-static')).toBe('yes');
    expect(headers.get('x-request-id')).toBe(body.id);
    expect(seen).toEqual([]);
  },
);

test.each(['/v1/things/%zz', '/v1/things/x?a=%E0%A4', '/%'])('%s cannot be decoded: 400, not a crash', async (path) => {
  expect(await get(path)).toMatchObject({ status: 400, body: { type: 'DEFAULT_4XX' } });
});

test('what is not HTTP is answered with a 400 of the same kind', async () => {
  const answer = await new Promise<string>((resolve) => {
    const socket = createConnection(Number(new URL(url).port), '127.0.0.1', () => socket.write('GARBAGE\r\n\r\n'));
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    socket.on('close', () => resolve(text));
  });
  expect(answer).toMatch(/^HTTP\/1.1 400 [\s\S]*"type":"DEFAULT_4XX"/);
});

test('without its identity source the authorizer is not even asked', async () => {
  expect(await get('/v1/private/1')).toMatchObject({ status: 401, body: { type: 'UNAUTHORIZED' } });
  expect(seen).toEqual([]);
});

test('an authorizer that allows passes its context on, as text', async () => {
  authorizer = () =>
    policy('Allow', 'arn:aws:execute-api:us-east-1:*:api/live/GET/v1/private/*', { s: 'a', n: 7, b: true });
  const { body } = await get('/v1/private/1', bearer);
  const context = { s: 'a', n: '7', b: 'true', principalId: 'key_1', integrationLatency: expect.any(Number) };
  expect(body.requestContext.authorizer).toEqual(context);
  expect(seen[0]).toMatchObject({
    type: 'REQUEST',
    methodArn: 'arn:aws:execute-api:us-east-1:000000000000:api/live/GET/v1/private/1',
    pathParameters: { id: '1' },
    queryStringParameters: {},
  });
  expect(seen[0]).not.toHaveProperty('body');
});

test.each<[string, Answer, number, string]>([
  [
    'says Unauthorized',
    () => ({ kind: 'failed', errorType: 'Error', errorMessage: 'Unauthorized' }),
    401,
    'UNAUTHORIZED',
  ],
  ['denies', () => policy('Deny', '*'), 400, 'DEFAULT_4XX'],
  [
    'allows another method',
    () => policy('Allow', 'arn:aws:execute-api:us-east-1:000000000000:api/live/POST/*'),
    400,
    'DEFAULT_4XX',
  ],
  ['allows nothing', () => policy('Allow', []), 400, 'DEFAULT_4XX'],
  ['throws', () => ({ kind: 'failed', errorType: 'Error', errorMessage: 'oops' }), 500, 'Internal server error'],
  ['times out', () => ({ kind: 'timed_out' }), 500, 'Internal server error'],
  ['answers with nested context', () => policy('Allow', '*', { o: { deep: 1 } }), 500, 'Internal server error'],
  ['answers with no policy', () => returned({ principalId: 'x' }), 500, 'Internal server error'],
  ['answers with nothing', () => returned(null), 500, 'Internal server error'],
])('an authorizer that %s refuses the request', async (_, answer, status, text) => {
  authorizer = answer;
  const result = await get('/v1/private/1', bearer);
  expect(result.status).toBe(status);
  expect(JSON.stringify(result.body)).toContain(text);
  expect(seen).toHaveLength(1);
});

test('an explicit denial wins over an allowance', async () => {
  const Statement = [
    { Action: 'execute-api:Invoke', Effect: 'Allow', Resource: '*' },
    { Action: ['execute-api:*'], Effect: 'Deny', Resource: ['*/GET/v1/private/1'] },
  ];
  authorizer = () => returned({ principalId: 'p', policyDocument: { Version: '2012-10-17', Statement } });
  expect((await get('/v1/private/1', bearer)).status).toBe(400);
  expect((await get('/v1/private/2', bearer)).status).toBe(200);
});

test.each<[string, Outcome, number]>([
  ['no reply', returned({ hello: 1 }), 502],
  ['null', returned(null), 502],
  ['a body that is no text', returned({ statusCode: 200, body: { a: 1 } }), 502],
  ['an error', { kind: 'failed', errorType: 'E', errorMessage: 'secret' }, 502],
  ['a time-out', { kind: 'timed_out' }, 502],
  ['a crash', { kind: 'crashed', how: 'x' }, 502],
])('an integration that gives %s is a gateway error that tells nothing', async (_, outcome, status) => {
  integration = () => outcome;
  expect(await get('/v1/things/1')).toMatchObject({ status, body: { message: 'Internal server error' } });
});

test('an integration slower than the gateway waits is a 504', async () => {
  integration = () => new Promise((resolve) => setTimeout(() => resolve(returned({ statusCode: 200 })), 400));
  expect((await get('/v1/things/1')).status).toBe(504);
});

test('status, headers, repeated headers and bytes of a reply arrive as given', async () => {
  const multiValueHeaders = { 'set-cookie': ['a=1', 'b=2'] };
  const body = Buffer.from('"é"').toString('base64');
  integration = () =>
    returned({ statusCode: 201, headers: { 'X-Own': 'v' }, multiValueHeaders, body, isBase64Encoded: true });
  const reply = await get('/v1/things/1', { headers: { accept: 'image/png' } });
  expect(reply).toMatchObject({ status: 201, body: 'é' });
  expect(reply.headers.get('x-own')).toBe('v');
  expect(reply.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
});

test('a body above 10 MB is refused, with or without its length', async () => {
  const big = Buffer.alloc(10 * 1024 * 1024 + 1, 'x');
  expect((await get('/v1/things', { method: 'POST', body: big })).status).toBe(413);
  const stream = new Blob([big]).stream();
  expect((await get('/v1/things', { method: 'POST', body: stream, duplex: 'half' } as RequestInit)).status).toBe(413);
  expect(seen).toEqual([]);
});

test('a client that goes away does not cancel what it began', async () => {
  let finished = false;
  const client = new AbortController();
  integration = async () => {
    client.abort();
    await new Promise((resolve) => setTimeout(resolve, 100));
    finished = true;
    return returned({ statusCode: 200 });
  };
  await expect(fetch(`${url}/v1/things/1`, { signal: client.signal })).rejects.toThrow();
  await expect.poll(() => finished).toBe(true);
});

test('every request leaves one line in the access log, which no caller can write into', async () => {
  log.length = 0;
  await get('/v1/things/1', { headers: { 'user-agent': 'x","status":"999' } });
  await get('/nowhere');
  await expect.poll(() => log.length).toBe(2);
  const [first, second] = log.map((line) => JSON.parse(line));
  expect(first).toEqual({ route: '/v1/things/{thing_id}', status: '200', agent: 'x","status":"999' });
  expect(second).toMatchObject({ route: '-', status: '404' });
});

test('nothing above was a fault of the gateway itself', () => {
  expect(warnings.filter((text) => text.startsWith('API Gateway'))).toEqual([]);
});
