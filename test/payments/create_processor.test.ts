// Whose account a payment goes to: the one behind its own connection, opened at most once in a while, or none for now.

import { expect, it } from 'vitest';
import { cacheLimits } from '../../contract/kernel/limits.ts';
import type { Connection, Credentials } from '../../lambdas/connections/domain/connection.ts';
import { DecryptionError } from '../../lambdas/kernel/crypto/keyring.ts';
import { readConfig } from '../../lambdas/kernel/platform/config.ts';
import type { Platform } from '../../lambdas/kernel/platform/platform.ts';
import {
  orUnavailable,
  type ProcessorTarget,
  processors,
  processorTransports,
} from '../../lambdas/payments/create_processor.ts';
import { loopbackTransport } from '../../lambdas/processors/https_exchange.ts';
import { stripeLimits } from '../../lambdas/processors/stripe/processor.ts';
import { stripeKey } from '../../processor/stand_ins/stripe_stub.ts';
import { environment } from '../kit/aws/environment.ts';

const target: ProcessorTarget = { tenant: 'ten_1', mode: 'test', connection: 'con_1', processor: 'stripe' };
const stripe = { provider: 'stripe', api_key: stripeKey, webhook_secret: 'whsec_1' } as const;

function given(credentials: Credentials = stripe) {
  let nowMs = 1_800_000_000_000;
  let opened = 0;
  const live: string[] = [];
  const lines: unknown[] = [];
  const stored: { connection: Connection | undefined } = {
    connection: {
      id: 'con_1',
      tenant: 'ten_1',
      mode: 'test',
      provider: 'stripe',
      status: 'active',
      credentials: new Uint8Array([1]),
      replacements: [],
    } as unknown as Connection,
  };
  const platform = {
    clock: () => nowMs,
    config: readConfig(environment('test', 'http://127.0.0.1:1')),
    log: (message: string, fields: object) => void lines.push([message, fields]),
  } as unknown as Platform;
  const secrets = {
    open: async () => {
      opened += 1;
      return JSON.stringify(credentials);
    },
  };
  const way = loopbackTransport('http://127.0.0.1:1', stripeLimits);
  const adyenLive = (prefix: string) => {
    live.push(prefix);
    return way;
  };
  const of = processors({
    platform,
    secrets,
    connections: async () => stored.connection,
    transports: { stripe: way, adyen: way, adyenLive },
  });
  return {
    of,
    stored,
    lines,
    live,
    opened: () => opened,
    pass(ms: number) {
      nowMs += ms;
    },
  };
}

it('[ENC-4] credentials are opened once while the processor is kept, and anew when its time is over', async () => {
  const { of, opened, pass } = given();
  const first = await of(target);
  pass(cacheLimits.processorMs - 1);
  expect(await of(target)).toBe(first);
  expect(opened()).toBe(1);
  pass(1);
  expect(await of(target)).not.toBe(first);
  expect(opened()).toBe(2);
});

it.each<[string, object | undefined]>([
  ['not there', undefined],
  ['another tenant’s', { tenant: 'ten_2' }],
  ['another mode’s', { mode: 'live' }],
  ['another provider’s', { provider: 'adyen' }],
  ['deleted for good', { status: 'deleted', expires_at_s: 1 }],
])('a connection that is %s serves no payment', async (_, change) => {
  const { of, stored, opened, lines } = given();
  stored.connection = change && stored.connection && { ...stored.connection, ...change };
  await expect(of(target)).rejects.toMatchObject({ code: 'connection_not_found' });
  expect([opened(), lines]).toEqual([0, []]);
});

it('what was opened for one tenant is nobody else’s', async () => {
  const { of } = given();
  await of(target);
  for (const change of [{ tenant: 'ten_2' }, { processor: 'adyen' }]) {
    await expect(of({ ...target, ...change })).rejects.toMatchObject({ code: 'connection_not_found' });
  }
});

it('credentials of another provider than the connection’s move nothing, and are logged', async () => {
  const { of, lines } = given({ provider: 'test', webhook_secret: 'x' });
  await expect(of(target)).rejects.toMatchObject({ code: 'unavailable' });
  const defect = 'a connection’s credentials are another provider’s';
  expect(lines).toEqual([['connection_failed', { tenant: 'ten_1', mode: 'test', object: 'con_1', defect }]]);
});

it.each([
  [new DecryptionError('key_gone'), 'con_1', 'an envelope does not open: key_gone', { object: 'con_1' }],
  [new TypeError('sk_test_1 is no key'), null, 'TypeError', {}],
])(
  '[PAY-1] what keeps a connection from being had (%o) is refused for now, in our own words',
  async (thrown, connection, defect, named) => {
    const lines: unknown[] = [];
    const log = (message: string, fields: object) => void lines.push([message, fields]);
    const had = orUnavailable({ log }, { tenant: 'ten_1', mode: 'test', connection }, () => Promise.reject(thrown));
    await expect(had).rejects.toMatchObject({ code: 'unavailable', details: { retryAfterSeconds: 1 } });
    expect(lines).toEqual([['connection_failed', { tenant: 'ten_1', mode: 'test', defect, ...named }]]);
  },
);

it('each provider has a way of its own', () => {
  const { stripe: one, adyen: two } = processorTransports();
  expect(one).toBeDefined();
  expect(two).toBeDefined();
  expect(one).not.toBe(two);
});

const adyen = {
  provider: 'adyen',
  api_key: 'a'.repeat(40),
  merchant_account: 'Shop',
  hmac_key: 'ab'.repeat(32),
  multiple_partial_captures: 'enabled',
  live_prefix: '1797a841fbb37ca7-AdyenDemo',
} as const;

/** A connection of that mode, at Adyen. */
function atAdyen(mode: 'test' | 'live', live_prefix: string | null) {
  const made = given({ ...adyen, live_prefix });
  const { connection } = made.stored;
  if (connection !== undefined) made.stored.connection = { ...connection, provider: 'adyen', mode };
  return { ...made, ask: () => made.of({ ...target, processor: 'adyen', mode }) };
}

it('[PAY-1] a live payment goes to the live address of its own account, and no test payment does', async () => {
  const live = atAdyen('live', adyen.live_prefix);
  expect((await live.ask()).name).toBe('adyen');
  expect(live.live).toEqual([adyen.live_prefix]);
  const test = atAdyen('test', null);
  await test.ask();
  expect(test.live).toEqual([]);
});

it.each([
  ['test', adyen.live_prefix],
  ['live', null],
] as const)('[PAY-1] an account whose address is not of its mode (%s) is asked nothing', async (mode, prefix) => {
  const { ask, live } = atAdyen(mode, prefix);
  await expect(ask()).rejects.toMatchObject({ code: 'unavailable' });
  expect(live).toEqual([]);
});

it('[PAY-1] the test processor takes no live payment', async () => {
  const { of } = given();
  await expect(of({ ...target, mode: 'live', connection: null, processor: 'test' })).rejects.toThrow(/no live payment/);
});
