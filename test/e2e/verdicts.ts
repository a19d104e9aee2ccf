// What the libraries that merchants have say of a delivery.

import { Webhook as StandardWebhook } from 'standardwebhooks';
import Stripe from 'stripe';
import { Webhook as SvixWebhook } from 'svix';
import type { Arrival } from '../../cli/tour/receiver.ts';
import { webhooks } from '../../sdk/src/index.ts';

const stripe = new Stripe('sk_test_none');

const accepts = async (verify: () => unknown): Promise<boolean> => {
  try {
    await verify();
    return true;
  } catch {
    return false;
  }
};

export const verdicts = async ({ body, headers }: Pick<Arrival, 'body' | 'headers'>, secret: string) => {
  const texts = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  const timed = texts['strongroom-signature'] ?? '';
  return {
    ours: await accepts(() => webhooks.verify(body, headers, secret)),
    stripe: await accepts(() => stripe.webhooks.constructEvent(body, timed, secret)),
    standard: await accepts(() => new StandardWebhook(secret).verify(body, texts)),
    svix: await accepts(() => new SvixWebhook(secret).verify(body, texts)),
  };
};

export const all = (verdict: boolean): Awaited<ReturnType<typeof verdicts>> => ({
  ours: verdict,
  stripe: verdict,
  standard: verdict,
  svix: verdict,
});
