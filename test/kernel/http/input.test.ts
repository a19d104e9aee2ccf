// What is sent is read once, and means one thing: bytes that are no text, numbers that no machine holds exactly, times and
// addresses that do not exist are refused with a pointer, and change nothing.

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Operation } from '../../../contract/capabilities.ts';
import { createConnection } from '../../../contract/connections/operations.ts';
import { createCustomer } from '../../../contract/customers/operations.ts';
import { currencies, withdrawnCurrencies } from '../../../contract/kernel/currencies.ts';
import { createPayment, listPayments } from '../../../contract/payments/operations.ts';
import { createKey } from '../../../contract/tenants/operations.ts';
import { createWebhookEndpoint } from '../../../contract/webhooks/operations.ts';
import { keyNameOf } from '../../../lambdas/kernel/crypto/envelope.ts';
import { addressAllowed, blocksWithin } from '../../../lambdas/tenants/domain/allowed_addresses.ts';
import { apiHandler, everyPort } from '../../kit/api_functions.ts';
import { caller, eventOf, type merchant, type Reply, realMerchant, type Sent } from '../../kit/requests.ts';
import { openRuntime } from '../../kit/runtime/open.ts';
import { lambdaContext, type RuntimeFixture } from '../../kit/runtime/runtime_fixture.ts';

let runtime: RuntimeFixture;
let call: ReturnType<typeof caller>;
let handler: ReturnType<typeof apiHandler>;
let authorizer: typeof merchant;
let sent = 0;

beforeAll(async () => {
  runtime = await openRuntime();
  handler = apiHandler(() => everyPort(runtime.platform));
  call = caller(handler);
  authorizer = await realMerchant(call);
});
afterAll(() => runtime.stop());

const keyOf = (): string => {
  sent += 1;
  return `input-${sent}`;
};
const ask = (operation: Operation, body: unknown, more: Partial<Sent> = {}): Promise<Reply> =>
  call(operation, { key: keyOf(), body, authorizer, ...more });

const visa = { amount: 1999, currency: 'EUR', payment_method: 'pm_test_visa' };
const invalid = (reply: Reply, pointer: string) => {
  expect(reply.json).toMatchObject({ status: 400, code: 'request_invalid' });
  expect(reply.json.errors[0].pointer).toBe(pointer);
};

/** Bytes as the gateway hands them over. */
const askBytes = async (operation: Operation, bytes: Uint8Array): Promise<Reply> => {
  const event = eventOf(operation, { key: keyOf(), body: 'x', authorizer });
  const body = Buffer.from(bytes).toString('base64');
  const result = await handler({ ...event, body, isBase64Encoded: true }, { ...lambdaContext });
  return { ...result, json: JSON.parse(result.body) };
};

describe('[API-3] a body', () => {
  const around = (bytes: number[]): Buffer =>
    Buffer.concat([Buffer.from('{"name":"a'), Buffer.from(bytes), Buffer.from('b"}')]);

  it.each([
    ['a byte that begins nothing', [0xff]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['half of a surrogate pair (CESU-8)', [0xed, 0xa0, 0x80]],
    ['beyond the last code point', [0xf4, 0x90, 0x80, 0x80]],
    ['a character that is cut off', [0xe2, 0x82]],
  ])('of bytes that are no UTF-8 is refused: %s', async (_, bytes) => {
    expect((await askBytes(createCustomer, around(bytes))).json).toMatchObject({ status: 400, code: 'json_malformed' });
  });

  it('may hold every character that there is', async () => {
    const reply = await askBytes(createCustomer, around([...Buffer.from('ключ 🔑 \u{10FFFF}')]));
    expect(reply.json.name).toBe('aключ 🔑 \u{10FFFF}b');
  });

  it.each(['\\ud800', '\\udc00\\ud800', 'x\\ud83d'])(
    'with half of a surrogate pair is refused wherever it stands: %s',
    async (half) => {
      invalid(await ask(createCustomer, `{"name":"${half}"}`), '/name');
      invalid(await ask(createWebhookEndpoint, `{"url":"https://example.com/${half}"}`), '/url');
      invalid(await ask(createPayment, `{"metadata":{"a":["${half}"]}}`), '/metadata/a/0');
      invalid(await ask(createPayment, `{"metadata":{"${half}":"a"}}`), '/metadata');
    },
  );

  it.each([
    '99.99999999999999999',
    '1999.0',
    '1e3',
    '1E+2',
    '-0',
    '9007199254740993',
    '1999.00000000000000001',
    '123456789012345678901234567890',
  ])('with a number that is not an integer written in digits is refused: %s', async (number) => {
    invalid(
      await ask(createPayment, `{"amount":${number},"currency":"EUR","payment_method":"pm_test_visa"}`),
      '/amount',
    );
  });

  it('that is compressed is refused, and so is one of two kinds', async () => {
    const gzip = await ask(createPayment, visa, { headers: { 'Content-Encoding': 'gzip' } });
    expect(gzip.json).toMatchObject({ status: 415, code: 'media_type_unsupported' });
    expect((await ask(createPayment, visa, { headers: { 'Content-Encoding': 'identity' } })).statusCode).toBe(201);
    const event = eventOf(createPayment, { key: keyOf(), body: visa, authorizer });
    const types = ['application/json', 'text/plain'];
    const multiValueHeaders = { ...event.multiValueHeaders, 'Content-Type': types };
    const two = await handler({ ...event, multiValueHeaders }, { ...lambdaContext });
    expect(JSON.parse(two.body)).toMatchObject({ status: 400, errors: [{ header: 'Content-Type' }] });
  });
});

describe('[API-3] metadata', () => {
  it.each(['ключ', '鍵', 'order number', '🔑'.repeat(40), 'a.b-c_d/e'])(
    'has names in any writing: %s',
    async (name) => {
      const reply = await ask(createPayment, { ...visa, metadata: { [name]: 'value' } });
      expect(reply.json.metadata).toEqual({ [name]: 'value' });
    },
  );

  it.each(['', 'x'.repeat(41), '🔑'.repeat(41), 'a\nb', 'a\u0000', 'a\u007f', '__proto__'])(
    'has no name that is none: %j',
    async (name) => {
      const reply = await ask(createPayment, `{"amount":1,"metadata":{${JSON.stringify(name)}:"x"}}`);
      expect(reply.json).toMatchObject({ status: 400, code: 'request_invalid' });
    },
  );
});

describe('[API-3] the largest texts of the widest characters', () => {
  const wide = '\u{10FFFF}';
  const metadata = Object.fromEntries(
    Array.from({ length: 50 }, (_, at) => [`${wide.repeat(38)}${String(at).padStart(2, '0')}`, wide.repeat(500)]),
  );

  it.each([
    ['payments/create', createPayment, { ...visa, description: wide.repeat(500), metadata }],
    ['customers/create', createCustomer, { name: wide.repeat(100), metadata }],
    ['webhook_endpoints/create', createWebhookEndpoint, { url: 'https://example.com/wide', metadata }],
    ['connections/create', createConnection, { provider: 'test', metadata }],
  ] as const)('fit a row, with the reply and all that follows: %s', async (_, operation, body) => {
    const reply = await ask(operation, body);
    expect([reply.statusCode, reply.json.metadata]).toEqual([201, metadata]);
  });
});

describe('[API-3] a currency', () => {
  it('is one of today', async () => {
    expect(currencies).toContain('XCG');
    expect((await ask(createPayment, { ...visa, currency: 'XCG' })).json.currency).toBe('XCG');
  });

  it.each(Object.entries(withdrawnCurrencies))(
    'that was withdrawn is refused with the date: %s',
    async (code, { on, use }) => {
      const reply = await ask(createPayment, { ...visa, currency: code });
      invalid(reply, '/currency');
      expect(reply.json.errors[0].detail).toContain(on);
      expect(reply.json.errors[0].detail).toContain(use);
      expect(currencies).not.toContain(code);
      expect(currencies).toContain(use);
    },
  );
});

describe('[IAM-3] an address', () => {
  const key = { name: 'x', scopes: ['payments:read'] };
  it.each([
    'fe80:%a',
    'fe80::1%eth0',
    '::1%',
    '1.2.3',
    '01.2.3.4',
    '1.2.3.4/33',
    '::/129',
    '1.2.3.4/',
    '::ffff:1.2.3',
    '1.2.3.4.',
    '[::1]',
  ])('that is none is refused with its place: %s', async (block) => {
    invalid(await ask(createKey, { ...key, allowed_addresses: ['192.0.2.1', block] }), '/allowed_addresses/1');
  });

  it.each(['192.0.2.1', '192.0.2.0/24', '0.0.0.0/0', '2001:db8::/32', '::1', '::ffff:192.0.2.1', 'FE80::1'])(
    'or a block is taken: %s',
    async (block) => {
      expect((await ask(createKey, { ...key, allowed_addresses: [block] })).json.allowed_addresses).toEqual([block]);
    },
  );

  it('that was stored and cannot be read allows nothing, and fails nothing', () => {
    for (const block of ['fe80:%a', 'nonsense', '1.2.3.4/99', '', '::1/x']) {
      expect(addressAllowed([block], '192.0.2.1')).toBe(false);
      expect(addressAllowed([block, '192.0.2.1'], '192.0.2.1')).toBe(true);
      expect(blocksWithin(['192.0.2.1'], [block])).toBe(false);
      expect(blocksWithin([block], ['0.0.0.0/0', '::/0'])).toBe(true);
    }
  });
});

describe('[API-3] a time', () => {
  const key = { name: 'x', scopes: ['payments:read'] };
  it.each([
    '9999-12-31T23:59:59-23:59',
    '9999-12-31T23:59:59-00:01',
    '2030-01-01T00:00:00+24:00',
    '2030-01-01T00:00:00+00:60',
    '2030-02-30T00:00:00Z',
    '2030-01-01T24:00:00Z',
    '0000-01-01T00:00:00Z',
    '1969-12-31T23:59:59Z',
  ])('that no calendar holds is refused: %s', async (expires_at) => {
    invalid(await ask(createKey, { ...key, expires_at }), '/expires_at');
  });

  it('of expiry lies ahead', async () => {
    invalid(await ask(createKey, { ...key, expires_at: '2020-01-01T00:00:00Z' }), '/expires_at');
    expect((await ask(createKey, { ...key, expires_at: '9999-12-31T23:59:59Z' })).statusCode).toBe(201);
  });
});

describe('[API-3] a cursor', () => {
  it('of nobody’s making is refused, whatever it is made of', async () => {
    for (let made = 0; made < 3; made += 1) await ask(createPayment, visa);
    const { json } = await call(listPayments, { query: { limit: '1' }, authorizer });
    const good = Buffer.from(json.next_cursor, 'base64url');
    const spoiled = fc.nat({ max: good.length * 8 - 1 }).map((bit) => {
      const bytes = Buffer.from(good);
      bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      return bytes.toString('base64url');
    });
    const any = fc.oneof(
      spoiled,
      fc.base64String({ maxLength: 500 }),
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
    );
    await fc.assert(
      fc.asyncProperty(any, async (cursor) => {
        const reply = await call(listPayments, { query: { cursor }, authorizer });
        // One that names the other region's key may be good once that has replicated.
        const name = keyNameOf(Buffer.from(cursor, 'base64url'));
        const isOthers = name !== null && name !== 'subject' && name.number === 1;
        expect(reply.statusCode).toBe(isOthers ? 503 : 400);
      }),
      { numRuns: 200 },
    );
    expect((await call(listPayments, { query: { cursor: json.next_cursor }, authorizer })).statusCode).toBe(200);
  });
});

describe('[API-3] whatever is sent', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.string({
      unit: fc.constantFrom('\ud800', '\udc00', '\u0000', '\u200b', '\u202e', '\u0301', '"', '\\', '%', '/', '9'),
      maxLength: 20,
    }),
    fc.constantFrom(
      '',
      ' ',
      '__proto__',
      'constructor',
      '1e400',
      '-0',
      'NaN',
      'fe80::%1',
      '9999-12-31T23:59:59-23:59',
      '../..',
      'null',
    ),
  );
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 3 },
      hostile,
      fc.double(),
      fc.maxSafeInteger(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(hostile, tie('any'), { maxKeys: 3 }),
    ),
  })).any;
  const operationsThatTake: readonly (readonly [Operation, readonly string[]])[] = [
    [
      createPayment,
      ['amount', 'currency', 'payment_method', 'return_url', 'description', 'metadata', 'customer', 'capture_method'],
    ],
    [createKey, ['name', 'scopes', 'allowed_addresses', 'expires_at']],
    [createWebhookEndpoint, ['url', 'events', 'description', 'metadata', 'ordering']],
    [createCustomer, ['name', 'email', 'address', 'metadata', 'phone']],
    [createConnection, ['provider', 'api_key', 'webhook_secret', 'merchant_account']],
  ];

  it.each(operationsThatTake.map(([operation, names]) => [operation.id, operation, names] as const))(
    '%s answers with less than 500',
    async (_, operation, names) => {
      const valid: Record<string, unknown> = {
        ...visa,
        name: 'x',
        scopes: ['payments:read'],
        url: 'https://example.com/',
        provider: 'test',
      };
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...names), value, async (name, spoiled) => {
          const body = Object.fromEntries(names.filter((each) => each in valid).map((each) => [each, valid[each]]));
          const reply = await ask(operation, { ...body, [name]: spoiled });
          expect(reply.statusCode, reply.body).toBeLessThan(500);
        }),
        { numRuns: 150 },
      );
    },
  );

  it('as bytes answers with less than 500', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        expect((await askBytes(createPayment, bytes)).statusCode).toBe(400);
      }),
      { numRuns: 200 },
    );
  });
});
