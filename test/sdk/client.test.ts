// The client against a service that misbehaves: what must happen once happens once, what is unknown is said to be.

import { inspect } from 'node:util';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import manifest from '../../sdk/package.json' with { type: 'json' };
import { type ConnectionError, StrongroomError, unlessFailed } from '../../sdk/src/index.ts';
import {
  answer,
  type Conduct,
  type ConductName,
  clientOf,
  conducts,
  key,
  payment,
  problem,
  type Service,
  serve,
} from './service.ts';

const running: Service[] = [];
afterEach(() => {
  for (const service of running.splice(0)) service.close();
});
const open = async (...script: (ConductName | Conduct)[]): Promise<Service> => {
  const service = await serve(script);
  running.push(service);
  return service;
};

const order = { amount: 1999, currency: 'EUR', payment_method: 'pm_test_visa' } as const;
const keysOf = ({ received }: Service) => received.map(({ headers }) => headers['idempotency-key']);
const failure = (call: Promise<unknown>): Promise<StrongroomError | ConnectionError> =>
  call.then(
    () => Promise.reject(new Error('it succeeded')),
    (thrown) => thrown,
  );
const names = Object.keys(conducts) as ConductName[];

describe('[PAY-1] a call that creates something', () => {
  it('sends what it is given, with the key and an Idempotency-Key of its own', async () => {
    const service = await open('ok');
    const { client } = clientOf(service);
    expect(await client.payments.create(order)).toEqual(payment);
    expect(await client.payments.create(order)).toEqual(payment);
    const [one, other] = service.received;
    expect(one).toMatchObject({ method: 'POST', url: '/v1/payments', body: JSON.stringify(order) });
    expect(one?.headers).toMatchObject({ authorization: `Bearer ${key}`, 'content-type': 'application/json' });
    expect(one?.headers['user-agent']).toBe(`strongroom-sdk/${manifest.version}`);
    expect(one?.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/);
    expect(other?.headers['idempotency-key']).not.toBe(one?.headers['idempotency-key']);
  });

  it('is done at most once, under one key, in at most so many attempts, whatever becomes of them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 5 }),
        async (script, attempts) => {
          const service = await serve(script);
          const { client } = clientOf(service, { attempts });
          const outcome = await client.payments.create(order).catch((thrown: unknown) => thrown);
          service.close();
          expect(service.received.length).toBeLessThanOrEqual(attempts);
          expect(new Set(keysOf(service)).size).toBe(1);
          expect(new Set(service.received.map(({ body }) => body || JSON.stringify(order))).size).toBe(1);
          expect(service.ledger.size).toBeLessThanOrEqual(1);
          const good = script.slice(0, attempts).indexOf('ok');
          const stays = script.length <= attempts && script.at(-1) === 'ok';
          if (good >= 0 || stays) expect(outcome).toEqual(payment);
          else expect(outcome).toMatchObject({ idempotencyKey: keysOf(service)[0] });
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each(names.filter((name) => name !== 'ok'))('goes on after: %s', async (name) => {
    const service = await open(name, name, 'ok');
    const { client } = clientOf(service);
    expect(await client.payments.create(order, { idempotencyKey: 'order-42' })).toEqual(payment);
    expect(keysOf(service)).toEqual(['order-42', 'order-42', 'order-42']);
  });

  it.each(names.filter((name) => name !== 'ok'))(
    'gives up after the last attempt, and names its key: %s',
    async (name) => {
      const service = await open(name);
      const { client } = clientOf(service, { attempts: 3 });
      expect(await failure(client.payments.create(order))).toMatchObject({ idempotencyKey: keysOf(service)[0] });
      expect(service.received).toHaveLength(3);
    },
  );

  it.each([
    [400, 'request_invalid'],
    [401, 'credentials_invalid'],
    [403, 'scope_missing'],
    [404, 'payment_not_found'],
    [409, 'payment_not_capturable'],
    [422, 'idempotency_mismatch'],
  ])('is not repeated after %i %s', async (status, code) => {
    const service = await open(problem(status, code), 'ok');
    const { client } = clientOf(service);
    expect(await failure(client.payments.capture('pay_1'))).toMatchObject({ name: 'StrongroomError', status, code });
    expect(service.received).toHaveLength(1);
  });

  it.each([0, -1, 1.5, 11, Number.NaN, Number.POSITIVE_INFINITY])(
    'has no such number of attempts: %d',
    async (attempts) => {
      const service = await open('failed after');
      expect(() => clientOf(service, { attempts })).toThrow(TypeError);
      await expect(clientOf(service).client.payments.create(order, { attempts })).rejects.toThrow(TypeError);
      expect(service.received).toEqual([]);
    },
  );

  it('sends {} where nothing is given, since a body is asked for', async () => {
    const service = await open(answer(201, { object: 'capture' }));
    await clientOf(service).client.payments.capture('pay_1');
    expect(service.received[0]).toMatchObject({ url: '/v1/payments/pay_1/captures', body: '{}' });
  });

  it.each(['', ' a', 'ä', 'a\r\nX-Evil: 1', 'x'.repeat(256)])(
    'sends no Idempotency-Key that is none: %j',
    async (bad) => {
      const service = await open('ok');
      await expect(clientOf(service).client.payments.create(order, { idempotencyKey: bad })).rejects.toThrow(TypeError);
      expect(service.received).toEqual([]);
    },
  );
});

describe('[PAY-1] a call without an Idempotency-Key', () => {
  const unknown = names.filter((name) => name.endsWith('after') || name === 'lost');

  it.each(unknown)('is not repeated where it may have been done, unless its method allows it: %s', async (name) => {
    const [patch, get, remove] = [await open(name), await open(name), await open(name)];
    await failure(clientOf(patch).client.tenants.update('ten_1', { name: 'New' }));
    await failure(clientOf(get).client.payments.get('pay_1'));
    await failure(clientOf(remove).client.keys.revoke('key_1'));
    expect([patch, get, remove].map(({ received }) => received.length)).toEqual([1, 4, 4]);
    expect(keysOf(get)).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('is repeated after 429, whatever its method', async () => {
    const service = await open('limited', answer(200, { object: 'tenant' }));
    await clientOf(service).client.tenants.update('ten_1', { name: 'New' });
    expect(service.received).toHaveLength(2);
  });
});

describe('waiting', () => {
  it('grows with every attempt, at random from nothing to a bound', async () => {
    for (const [random, expected] of [
      [0, [0, 0, 0, 0, 0, 0, 0]],
      [1, [500, 1000, 2000, 4000, 8000, 8000, 8000]],
    ] as const) {
      const { client, slept } = clientOf(await open('failed after'), { attempts: 8, random: () => random });
      await failure(client.payments.create(order));
      expect(slept).toEqual(expected);
    }
  });

  it('is never shorter than Retry-After, in seconds or as a date', async () => {
    const date = new Date(1_800_000_010_000).toUTCString();
    const service = await open('limited', 'running', problem(503, 'unavailable', { 'Retry-After': date }), 'ok');
    const { client, slept } = clientOf(service, { random: () => 0, now: () => 1_800_000_000_000 });
    await client.payments.create(order);
    expect(slept).toEqual([2_000, 3_000, 10_000]);
  });

  it.each([
    ['61', 61],
    ['99999999999', 99_999_999_999],
    ['9'.repeat(30), Number.MAX_SAFE_INTEGER],
    ['Fri, 31 Dec 9999 23:59:59 GMT', 251_402_300_798],
  ])('longer than a minute is left to the caller, and the error says so: %s', async (text, seconds) => {
    const service = await open(problem(429, 'rate_limited', { 'Retry-After': text }));
    const { client, slept } = clientOf(service, { now: () => 2_000_000_001_000 });
    expect(await failure(client.payments.create(order))).toMatchObject({
      code: 'rate_limited',
      retryAfterSeconds: seconds,
      message: `Title: Detail. Not repeated: the service asks for a wait of ${seconds} s, and 60 s is the longest.`,
    });
    expect([slept, service.received.length]).toEqual([[], 1]);
  });

  it.each(['soon', '-1', '1e9', '', 'NaN'])('a Retry-After of %j is none', async (text) => {
    const { client } = clientOf(await open(problem(429, 'rate_limited', { 'Retry-After': text })), { attempts: 1 });
    const { retryAfterSeconds } = (await failure(client.payments.create(order))) as StrongroomError;
    expect(retryAfterSeconds === null || retryAfterSeconds === 0).toBe(true);
  });
});

describe('an end', () => {
  const hang: Conduct = () => {};
  const paused = problem(429, 'rate_limited', { 'Retry-After': '30' });
  const drip: Conduct = (response) => {
    response.writeHead(201, { 'Content-Type': 'application/json' });
    response.write('{"id":');
  };

  it.each([
    ['no answer', hang],
    ['an answer that never ends', drip],
  ])('comes to every attempt: %s', async (_, conduct) => {
    const service = await open(conduct);
    const { client, slept } = clientOf(service, { timeoutMs: 80, attempts: 2 });
    expect(await failure(client.payments.create(order))).toMatchObject({ name: 'ConnectionError', code: 'timed_out' });
    expect(slept).toHaveLength(1);
  });

  it.each([
    ['no answer', hang],
    ['an answer that never ends', drip],
    ['a pause', paused],
  ])('is the caller’s to make, with their reason: during %s', async (_, conduct) => {
    const service = await open(conduct);
    const { client } = clientOf(service, { sleep: undefined });
    const attempts = conduct === paused ? 2 : 1;
    const end = new AbortController();
    const reason = new Error('no longer needed');
    const call = failure(client.payments.create(order, { signal: end.signal, attempts }));
    for (let looked = 0; looked < 1_000 && service.received.length === 0; looked += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    end.abort(reason);
    expect(await call).toBe(reason);
    expect(service.received).toHaveLength(1);
  });

  it('that has come already lets nothing out', async () => {
    const service = await open('ok');
    const call = clientOf(service).client.payments.create(order, { signal: AbortSignal.abort(new Error('before')) });
    await expect(call).rejects.toThrow('before');
    expect(service.received).toEqual([]);
  });

  it('comes to an answer without end in size', async () => {
    let sent = 0;
    let canceled = false;
    const stream = new ReadableStream({
      pull: (controller) => {
        sent += 1;
        controller.enqueue(new Uint8Array(1_000_000).fill(0x20));
      },
      cancel: () => {
        canceled = true;
      },
    });
    const { client } = clientOf(
      { url: 'https://api.example' },
      { fetch: async () => new Response(stream), attempts: 1 },
    );
    expect(await failure(client.payments.get('pay_1'))).toMatchObject({ name: 'ConnectionError', code: 'no_answer' });
    expect([canceled, sent < 12]).toEqual([true, true]);
  });
});

describe('an error', () => {
  it('says what the service said', async () => {
    const errors = [{ pointer: '/amount', detail: 'Expected at least 1 minor unit' }];
    const more = { errors, required_scopes: ['payments:write'], base_url: 'https://api.eu.example.com/v1' };
    const { client } = clientOf(await open(problem(400, 'request_invalid', {}, more)));
    const thrown = await failure(client.payments.create(order));
    expect(thrown).toBeInstanceOf(StrongroomError);
    expect(thrown).toMatchObject({
      message: 'Title: Detail.',
      code: 'request_invalid',
      status: 400,
      requestId: 'req-1',
      declineCode: null,
      retryAfterSeconds: null,
      errors,
      requiredScopes: ['payments:write'],
      baseUrl: 'https://api.eu.example.com/v1',
    });
  });

  it.each([
    ['a page of a proxy', answer(403, '<html>', { 'X-Request-Id': 'edge-1' })],
    ['a code that is no text', answer(403, { code: 1, detail: 'x' }, { 'X-Request-Id': 'edge-1' })],
    ['errors that are no list', answer(403, { code: 'x', detail: 'x', errors: 'y' }, { 'X-Request-Id': 'edge-1' })],
    ['errors of nothing', answer(403, { code: 'x', detail: 'x', errors: [null] }, { 'X-Request-Id': 'edge-1' })],
    [
      'scopes that are no texts',
      answer(403, { code: 'x', detail: 'x', required_scopes: [1] }, { 'X-Request-Id': 'edge-1' }),
    ],
    ['a bare null', answer(403, 'null', { 'X-Request-Id': 'edge-1' })],
  ])('of somebody else is not taken for the service’s: %s', async (_, conduct) => {
    const { client } = clientOf(await open(conduct));
    expect(await failure(client.payments.create(order))).toMatchObject({
      code: 'answer_malformed',
      status: 403,
      requestId: 'edge-1',
      errors: [],
    });
  });

  it('of the wrong zone says where the right one is, and sends nothing there', async () => {
    const elsewhere = await open('ok');
    const service = await open(problem(421, 'wrong_zone', {}, { base_url: `${elsewhere.url}/v1` }));
    expect(await failure(clientOf(service).client.payments.create(order))).toMatchObject({
      code: 'wrong_zone',
      baseUrl: `${elsewhere.url}/v1`,
    });
    expect(elsewhere.received).toEqual([]);
    // The Fetch standard itself tries 421 once more, on a new connection.
    expect(service.received.length).toBeLessThanOrEqual(2);
  });

  it('follows no redirect, so the key goes nowhere else', async () => {
    const elsewhere = await open('ok');
    for (const status of [301, 303, 307, 308]) {
      const service = await open(answer(status, '', { Location: `${elsewhere.url}/v1/payments` }));
      expect(await failure(clientOf(service).client.payments.create(order))).toMatchObject({
        code: 'answer_malformed',
        status,
      });
    }
    expect(elsewhere.received).toEqual([]);
  });

  it('never holds the key, though the service or the network says it back', async () => {
    const echo: Conduct = (response, { headers }) =>
      problem(
        400,
        'request_invalid',
        { 'X-Request-Id': String(headers.authorization) },
        {
          detail: `You sent ${headers.authorization}`,
          request_id: undefined,
          errors: [{ header: 'Authorization', detail: String(headers.authorization) }],
        },
      )(response, { method: '', url: '', headers, body: '' });
    const leaky = async (_: string, init: RequestInit): Promise<Response> => {
      throw Object.assign(new TypeError(`failed: ${JSON.stringify(init.headers)}`), { cause: { code: key, init } });
    };
    const clients = [
      clientOf(await open(echo)).client,
      clientOf(await open('lost'), { attempts: 1 }).client,
      clientOf(await open('nonsense after'), { attempts: 1 }).client,
      clientOf({ url: 'https://api.example' }, { fetch: leaky, attempts: 1 }).client,
    ];
    for (const client of clients) {
      const thrown = await failure(client.payments.create(order));
      const shown = [
        inspect(thrown, { showHidden: true, depth: 9, getters: true }),
        JSON.stringify(thrown),
        `${thrown.stack}${String(thrown)}`,
        inspect(client, { showHidden: true, depth: 9, getters: true }),
        JSON.stringify(client),
      ].join();
      expect(shown).toContain('idempotencyKey');
      expect(shown).not.toContain(key.slice(-32));
    }
  });

  it('of the network names the system’s code', async () => {
    const { client } = clientOf(await open('lost'), { attempts: 1 });
    expect((await failure(client.payments.create(order))).message).toMatch(
      /^No whole answer came \((?:ECONNRESET|UND_ERR_SOCKET)\)$/,
    );
  });

  it('of the caller is theirs: what cannot be JSON is not sent, and not tried again', async () => {
    const service = await open('ok');
    const { client, slept } = clientOf(service);
    await expect(client.payments.create({ ...order, amount: 1n as never })).rejects.toThrow(TypeError);
    expect([service.received, slept]).toEqual([[], []]);
  });
});

describe('a decline', () => {
  const declined = {
    ...payment,
    status: 'failed',
    last_error: {
      code: 'declined',
      decline_code: 'insufficient_funds' as const,
      raw_decline_code: 'insufficient_funds',
      message: 'Declined.',
      retriable: false,
    },
  };

  it('is an answer', async () => {
    const { client } = clientOf(await open(answer(201, declined)));
    expect(await client.payments.create(order)).toEqual(declined);
  });

  it('is thrown for whoever asks for that, and nothing else is', () => {
    expect(() => unlessFailed(declined)).toThrow(StrongroomError);
    expect(() => unlessFailed(declined)).toThrow(
      expect.objectContaining({
        code: 'declined',
        declineCode: 'insufficient_funds',
        message: 'Declined.',
        status: null,
      }),
    );
    expect(() => unlessFailed({ status: 'failed', last_error: null })).toThrow(
      expect.objectContaining({ code: 'failed' }),
    );
    const processing = { ...payment, status: 'processing' };
    expect(unlessFailed(processing)).toBe(processing);
  });
});
