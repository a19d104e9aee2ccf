// Bodies on their way through the local gateway into a function of another process, whose code reads them as the ingress
// does: what a provider signed is what is verified. And answers on their way back.

import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ingress } from '../../contract/processor_events/ingress.ts';
import { createListener } from '../../local/apigateway/listener.ts';
import type { ApiModel } from '../../local/apigateway/model.ts';
import { createGateway } from '../../local/apigateway/server.ts';
import { listen } from '../../local/host/ports.ts';
import type { Pool } from '../../local/lambda/pool.ts';
import { poolOf } from './pools.ts';

const source = (path: string): string => JSON.stringify(pathToFileURL(path).href);
/** Says what the ingress would verify; answers as its query asks. */
const probe = `import { createHash } from 'node:crypto';
import { rawBody } from ${source('lambdas/processor_events/ingress/received.ts')};
export const handler = async (event) => {
  const { answer, encoded } = event.queryStringParameters ?? {};
  if (answer) return { statusCode: 200, body: answer, isBase64Encoded: encoded === 'true' };
  const raw = rawBody(event);
  const told = { bytes: raw.length, sha256: createHash('sha256').update(raw).digest('hex'), encoded: event.isBase64Encoded };
  return { statusCode: 200, body: JSON.stringify({ ...told, absent: event.body === null }) };
};`;

const apiOf = (binaryMediaTypes: readonly string[]): ApiModel => ({
  id: 'api',
  stage: 'api',
  region: 'us-east-1',
  account: '000000000000',
  stageVariables: undefined,
  routes: [
    {
      method: 'POST',
      resource: ingress.path,
      resourceId: 'abc',
      operationName: ingress.id,
      segments: ingress.path.split('/').slice(1),
      functionArn: 'probe',
      authorizer: undefined,
    },
  ],
  responses: new Map(),
  accessLogFormat: undefined,
  binaryMediaTypes,
});

let folder = '';
let pool: Pool;
const { server, serve } = createListener();
let url = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'strongroom-bodies-'));
  writeFileSync(join(folder, 'index.mjs'), probe);
  pool = poolOf('probe', {
    timeoutMs: 20_000,
    environment: { PATH: '/usr/bin:/bin', LAMBDA_TASK_ROOT: folder, _HANDLER: 'index.handler' },
  });
  url = `http://127.0.0.1:${await listen(server, { what: 'the test' })}/v1/ingress/test/conn_us_1`;
});
afterAll(async () => {
  server.closeAllConnections();
  await pool.stop();
  rmSync(folder, { recursive: true });
});

const post = async (declared: readonly string[], init: RequestInit, query = ''): Promise<Response> => {
  const api = apiOf(declared);
  const warn = (text: string) => expect(text).toBe('');
  serve(createGateway({ api, pool: () => pool, log: () => {}, warn }), api);
  return fetch(`${url}${query}`, { method: 'POST', ...init });
};

const bodies: readonly [string, Buffer][] = [
  ['JSON', Buffer.from('{"id":"evt_1","name":"Zoë"}')],
  ['bytes that are not UTF-8', Buffer.from([0x7b, 0xc3, 0x28, 0xff, 0xfe, 0xed, 0xa0, 0x80, 0x7d])],
  ['a byte order mark', Buffer.from('\u{feff}{}')],
  ['NUL', Buffer.from('{"a":"\0\0"}\0')],
  ['CRLF, and blanks at the end', Buffer.from('{\r\n"a": 1\r\n}\r\n \r\n')],
  ['U+FFFD as it was sent', Buffer.from('{"a":"\u{fffd}"}')],
  ['text that looks like base64', Buffer.from('eyJhIjoxfQ==')],
  ['every byte there is', Buffer.from(Array.from({ length: 256 }, (_, each) => each))],
  ['as much as the ingress takes', Buffer.alloc(ingress.bodyBytes, 0xe9)],
];
const received = (body: Buffer) => ({
  bytes: body.length,
  sha256: createHash('sha256').update(body).digest('hex'),
  absent: false,
});

describe('[PAY-2] under `*/*`', () => {
  test.each(bodies)('%s: the function has the bytes that were sent', async (_, body) => {
    for (const type of ['application/json', 'text/plain; charset=iso-8859-1', 'application/JSON;x=1', '']) {
      const response = await post(['*/*'], { body, headers: { 'content-type': type } });
      expect(await response.json(), type).toEqual({ ...received(body), encoded: true });
    }
  });

  test('a body that says nothing of its type is handed over as bytes too', async () => {
    const [, body] = bodies[1] as (typeof bodies)[number];
    const response = await post(['*/*'], { body: new Blob([body]) });
    expect(await response.json()).toEqual({ ...received(body), encoded: true });
  });

  test('no body is none', async () => {
    expect(await (await post(['*/*'], {})).json()).toMatchObject({ bytes: 0, absent: true, encoded: false });
  });
});

describe('[PAY-2] otherwise', () => {
  test('as text, bytes that are not UTF-8 are lost: what was signed cannot be verified', async () => {
    const [, body] = bodies[1] as (typeof bodies)[number];
    const answer = (await (await post([], { body, headers: { 'content-type': 'application/json' } })).json()) as object;
    expect(answer).toMatchObject({ encoded: false });
    expect(answer).not.toMatchObject({ sha256: received(body).sha256 });
  });

  test.each([
    ['application/json', 'application/json', true],
    ['application/json', 'Application/JSON; charset=utf-8', true],
    ['application/json', 'application/jsonx', false],
    ['application/*', 'application/json', true],
    ['application/*', 'text/json', false],
    ['image/png', 'image/*', false],
  ])('a template that declares %s takes %s for bytes: %s', async (declared, type, encoded) => {
    const response = await post([declared], { body: '{}', headers: { 'content-type': type } });
    expect(await response.json()).toMatchObject({ bytes: 2, encoded });
  });
});

describe('an answer', () => {
  const text = Buffer.from('[accepted]').toString('base64');

  test.each(['*/*', 'application/json', 'image/png', 'text/html, */*;q=0.1'])(
    'that is text stays text under `*/*`, whatever is accepted: %s',
    async (accept) => {
      const response = await post(['*/*'], { headers: { accept } }, `?answer=${encodeURIComponent(text)}`);
      expect(await response.text()).toBe(text);
    },
  );

  test.each([
    [['*/*'], 'application/json', '[accepted]'],
    [['image/*'], 'image/png, */*', '[accepted]'],
    [['image/*'], '*/*, image/png', text],
    [[], '*/*', text],
  ])('in base64 is decoded where %j are bytes and %s is accepted first', async (declared, accept, expected) => {
    const query = `?answer=${encodeURIComponent(text)}&encoded=true`;
    expect(await (await post(declared, { headers: { accept } }, query)).text()).toBe(expected);
  });
});
