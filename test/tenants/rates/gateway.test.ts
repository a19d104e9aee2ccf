// What the local gateway does with the key that the authorizer names, and with the stage's own bound, as AWS's does.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createListener } from '../../../local/apigateway/listener.ts';
import type { ApiModel, Route } from '../../../local/apigateway/model.ts';
import { createGateway } from '../../../local/apigateway/server.ts';
import { createUsage } from '../../../local/apigateway/usage.ts';
import { listen } from '../../../local/host/ports.ts';
import type { Pool } from '../../../local/lambda/pool.ts';

let nowMs = 0;
let named: string | undefined;
let invoked: string[] = [];

const pool = (functionArn: string): Pool => ({
  name: functionArn,
  arn: functionArn,
  invoke: async () => {
    invoked.push(functionArn);
    if (functionArn !== 'authorizer') return { kind: 'returned', payload: { statusCode: 200, body: '{}' } };
    const Statement = [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: '*' }];
    const payload = { principalId: 'key_1', policyDocument: { Statement }, usageIdentifierKey: named };
    return { kind: 'returned', payload };
  },
  warm: () => {},
  size: () => 0,
  stop: async () => {},
});
const route = (path: string, more: Partial<Route>): Route => ({
  method: 'GET',
  resource: path,
  resourceId: 'abc',
  operationName: undefined,
  segments: path.split('/').slice(1),
  functionArn: 'integration',
  authorizer: undefined,
  ...more,
});
const authorizer = { functionArn: 'authorizer', identityHeaders: ['authorization'] };
const api: ApiModel = {
  id: 'api',
  stage: 'api',
  region: 'us-east-1',
  account: '000000000000',
  stageVariables: undefined,
  routes: [route('/counted', { authorizer, keyRequired: true }), route('/open', {})],
  responses: new Map(),
  accessLogFormat: undefined,
  throttle: { rate: 1, burst: 6 },
};
const key = { id: 'k', name: 'known', value: 'known', createdAt: 0, planId: 'plan' };
const usage = createUsage(
  { limitOf: (value) => (value === 'known' ? { key, throttle: { rate: 1, burst: 2 } } : undefined) },
  () => nowMs,
);
const { server, serve } = createListener();
const clock = () => nowMs;
const quiet = { log: () => {}, warn: (text: string) => expect(text).toBe('') };
let url = '';

beforeAll(async () => {
  url = `http://127.0.0.1:${await listen(server, { what: 'the test' })}`;
});
afterAll(() => server.closeAllConnections());
beforeEach(() => {
  nowMs += 60_000;
  invoked = [];
  named = 'known';
  serve(createGateway({ api, pool, usage, clock, ...quiet }), api);
});

const get = async (path: string): Promise<{ status: number; message?: string }> => {
  const response = await fetch(url + path, { headers: { authorization: 'Bearer x', 'x-api-key': 'known' } });
  return { status: response.status, message: ((await response.json()) as { message?: string }).message };
};
const statuses = async (path: string, count: number): Promise<number[]> => {
  const found: number[] = [];
  for (let each = 0; each < count; each += 1) found.push((await get(path)).status);
  return found;
};

describe('[API-2] a method that requires a key', () => {
  it('serves a key of its plan as often as the plan says, and again after a while', async () => {
    expect(await statuses('/counted', 3)).toEqual([200, 200, 429]);
    nowMs += 1_000;
    expect(await statuses('/counted', 2)).toEqual([200, 429]);
  });

  it.each([undefined, '', 'unknown'])(
    'serves nobody whose authorizer names %j, whatever key the client sends',
    async (value) => {
      named = value;
      expect(await get('/counted')).toEqual({ status: 403, message: 'Forbidden' });
      expect(invoked).toEqual(['authorizer']);
    },
  );

  it('serves nobody where no keys are kept', async () => {
    serve(createGateway({ api, pool, clock, ...quiet }), api);
    expect((await get('/counted')).status).toBe(403);
  });
});

describe('[API-2] the stage', () => {
  it('bounds each method by itself, before anything is asked', async () => {
    expect(await statuses('/open', 6)).toEqual([200, 200, 200, 200, 200, 200]);
    invoked = [];
    expect(await get('/open')).toEqual({ status: 429, message: 'Too Many Requests' });
    expect(invoked).toEqual([]);
    await get('/counted');
    expect(invoked).not.toEqual([]);
  });
});
