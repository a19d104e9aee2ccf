// Bad input: a clear 4xx problem with a stable code, located where it can be, never a 5xx, and nothing changes.

import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errors, type Operation, operations } from '../../../contract/capabilities.ts';
import { listEvents } from '../../../contract/events/operations.ts';
import { capturePayment, createPayment, getPayment, listPayments } from '../../../contract/payments/operations.ts';
import { createKey, createTenant, listKeys, revokeKey } from '../../../contract/tenants/operations.ts';
import { apiHandler, everyPort } from '../../kit/api_functions.ts';
import { caller, merchant, operator, type Reply, realMerchant, type Sent } from '../../kit/requests.ts';
import { openRuntime } from '../../kit/runtime/open.ts';
import type { RuntimeFixture } from '../../kit/runtime/runtime_fixture.ts';

let runtime: RuntimeFixture;
let call: (operation: Operation, sent: Sent) => Promise<Reply>;

beforeAll(async () => {
  runtime = await openRuntime();
  call = caller(apiHandler(() => everyPort(runtime.platform)));
});
afterAll(() => runtime.stop());

const visa = { amount: 1000, currency: 'EUR', payment_method: 'pm_test_visa' };
const card = '4242424242424242';

function expectProblem(reply: Reply, status: number, code: keyof typeof errors): void {
  expect(reply.json).toMatchObject({
    code,
    status,
    title: errors[code].title,
    request_id: 'req-1',
    type: `/docs/errors/${code}`,
  });
  expect(reply.statusCode).toBe(status);
  expect(reply.headers).toMatchObject({
    'Content-Type': 'application/problem+json',
    'X-Request-Id': 'req-1',
    'Strict-Transport-Security': expect.stringContaining('max-age='),
  });
}

describe('[API-3] bodies', () => {
  const deep = `${'{"a":'.repeat(20)}1${'}'.repeat(20)}`;
  it.each<[string, unknown, number, keyof typeof errors, string?]>([
    ['nothing', undefined, 400, 'body_required'],
    ['white space', '  ', 400, 'body_required'],
    ['no JSON', '{"amount": 10', 400, 'json_malformed'],
    ['two documents', '{}{}', 400, 'json_malformed'],
    ['an array', '[]', 400, 'request_invalid', ''],
    ['null', 'null', 400, 'request_invalid', ''],
    [
      'a duplicate name',
      '{"amount":1,"amount":1000,"currency":"EUR","payment_method":"pm_test_visa"}',
      400,
      'request_invalid',
      '/amount',
    ],
    ['a duplicate name, escaped', '{"amount":1,"\\u0061mount":1000}', 400, 'request_invalid', '/amount'],
    ['a duplicate name further down', '{"metadata":{"a/b":"1","a/b":"2"}}', 400, 'request_invalid', '/metadata/a~1b'],
    ['too many levels', deep, 400, 'request_invalid', ''],
    ['an unknown name', { ...visa, amuont: 1 }, 400, 'request_invalid', '/amuont'],
    [
      'a name that means something to JavaScript',
      { ...visa, metadata: { constructor: 'x' } },
      400,
      'request_invalid',
      '/metadata/constructor',
    ],
    [
      'a prototype',
      '{"__proto__":{"amount":1},"amount":1000,"currency":"EUR","payment_method":"pm_test_visa"}',
      400,
      'request_invalid',
    ],
    ['no amount', { ...visa, amount: undefined }, 400, 'request_invalid', '/amount'],
    ['amount 0', { ...visa, amount: 0 }, 400, 'request_invalid', '/amount'],
    ['a negative amount', { ...visa, amount: -1 }, 400, 'request_invalid', '/amount'],
    ['a fraction', { ...visa, amount: 10.5 }, 400, 'request_invalid', '/amount'],
    ['2^53', { ...visa, amount: 2 ** 53 }, 400, 'request_invalid', '/amount'],
    ['1e400', '{"amount":1e400,"currency":"EUR","payment_method":"pm_test_visa"}', 400, 'request_invalid', '/amount'],
    ['an amount in quotes', { ...visa, amount: '1000' }, 400, 'request_invalid', '/amount'],
    ['an amount of null', { ...visa, amount: null }, 400, 'request_invalid', '/amount'],
    ['a currency that is none', { ...visa, currency: 'ABC' }, 400, 'request_invalid', '/currency'],
    ['a currency in lower case', { ...visa, currency: 'eur' }, 400, 'request_invalid', '/currency'],
    ['an unknown capture method', { ...visa, capture_method: 'later' }, 400, 'request_invalid', '/capture_method'],
    ['metadata of numbers', { ...visa, metadata: { a: 1 } }, 400, 'request_invalid', '/metadata/a'],
    ['a control character', { ...visa, description: 'a\u0000b' }, 400, 'request_invalid', '/description'],
    [
      'half a character',
      '{"description":"\\ud800","amount":1000,"currency":"EUR","payment_method":"pm_test_visa"}',
      400,
      'request_invalid',
      '/description',
    ],
    [
      'an unknown payment method',
      { ...visa, payment_method: 'pm_test_gold' },
      422,
      'payment_method_unknown',
      '/payment_method',
    ],
    ['300 KB', { ...visa, description: 'a'.repeat(300 * 1024) }, 413, 'body_too_large'],
  ])('%s', async (_, body, status, code, pointer) => {
    const headers = { 'Content-Type': 'application/json' };
    const reply = await call(createPayment, { key: 'bad', body, headers });
    expectProblem(reply, status, code);
    if (pointer !== undefined)
      expect(reply.json.errors.map((each: { pointer: string }) => each.pointer)).toContain(pointer);
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/json; charset=latin1',
    'application/jsonp',
    '',
  ])('content type %j is not JSON', async (type) => {
    expectProblem(
      await call(createPayment, { key: 'bad', body: visa, headers: { 'Content-Type': type } }),
      415,
      'media_type_unsupported',
    );
  });

  it.each(['application/json', 'Application/JSON; charset=UTF-8', 'application/json;charset="utf-8"'])(
    'content type %j is',
    async (type) => {
      const reply = await call(createPayment, { key: `type-${type}`, body: visa, headers: { 'Content-Type': type } });
      expect(reply.statusCode).toBe(201);
    },
  );

  it('a refused value is never echoed', async () => {
    const secret = 'sk_test_us_very_secret_value';
    const reply = await call(createPayment, { key: 'bad', body: { ...visa, currency: secret, [secret]: secret } });
    expect(reply.statusCode).toBe(400);
    expect(reply.body.replace(`/${secret}`, '')).not.toContain(secret);
  });
});

describe('[PCI-1] card data', () => {
  it.each<[string, Sent]>([
    ['in a field', { body: { ...visa, payment_method: `pm_${card}` } }],
    ['in a description', { body: { ...visa, description: '4242 4242 4242 4242' } }],
    ['in a field that does not exist', { body: { ...visa, card: { number: card } } }],
    ['as a number', { body: `{"number":${card}}` }],
    ['twice, as a name', { body: `{"${card}":1,"${card}":2}` }],
    ['in what is no JSON', { body: `{"number":${card}` }],
    ['as a name', { body: { ...visa, metadata: { [card]: 'x' } } }],
    ['escaped', { body: `{"description":"${[...card].map((digit) => `\\u003${digit}`).join('')}"}` }],
    ['in the idempotency key', { body: visa, key: card }],
    ['in halves', { body: { ...visa, description: '40000566 55665556' } }],
    ['with commas', { body: { ...visa, metadata: { note: '4242,4242,4242,4242' } } }],
    ['digit by digit', { body: { ...visa, metadata: { note: [...card].join(' ') } } }],
    ['with joiners between', { body: { ...visa, metadata: { note: [...card].join('\u034f\ufe0f') } } }],
    [
      'percent-encoded twice in a URL',
      { body: { ...visa, return_url: `https://shop.example/?n=%2534${card.slice(1)}` } },
    ],
    ['as a name of metadata, of RuPay', { body: { ...visa, metadata: { '6073849700004947': 'x' } } }],
    ['of Troy', { body: { ...visa, description: 'Troy 9792 0303 9444 0796' } }],
  ])('is refused %s, and not logged', async (_, sent) => {
    const reply = await call(createPayment, { key: 'card', ...sent });
    expectProblem(reply, 400, 'card_data_not_accepted');
    expect(reply.body).not.toContain('4242');
    expect(JSON.stringify(runtime.lines)).not.toContain('4242');
  });

  it('is not what an identifier in hexadecimal is taken for', async () => {
    for (const key of ['a4242424242424242bcdef0123456789', '0123456789abcdef4242424242424242']) {
      expect((await call(createPayment, { key, body: { ...visa, metadata: { digest: key } } })).statusCode).toBe(201);
    }
  });

  it.each<[string, Sent]>([
    ['a description', { body: { ...visa, description: 'DE89 3704 0044 0532 0130 00' } }],
    ['metadata', { body: { ...visa, metadata: { iban: 'gb29nwbk60161331926819' } } }],
    ['the idempotency key', { body: visa, key: 'FR1420041010050500013M02606' }],
  ])('[PCI-3] a bank account number is refused as well: in %s', async (_, sent) => {
    const reply = await call(createPayment, { key: 'iban', ...sent });
    expectProblem(reply, 400, 'bank_account_not_accepted');
    expect(reply.body + JSON.stringify(runtime.lines)).not.toMatch(/3704|NWBK|20041/i);
  });

  it('is refused in a path and in a query', async () => {
    expectProblem(await call(getPayment, { params: { payment_id: card } }), 400, 'card_data_not_accepted');
    expectProblem(await call(listPayments, { query: { cursor: card } }), 400, 'card_data_not_accepted');
  });
});

describe('[PCI-1] [AUD-1] what a path names', () => {
  it.each<[string, Sent]>([
    ['without a body', {}],
    ['without the scope', { body: {}, authorizer: { ...merchant, scopes: '' } }],
    ['with a revoked key', { body: {}, authorizer: { ...merchant, verdict: 'key_revoked' } }],
    ['in another form', { params: { payment_id: 'someone@example.com' }, body: {} }],
  ])('is in the audit entry only where it is an id (%s)', async (_, sent) => {
    const reply = await call(capturePayment, { key: 'path', params: { payment_id: card }, ...sent });
    expect(reply.statusCode).toBeGreaterThanOrEqual(400);
    const { Items = [] } = await runtime.platform.dynamodb.send(new ScanCommand({ TableName: 'audit' }));
    expect(JSON.stringify(Items)).not.toMatch(/4242|example\.com/);
  });
});

describe('[PAY-1] idempotency keys', () => {
  it.each([undefined, '', ' ', 'a'.repeat(256), 'a\u00e9', ' a', 'a '])('%j is none', async (key) => {
    const headers: Record<string, string> = key === undefined ? {} : { 'Idempotency-Key': key };
    expectProblem(await call(createPayment, { headers, body: visa }), 400, 'idempotency_required');
  });

  it('two of them are none, however they are spelled', async () => {
    const headers = { 'Idempotency-Key': 'aaa', 'idempotency-key': 'bbb' };
    expectProblem(await call(createPayment, { headers, body: visa }), 400, 'idempotency_required');
  });

  it('255 characters are enough', async () => {
    expect((await call(createPayment, { key: 'a'.repeat(255), body: visa })).statusCode).toBe(201);
  });
});

describe('[API-3] queries and cursors', () => {
  it.each([
    { limit: '0' },
    { limit: '101' },
    { limit: '-1' },
    { limit: '1.5' },
    { limit: 'ten' },
    { limit: '' },
    { limit: ['1', '2'] },
    { order: 'asc' },
  ])('%j is refused, and the parameter named', async (query) => {
    const reply = await call(listPayments, { query: query as unknown as Record<string, string> });
    expectProblem(reply, 400, 'request_invalid');
    expect(reply.json.errors[0].parameter).toBe(Object.keys(query)[0]);
  });

  it('a page leads to the next, and a cursor from elsewhere leads nowhere', async () => {
    for (let index = 0; index < 5; index += 1) await call(createPayment, { key: `page-${index}`, body: visa });
    const seen: string[] = [];
    let cursor: string | undefined;
    let pages = 0;
    do {
      const page = await call(listPayments, { query: { limit: '2', ...(cursor && { cursor }) } });
      expect(page.statusCode).toBe(200);
      seen.push(...page.json.data.map(({ id }: { id: string }) => id));
      cursor = page.json.next_cursor ?? undefined;
      expect(page.json.has_more).toBe(cursor !== undefined);
      pages += 1;
    } while (cursor !== undefined && pages < 50);
    expect(new Set(seen).size).toBe(seen.length);
    const all = await call(listPayments, { query: { limit: '100' } });
    expect(seen).toEqual(all.json.data.map(({ id }: { id: string }) => id));
    const times = all.json.data.map(({ created_at }: { created_at: string }) => created_at);
    expect(times).toEqual([...times].sort().reverse());

    const { next_cursor } = (await call(listPayments, { query: { limit: '2' } })).json;
    const elsewhere: [Operation, Sent][] = [
      [listEvents, { query: { cursor: next_cursor } }],
      [listKeys, { query: { cursor: next_cursor } }],
      [
        listPayments,
        { query: { cursor: next_cursor }, authorizer: { ...merchant, tenant: 'ten_us_bbbbbbbbbbbbbbbbbbbbbbbbbb' } },
      ],
      [listPayments, { query: { cursor: `${next_cursor}x` } }],
      [listPayments, { query: { cursor: 'nonsense' } }],
      [listPayments, { query: { cursor: '%00' } }],
    ];
    for (const [operation, sent] of elsewhere) expectProblem(await call(operation, sent), 400, 'cursor_invalid');
  });
});

describe('[API-1] who may call', () => {
  const absent: [string, Record<string, unknown> | null][] = [
    ['no authorizer context', null],
    ['an empty one', {}],
    ['one without a verdict', { ...merchant, verdict: undefined }],
    ['an unknown verdict', { ...merchant, verdict: 'fine' }],
    ['an unknown kind of actor', { ...merchant, actor_kind: 'root' }],
    ['nobody in particular', { ...merchant, actor_id: '' }],
  ];
  it.each(absent)('absence is never trust: %s', async (_, authorizer) => {
    expectProblem(await call(getPayment, { params: {}, authorizer }), 401, 'credentials_invalid');
  });

  it.each(['key_revoked', 'key_expired', 'address_not_allowed', 'wrong_environment'] as const)(
    'verdict %s is refused',
    async (verdict) => {
      expectProblem(
        await call(listPayments, { authorizer: { ...merchant, verdict } }),
        errors[verdict].status,
        verdict,
      );
    },
  );

  it('a key of another zone is told where to go', async () => {
    const reply = await call(listPayments, { authorizer: { ...merchant, verdict: 'wrong_zone', zone: 'eu' } });
    expectProblem(reply, 421, 'wrong_zone');
    expect(reply.json.base_url).toBe('https://api.eu.example.com/v1');
  });

  it.each(operations.map((row): [string, Operation] => [row.id, row]))(
    '%s is refused without its scopes, and to the wrong kind of caller',
    async (_, row) => {
      const callers = [operator, merchant, { ...merchant, actor_kind: 'person' }];
      const notAllowed = callers.find(({ actor_kind }) => !(row.actors as readonly string[]).includes(actor_kind));
      expectProblem(await call(row, { key: 'x', body: {}, authorizer: notAllowed ?? null }), 403, 'actor_not_allowed');
      for (const scope of row.scopes) {
        const without = merchant.scopes
          .split(' ')
          .filter((held) => held !== scope)
          .join(' ');
        const reply = await call(row, { key: 'x', body: {}, authorizer: { ...merchant, scopes: without } });
        expectProblem(reply, 403, 'scope_missing');
        expect(reply.json.required_scopes).toEqual(row.scopes);
      }
    },
  );

  it('a key cannot make a mightier one', async () => {
    const real = await realMerchant((operation, sent) => call(operation, sent));
    const authorizer = { ...real, scopes: 'keys:write payments:read' };
    const reply = await call(createKey, { key: 'mighty', authorizer, body: { name: 'x', scopes: ['payments:write'] } });
    expectProblem(reply, 403, 'scope_not_held');
  });

  it.each(['10.0.0.0/33', '300.1.1.1', '::1/129', '10.0.0.0/', 'localhost', '1.2.3.4/8/8', '::1::', '01.2.3.4'])(
    '%s is no address block',
    async (block) => {
      const body = { name: 'x', scopes: ['payments:read'], allowed_addresses: [block] };
      const reply = await call(createKey, { key: `address-${block}`, body });
      expectProblem(reply, 400, 'request_invalid');
      expect(reply.json.errors[0].pointer).toBe('/allowed_addresses/0');
    },
  );

  it('an id that cannot be one names nothing', async () => {
    for (const id of [
      '',
      'x',
      'pay_us_short',
      'key_us_aaaaaaaaaaaaaaaaaaaaaaaaaa',
      'pay_us_AAAAAAAAAAAAAAAAAAAAAAAAAA',
      'a'.repeat(5000),
    ]) {
      expectProblem(await call(getPayment, { params: { payment_id: id } }), 404, 'payment_not_found');
    }
    expectProblem(await call(revokeKey, { params: { key_id: `key_us_${'a'.repeat(26)}` } }), 404, 'key_not_found');
  });

  it('[RES-1] a tenant of another zone is made in that zone', async () => {
    const reply = await call(createTenant, { key: 'eu', authorizer: operator, body: { name: 'Acme', zone: 'eu' } });
    expectProblem(reply, 421, 'wrong_zone');
    expect(reply.json.base_url).toBe('https://api.eu.example.com/v1');
  });
});
