// What processors tell, as they do: with the payer's name, address and telephone in it, rightly signed; and what strangers
// send to the same addresses.

import { createHmac } from 'node:crypto';
import { Secret } from '../../lambdas/kernel/crypto/secret.ts';
import { signatureHeader, signNotification } from '../../lambdas/processors/test/notifications.ts';
import { signed } from '../../lambdas/processors/timed_signature.ts';
import { kinds, type Marks } from './marks.ts';

/** A connection of ours, with the secret that its processor signs with. */
export interface Connected {
  readonly provider: string;
  readonly url: string;
  readonly secret: string;
  /** Adyen's alone. */
  readonly account?: string;
}

export const connectionOf = (
  shown: { readonly provider: string; readonly ingress_url: string; readonly webhook_secret: string | null },
  sent: Record<string, unknown>,
): Connected => ({
  provider: shown.provider,
  url: shown.ingress_url,
  secret: String(shown.webhook_secret ?? sent.webhook_secret ?? sent.hmac_key),
  ...(sent.merchant_account !== undefined && { account: String(sent.merchant_account) }),
});

export interface Telling {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly accepted: boolean;
}

const json = { 'content-type': 'application/json' };

/** One that is rightly signed, one that is not, one to nobody. */
export function tellings(connected: Connected, marks: Marks): Telling[] {
  const { provider, url } = connected;
  const payer = (sentAs: string) =>
    Object.fromEntries(kinds.map((kind) => [kind, marks.make(kind, `${provider} ${sentAs}`)]));
  const right = signedBy(connected, marks, payer('told'));
  const forged = { ...right, body: JSON.stringify({ ...payer('forged') }), accepted: false };
  const nowhere = url.replace(/[^/]+$/, () => encodeURIComponent(marks.make('email', `${provider} ingress path`)));
  return [right, forged, { ...forged, url: nowhere }];
}

/** Makes a word that stands in a field. */
type Word = (field: string) => string;
type Payer = Readonly<Record<string, string>>;

function signedBy(connected: Connected, marks: Marks, payer: Payer): Telling {
  const { provider } = connected;
  const word: Word = (field) => marks.make('name', `${provider} told ${field}`, (each) => each);
  if (provider === 'stripe') return byStripe(connected, word, payer);
  if (provider === 'adyen') return byAdyen(connected, word, payer);
  return byTest(connected, word, payer);
}

function byStripe({ url, secret }: Connected, word: Word, payer: Payer): Telling {
  const at = Date.now();
  const object = {
    id: 'pi_taint',
    object: 'payment_intent',
    status: 'succeeded',
    amount: 1999,
    amount_capturable: 0,
    amount_received: 1999,
    currency: 'eur',
    capture_method: 'automatic',
    // Not ours: made by hand, with words of the merchant's own.
    metadata: { reference: word('metadata'), order: word('metadata') },
    receipt_email: payer.email,
    shipping: payer,
    charges: { data: [{ billing_details: payer, payment_method_details: payer }] },
  };
  const created = Math.floor(at / 1000);
  const body = JSON.stringify({
    id: 'evt_taint',
    type: 'payment_intent.succeeded',
    created,
    livemode: false,
    data: { object },
  });
  const header = signed(Buffer.from(body), [new Secret(secret)], at);
  return { url, headers: { ...json, 'stripe-signature': header }, body, accepted: true };
}

function byAdyen({ url, secret, account }: Connected, word: Word, payer: Payer): Telling {
  const item = {
    pspReference: 'TAINT00000000001',
    originalReference: '',
    merchantAccountCode: account ?? '',
    merchantReference: word('merchantReference'),
    amount: { value: 1999, currency: 'EUR' },
    eventCode: 'AUTHORISATION',
    success: 'true',
  };
  const { amount, ...fields } = item;
  const { eventCode, success, ...before } = fields;
  const text = [...Object.values(before), amount.value, amount.currency, eventCode, success].join(':');
  const hmacSignature = createHmac('sha256', Buffer.from(secret, 'hex')).update(text).digest('base64');
  const additionalData = { ...payer, hmacSignature };
  const body = JSON.stringify({
    live: 'false',
    notificationItems: [{ NotificationRequestItem: { ...item, additionalData, reason: payer.name } }],
  });
  return { url, headers: json, body, accepted: true };
}

function byTest({ url, secret }: Connected, word: Word, payer: Payer): Telling {
  const at = Date.now();
  const data = {
    charge: 'ch_taint',
    reference: word('reference'),
    order: word('order'),
    amount: 1999,
    currency: 'EUR',
    capture: true,
    action_path: null,
    decline_code: word('decline_code'),
    ...payer,
  };
  const occurred_at = new Date(at).toISOString();
  const body = JSON.stringify({ id: 'evt_taint', type: 'charge.declined', occurred_at, data, payer });
  const header = signNotification(Buffer.from(body), new Secret(secret), at);
  return { url, headers: { ...json, [signatureHeader]: header }, body, accepted: true };
}
