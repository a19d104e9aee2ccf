// Deliveries are signed so that the libraries which merchants have already accept them unchanged, and nothing else.

import { createHmac, randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import Stripe from 'stripe';
import { Webhook as SvixWebhook } from 'svix';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Secret } from '../../../lambdas/kernel/crypto/secret.ts';
import {
  mintWebhookSecret,
  type SignatureHeaders,
  webhookSigner,
} from '../../../lambdas/kernel/crypto/webhook_signature.ts';
import { webhooks } from '../../../sdk/src/index.ts';

const nowSeconds = 1_800_000_000;
const id = 'evt_us_aaaaaaaaaaaaaaaaaaaaaaaaaa';
const mint = () => mintWebhookSecret(randomBytes);
const { webhooks: stripe } = new Stripe('sk_test_none');

/** An event as it may come: any text in it, and the fields that every event has. */
const bodies = fc
  .record({ text: fc.string({ unit: 'binary' }), more: fc.jsonValue({ depthSize: 'small' }) })
  .map((data) =>
    JSON.stringify({
      id,
      object: 'event',
      mode: 'test',
      type: 'payment.captured',
      occurred_at: '2027-01-15T08:00:00.000Z',
      schema_version: 1,
      tenant_id: 'ten_1',
      aggregate_type: 'payment',
      aggregate_id: 'pay_1',
      sequence: 1,
      data,
    }),
  );

/** Each says whether it takes the delivery at the time that the clock of this file shows. */
type Verifier = (body: Buffer, headers: SignatureHeaders, secret: string) => boolean | Promise<boolean>;

const accepts = (verify: () => unknown): boolean => {
  try {
    verify();
    return true;
  } catch {
    return false;
  }
};

const ours =
  (...names: (keyof SignatureHeaders)[]): Verifier =>
  (body, headers, secret) =>
    webhooks
      .verify(body, Object.fromEntries(names.map((name) => [name, headers[name]])), secret)
      .then(() => true)
      .catch(() => false);

const standardNames = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const;

const standard: Record<string, Verifier> = {
  standardwebhooks: (body, headers, secret) =>
    accepts(() => new StandardWebhook(secret).verify(body, { ...headers }, { jsonParse: false })),
  svix: (body, headers, secret) => accepts(() => new SvixWebhook(secret).verify(body, { ...headers })),
  'our library, Standard Webhooks': ours(...standardNames),
};
const timed: Record<string, Verifier> = {
  stripe: (body, headers, secret) =>
    accepts(() => stripe.constructEvent(body, headers['strongroom-signature'], secret)),
  'our library, strongroom-signature': ours('strongroom-signature'),
};
const everybody = { ...standard, ...timed };

const deliver = (body: string, secrets: readonly Secret<string>[], timestampSeconds = nowSeconds) =>
  webhookSigner(secrets)({ id, timestampSeconds, body });

/** Another byte at `at`, modulo the length. */
const damaged = (bytes: Buffer, at: number, by: number): Buffer => {
  const copy = Buffer.from(bytes);
  const place = at % copy.length;
  copy[place] = (copy[place] ?? 0) ^ by;
  return copy;
};
const places = fc.nat({ max: 1_000_000 });
const byteFlips = fc.integer({ min: 1, max: 255 });
/** Stays in ASCII, as a header must. */
const characterFlips = fc.integer({ min: 1, max: 127 });

beforeAll(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: nowSeconds * 1000 });
});
afterAll(() => {
  vi.useRealTimers();
});

describe.each(Object.entries(everybody))('[WHK-1] %s', (_, verify) => {
  it('accepts what we sign, whatever the body holds', async () => {
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        const secret = mint();
        expect(await verify(Buffer.from(body), deliver(body, [secret]), secret.reveal())).toBe(true);
      }),
    );
  });

  it('refuses any byte of the body changed', async () => {
    await fc.assert(
      fc.asyncProperty(bodies, places, byteFlips, async (body, at, by) => {
        const secret = mint();
        const other = damaged(Buffer.from(body), at, by);
        expect(await verify(other, deliver(body, [secret]), secret.reveal())).toBe(false);
      }),
    );
  });

  it('refuses another secret', async () => {
    const body = '{"type":"payment.captured"}';
    expect(await verify(Buffer.from(body), deliver(body, [mint()]), mint().reveal())).toBe(false);
  });

  it('refuses what is older than five minutes', async () => {
    const secret = mint();
    const [body = ''] = fc.sample(bodies, 1);
    const at = (age: number) => verify(Buffer.from(body), deliver(body, [secret], nowSeconds - age), secret.reveal());
    expect([await at(300), await at(301)]).toEqual([true, false]);
  });

  it('[WHK-3] accepts either secret while one replaces the other, and neither secret of anybody else', async () => {
    const [next, last, foreign] = [mint(), mint(), mint()];
    const [body = ''] = fc.sample(bodies, 1);
    const headers = deliver(body, [next, last]);
    const with_ = (secret: Secret<string>) => verify(Buffer.from(body), headers, secret.reveal());
    expect([await with_(next), await with_(last), await with_(foreign)]).toEqual([true, true, false]);
  });
});

describe.each(Object.entries(standard))('[WHK-1] %s', (_, verify) => {
  it.each(standardNames)('refuses any character of %s changed', async (name) => {
    await fc.assert(
      fc.asyncProperty(bodies, places, characterFlips, async (body, at, by) => {
        const secret = mint();
        const headers = deliver(body, [secret]);
        const other = { ...headers, [name]: damaged(Buffer.from(headers[name]), at, by).toString('latin1') };
        expect(await verify(Buffer.from(body), other, secret.reveal())).toBe(false);
      }),
    );
  });
});

describe.each(Object.entries(timed))('[WHK-1] %s', (_, verify) => {
  it('refuses any character of strongroom-signature changed', async () => {
    await fc.assert(
      fc.asyncProperty(bodies, places, characterFlips, async (body, at, by) => {
        const secret = mint();
        const headers = deliver(body, [secret]);
        const text = damaged(Buffer.from(headers['strongroom-signature']), at, by).toString('latin1');
        expect(await verify(Buffer.from(body), { ...headers, 'strongroom-signature': text }, secret.reveal())).toBe(
          false,
        );
      }),
    );
  });
});

describe('[WHK-1] the signer', () => {
  const body = '{"a":"ü€😀"}';

  it('keys Standard Webhooks with the decoded bytes, and the other scheme with the whole text', () => {
    const secret = mint();
    const text = secret.reveal();
    const headers = deliver(body, [secret]);
    const one = createHmac('sha256', Buffer.from(text.slice(6), 'base64')).update(`${id}.${nowSeconds}.${body}`);
    const other = createHmac('sha256', Buffer.from(text, 'utf8')).update(`${nowSeconds}.${body}`);
    expect(headers).toEqual({
      'webhook-id': id,
      'webhook-timestamp': String(nowSeconds),
      'webhook-signature': `v1,${one.digest('base64')}`,
      'strongroom-signature': `t=${nowSeconds},v1=${other.digest('hex')}`,
    });
  });

  it('signs with the newest secret first', () => {
    const [next, last] = [mint(), mint()];
    const both = deliver(body, [next, last]);
    const [ofNext, ofLast] = [deliver(body, [next]), deliver(body, [last])];
    expect(both['webhook-signature']).toBe(`${ofNext['webhook-signature']} ${ofLast['webhook-signature']}`);
    expect(both['strongroom-signature']).toBe(
      `${ofNext['strongroom-signature']}${ofLast['strongroom-signature'].slice(`t=${nowSeconds}`.length)}`,
    );
  });

  it('never signs with nothing', () => {
    expect(() => webhookSigner([])).toThrow('no secret');
  });

  it.each(['', 'whsec_', `whsec_${'A'.repeat(44)}`, ` ${mint().reveal()}`, `${mint().reveal()}\n`, 'sk_test_us_a'])(
    'signs with no secret of another form: %j',
    (text) => {
      expect(() => webhookSigner([new Secret(text)])).toThrow('form');
    },
  );

  it.each(['', 'a.b', 'a b', 'a\nb', 'ä'])('signs no id that could be read in two ways: %j', (bad) => {
    expect(() => webhookSigner([mint()])({ id: bad, timestampSeconds: 1, body })).toThrow('id');
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('signs no time that is none: %j', (timestampSeconds) => {
    expect(() => webhookSigner([mint()])({ id, timestampSeconds, body })).toThrow('time');
  });

  it('prints no secret', () => {
    const secret = mint();
    const text = secret.reveal();
    const signer = webhookSigner([secret]);
    const shown = [
      String(secret),
      JSON.stringify({ secret }),
      inspect({ secret, signer }, { showHidden: true, depth: 9 }),
    ];
    expect(shown.join()).not.toContain(text.slice(6));
  });
});

describe('[WHK-1] a minted secret', () => {
  it('is 32 random bytes, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const text = mintWebhookSecret(() => bytes).reveal();
        expect(text).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
        expect(Buffer.from(text.slice(6), 'base64')).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it('is made of no fewer', () => {
    expect(() => mintWebhookSecret(() => new Uint8Array(31))).toThrow('32');
  });
});
