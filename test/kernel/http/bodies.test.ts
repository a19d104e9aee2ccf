// Bytes, encoding, type and text of a body are each refused before anything behind them is read, and no refusal names a place
// by what must not be shown.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listEvents } from '../../../contract/events/operations.ts';
import { createPayment } from '../../../contract/payments/operations.ts';
import { apiHandler, everyPort } from '../../kit/api_functions.ts';
import { caller } from '../../kit/requests.ts';
import { openRuntime } from '../../kit/runtime/open.ts';
import type { RuntimeFixture } from '../../kit/runtime/runtime_fixture.ts';

let runtime: RuntimeFixture;
let call: ReturnType<typeof caller>;
beforeAll(async () => {
  runtime = await openRuntime();
  call = caller(apiHandler(() => everyPort(runtime.platform)));
});
afterAll(() => runtime.stop());

const visa = '{"amount":1000,"currency":"EUR","payment_method":"pm_test_visa"}';

describe('[API-3] a body is one JSON text, not compressed', () => {
  it.each(['gzip', 'br', 'identity, gzip', 'aws-chunked', ''])(
    'Content-Encoding %j is not accepted',
    async (coding) => {
      const reply = await call(createPayment, { key: 'coded', body: visa, headers: { 'Content-Encoding': coding } });
      expect([reply.statusCode, reply.json.code]).toEqual([415, 'media_type_unsupported']);
    },
  );

  it('compressed bytes are refused for what they are, not for being no text', async () => {
    const headers = { 'Content-Encoding': 'gzip' };
    const reply = await call(createPayment, { key: 'coded', body: Uint8Array.of(0x1f, 0x8b, 8, 0, 0xff), headers });
    expect(reply.statusCode).toBe(415);
  });

  it.each([[['application/json', 'text/plain']], [['application/json', 'application/json']]])(
    'two types %j are one too many',
    async (types) => {
      const reply = await call(createPayment, { key: 'types', body: visa, headers: { 'Content-Type': types } });
      expect([reply.statusCode, reply.json.errors]).toEqual([
        400,
        [{ header: 'Content-Type', detail: 'Expected once' }],
      ]);
    },
  );

  it('a byte order mark is no part of one', async () => {
    const body = Buffer.concat([Buffer.of(0xef, 0xbb, 0xbf), Buffer.from(visa)]);
    expect((await call(createPayment, { key: 'bom', body })).json.code).toBe('json_malformed');
    expect((await call(createPayment, { key: 'bom', body: Buffer.from(visa) })).statusCode).toBe(201);
  });
});

it('[PCI-1] a place is never named by an account number, however its name is escaped', async () => {
  const body = '{"metadata":{"4242\\u003424242424\\u00324242":1.5}}';
  const reply = await call(createPayment, { key: 'place', body });
  expect([reply.statusCode, reply.json.code]).toEqual([400, 'card_data_not_accepted']);
  expect(reply.body).not.toContain('4242');
});

it('[API-3] a query is well-formed Unicode, too', async () => {
  const reply = await call(listEvents, { query: { cursor: 'a\ud800' } });
  expect([reply.statusCode, reply.json.errors[0].parameter]).toEqual([400, 'cursor']);
});

it.each(['[]', '["a"]'])('[API-3] an array is no object: metadata %s', async (metadata) => {
  const body = `{"amount":1000,"currency":"EUR","payment_method":"pm_test_visa","metadata":${metadata}}`;
  const reply = await call(createPayment, { key: 'array', body });
  expect([reply.statusCode, reply.json.errors]).toEqual([
    400,
    [{ pointer: '/metadata', detail: 'Expected an object' }],
  ]);
});

it.each([
  [
    '{"amount":1,"currency":"EUR","payment_method":"pm_test_visa","description":""}',
    '/description',
    'Expected at least 1',
  ],
  ['{"amount":1,"currency":"EUR","payment_method":"pm_test_visa","metadata":null}', '/metadata', 'Expected an object'],
])('[API-3] a finding says in words what was expected: %s', async (body, pointer, detail) => {
  const reply = await call(createPayment, { key: 'words', body });
  expect([reply.statusCode, reply.json.errors]).toEqual([400, [{ pointer, detail }]]);
});
