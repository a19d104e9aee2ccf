// The published vectors are what the signer makes today, and every verifier that merchants may use gives their verdict.

import { readFileSync } from 'node:fs';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import Stripe from 'stripe';
import { Webhook as SvixWebhook } from 'svix';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebhookVerificationError, webhooks } from '../../sdk/src/index.ts';
import { type Vector, vectors, vectorsText } from '../../sdk/vectors.ts';

const { webhooks: stripe } = new Stripe('sk_test_none');
const all = vectors().map((vector): [string, Vector] => [vector.name, vector]);

/** Only the headers of one scheme. */
const of = ({ headers }: Vector, scheme: 'webhook' | 'strongroom'): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith(scheme)));

const accepts = (verify: () => unknown): boolean => {
  try {
    verify();
    return true;
  } catch {
    return false;
  }
};

/** What our library says, where a body that is no event still had a valid signature. */
async function ours(vector: Vector, headers: Record<string, string>): Promise<string> {
  try {
    await webhooks.verify(vector.body, headers, vector.secret, { now: () => vector.now_seconds * 1000 });
    return 'valid';
  } catch (thrown) {
    const code = thrown instanceof WebhookVerificationError ? thrown.code : 'not ours';
    return code === 'body_malformed' && vector.body === '{}' ? 'valid' : code;
  }
}

beforeAll(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: (all[0]?.[1].now_seconds ?? 0) * 1000 });
});
afterAll(() => {
  vi.useRealTimers();
});

describe('[WHK-1] sdk/vectors.json', () => {
  it('is what the signer makes today: npm run docs', () => {
    expect(readFileSync('sdk/vectors.json', 'utf8')).toBe(vectorsText());
  });

  it('has every verdict of a signature, and secrets that are none', () => {
    expect(new Set(all.map(([, { verdict }]) => verdict))).toEqual(
      new Set(['valid', 'signature_missing', 'signature_mismatch', 'timestamp_out_of_tolerance']),
    );
    // One byte over and over: nobody can have been given one of these.
    for (const secret of all.map(([, vector]) => vector.secret)) {
      expect(new Set(Buffer.from(secret.slice('whsec_'.length), 'base64')).size).toBe(1);
    }
  });
});

describe.each(all)('[WHK-1] %s', (name, vector) => {
  const valid = vector.verdict === 'valid';
  const { secret } = vector;

  it('our library: the verdict of both schemes together', async () => {
    expect(await ours(vector, { ...vector.headers })).toBe(vector.verdict);
  });

  it('our library, standardwebhooks and svix: Standard Webhooks by itself', async () => {
    const headers = of(vector, 'webhook');
    expect(await ours(vector, headers)).toBe(vector.verdict);
    expect(accepts(() => new StandardWebhook(secret).verify(vector.body, headers))).toBe(valid);
    expect(accepts(() => new SvixWebhook(secret).verify(vector.body, headers))).toBe(valid);
  });

  it('our library and stripe: strongroom-signature by itself', async () => {
    const header = vector.headers['strongroom-signature'];
    expect(await ours(vector, of(vector, 'strongroom'))).toBe(header ? vector.verdict : 'signature_missing');
    // Stripe's library accepts what was signed in the future; ours does not.
    const accepted = valid || name === 'signed in the future';
    expect(accepts(() => stripe.constructEvent(vector.body, header ?? '', secret))).toBe(
      header !== undefined && accepted,
    );
  });
});
