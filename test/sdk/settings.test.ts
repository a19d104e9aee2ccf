// Where a client sends its key: to the zone's address over TLS, and to the path that the operation names.

import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type StrongroomSettings, strongroom } from '../../sdk/src/index.ts';
import { key } from './service.ts';

/** The address that a call goes to. */
async function urlOf(settings: Partial<StrongroomSettings>, id = 'pay_1'): Promise<string> {
  let asked = '';
  const client = strongroom({
    key,
    fetch: async (url) => {
      asked = url;
      return Response.json({ object: 'payment' });
    },
    ...settings,
  });
  await client.payments.get(id);
  return asked;
}

describe('the address', () => {
  it.each([
    [{ domain: 'pay.example.com' }, 'https://api.us.pay.example.com/v1/payments/pay_1'],
    [
      { domain: 'example.com', key: key.replace('sk_test_us', 'sk_live_eu') },
      'https://api.eu.example.com/v1/payments/pay_1',
    ],
    [{ domain: 'example.com', key: 'ok_apac_a_b' }, 'https://api.apac.example.com/v1/payments/pay_1'],
    [{ baseUrl: 'https://api.us.example.com' }, 'https://api.us.example.com/v1/payments/pay_1'],
    [{ baseUrl: 'https://api.us.example.com/v1/' }, 'https://api.us.example.com/v1/payments/pay_1'],
    [{ baseUrl: 'https://x.example/prod/v1' }, 'https://x.example/prod/v1/payments/pay_1'],
    [{ baseUrl: 'http://127.0.0.1:4000/v1' }, 'http://127.0.0.1:4000/v1/payments/pay_1'],
    [{ baseUrl: 'http://[::1]:4000' }, 'http://[::1]:4000/v1/payments/pay_1'],
    [{ baseUrl: 'https://own.example', domain: 'example.com' }, 'https://own.example/v1/payments/pay_1'],
  ])('of %j is %s', async (settings, url) => {
    expect(await urlOf(settings)).toBe(url);
  });

  it.each([
    {},
    { baseUrl: '' },
    { baseUrl: 'api.example.com' },
    { baseUrl: 'http://api.example.com' },
    { baseUrl: 'http://127.0.0.1.example.com' },
    { baseUrl: 'http://localhost@evil.example' },
    { baseUrl: 'https://user@api.example.com' },
    { baseUrl: 'https://:password@api.example.com' },
    { baseUrl: 'https://api.example.com/?to=' },
    { baseUrl: 'https://api.example.com/#' + 'x' },
    { baseUrl: 'javascript:alert(1)' },
    { domain: 'localhost' },
    { domain: 'example.com/evil' },
    { domain: 'evil.example#.com' },
    { domain: 'example.com:8443' },
    { domain: 'example.com', key: 'sk_test_' },
    { domain: 'example.com', key: 'agent_key' },
  ])('of %j is none', (settings) => {
    expect(() => strongroom({ key, ...settings })).toThrow(TypeError);
  });

  it.each(['', '.', '..', undefined, null, 1, {}])('no id leads to another path: %j', async (id) => {
    const client = strongroom({ key, domain: 'example.com', fetch: () => Promise.reject(new Error('sent')) });
    await expect(client.payments.get(id as string)).rejects.toThrow(TypeError);
    expect(() => client.captures.list(id as string)).toThrow(TypeError);
  });

  it.each([
    ['../tenants', '..%2Ftenants'],
    ['a?b#c', 'a%3Fb%23c'],
    ['%2e%2e', '%252e%252e'],
    ['a\\..\\b', 'a%5C..%5Cb'],
  ])('%s stays one segment', async (id, segment) => {
    const url = await urlOf({ domain: 'example.com' }, id);
    expect(new URL(url).pathname).toBe(`/v1/payments/${segment}`);
  });
});

describe('a fetch', () => {
  it.each([[[undefined, globalThis]], [[globalThis]]])(
    'of the platform works unbound: it refuses to be the method of anything else (%#)',
    async (owners) => {
      async function platformFetch(this: unknown, url: string): Promise<Response> {
        if (!owners.includes(this as undefined)) throw new TypeError('Illegal invocation');
        return Response.json({ object: 'payment', url });
      }
      const client = strongroom({ key, domain: 'example.com', attempts: 1, fetch: platformFetch });
      expect(await client.payments.get('pay_1')).toMatchObject({ object: 'payment' });
    },
  );
});

describe('the User-Agent', () => {
  const sentWith = async (settings: Partial<StrongroomSettings>): Promise<string | null> => {
    let sent: string | null = null;
    const fetch = async (_: string, { headers }: RequestInit): Promise<Response> => {
      sent = new Headers(headers).get('user-agent');
      return Response.json({ object: 'payment' });
    };
    await strongroom({ key, domain: 'example.com', fetch, ...settings }).payments.get('pay_1');
    return sent;
  };

  it('is always sent, and is the caller’s own where he gives one', async () => {
    expect(await sentWith({})).toMatch(/^strongroom-sdk\/\d+\.\d+\.\d+$/);
    expect(await sentWith({ userAgent: 'my-shop/2.1 (worker)' })).toBe('my-shop/2.1 (worker)');
  });

  it.each(['', ' ', 'a\r\nX: 1', 'ü', 'x'.repeat(201), 1])('is not %j: the firewall would refuse it', (userAgent) => {
    const settings = { key, domain: 'example.com', userAgent: userAgent as string };
    expect(() => strongroom(settings)).toThrow(TypeError);
  });
});

describe('the key', () => {
  it.each(['', `${key}\n`, ` ${key}`, `${key}\r\nX-Evil: 1`, `${key}ü`, 'x'.repeat(201), undefined, null, [key]])(
    'is refused where no header can hold it, and not shown: case %#',
    (bad) => {
      let thrown: unknown;
      try {
        strongroom({ key: bad as string, domain: 'example.com' });
      } catch (one) {
        thrown = one;
      }
      expect(thrown).toBeInstanceOf(TypeError);
      expect(inspect(thrown, { showHidden: true, depth: 9 })).not.toContain(key.slice(-32));
    },
  );
});
