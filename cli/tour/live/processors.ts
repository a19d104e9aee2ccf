// The merchant's accounts at Stripe and Adyen, on this machine: stand-ins that speak what the two document, keep ledgers of their own,
// refuse what the real ones refuse, and tell of it in signed webhooks. The payer's page is theirs, so it is played here too.

import { createHmac } from 'node:crypto';
import { AdyenStub, adyenKey, hmacKey, merchantAccount, messageIn } from '../../../processor/stand_ins/adyen_stub.ts';
import { StripeStub } from '../../../processor/stand_ins/stripe_stub.ts';

export const stripeAccount = {
  provider: 'stripe',
  api_key: 'sk_live_51StrongroomTourKey',
  publishable_key: 'pk_live_51StrongroomTourPage',
  webhook_secret: 'whsec_tourOfTheLiveDayBeginsHere0123',
} as const;

export const adyenAccount = {
  provider: 'adyen',
  api_key: adyenKey,
  merchant_account: merchantAccount,
  hmac_key: hmacKey,
  live_prefix: '1797a841fbb37ca7-Strongroom',
  multiple_partial_captures: 'enabled',
} as const;

export interface Processors {
  readonly stripe: StripeStub;
  readonly adyen: AdyenStub;
  /** As the local cloud takes them. */
  readonly hosts: readonly string[];
  stop(): void;
}

export async function startProcessors(): Promise<Processors> {
  const [stripe, adyen] = await Promise.all([
    new StripeStub({ apiKey: stripeAccount.api_key, live: true }).start(),
    new AdyenStub().start(),
  ]);
  return {
    stripe,
    adyen,
    hosts: [
      `api.stripe.com=${stripe.server.url}`,
      `${adyenAccount.live_prefix.toLowerCase()}-checkout-live.adyenpayments.com=${adyen.server.url}`,
    ],
    stop() {
      stripe.server.stop();
      adyen.server.stop();
    },
  };
}

/** Answers of the ingress to each webhook, in their order. */
export async function tellStripe({ stripe }: Processors, url: string, secret: string): Promise<number[]> {
  const statuses: number[] = [];
  for (const event of stripe.events.splice(0)) {
    const body = JSON.stringify(event);
    const at = Math.floor(Date.now() / 1000);
    // docs.stripe.com/webhooks, "verify manually"
    const signature = createHmac('sha256', secret).update(`${at}.${body}`).digest('hex');
    const headers = { 'Content-Type': 'application/json', 'Stripe-Signature': `t=${at},v1=${signature}` };
    statuses.push(await sent(url, headers, body));
  }
  return statuses;
}

export async function tellAdyen({ adyen }: Processors, url: string): Promise<number[]> {
  const statuses: number[] = [];
  for (const each of adyen.items.splice(0)) {
    statuses.push(await sent(url, { 'Content-Type': 'application/json' }, messageIn('true', [each]).toString()));
  }
  return statuses;
}

async function sent(url: string, headers: Record<string, string>, body: string): Promise<number> {
  const asked = { method: 'POST', headers: { ...headers, 'User-Agent': 'processor' }, body };
  const response = await fetch(url, { ...asked, signal: AbortSignal.timeout(20_000) });
  await response.arrayBuffer();
  return response.status;
}
