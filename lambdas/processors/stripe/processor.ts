// The adapter to Stripe's PaymentIntents. It moves nothing twice under one key and never takes silence, a full queue or a
// key in use for an outcome; the API key goes to Stripe and nowhere else.
//
// Sources: docs.stripe.com/api (version 2026-10-28.endive), /error-low-level, /search, /payments/multicapture; read 2026-11.

import type { Secret } from '../../kernel/crypto/secret.ts';
import type { Order, ProviderFact } from '../domain/fact.ts';
import { type Exchange, httpsTransport, type Transport } from '../https_exchange.ts';
import { currencyRefused, unknown } from '../outcomes.ts';
import type { Processor } from '../processor.ts';
import { takesAmount } from './amounts.ts';
import {
  customerOf,
  factOfCharge,
  factOfFailedRead,
  factOfModification,
  factOfRefunds,
  factOfSend,
  foundIn,
  intentOf,
  reusableIn,
} from './facts.ts';
import { packedMarks } from './marks.ts';
import {
  captureForm,
  chargeForm,
  chargeOf,
  customerForm,
  get,
  intentPath,
  intentToCapturePath,
  intentWithMethodPath,
  metadataPost,
  pathOfIntent,
  post,
  refundForm,
  refundsPath,
  searchPath,
  sessionForm,
} from './requests.ts';

export const stripeLimits = {
  /** A list of a hundred refunds fits. */
  responseBytes: 512 * 1024,
  idleConnections: 8,
  /** Keys may be forgotten once they are 24 hours old. */
  keyLifetimeMs: 24 * 3_600_000,
} as const;

export interface StripeAccount {
  /** sk_… or rk_…, of the mode that the payments are in. */
  readonly apiKey: Secret<string>;
  /** pk_…, for the payer's page. Null: the merchant's page has it already. */
  readonly publishableKey?: string | null;
}

export const stripeTransport = (): Transport => httpsTransport('https://api.stripe.com', stripeLimits);

const apiVersion = '2026-10-28.endive';

export function stripeProcessor(
  { apiKey, publishableKey = null }: StripeAccount,
  transport = stripeTransport(),
): Processor {
  if (!/^[sr]k_(test|live)_[A-Za-z0-9_]{8,240}$/.test(apiKey.reveal())) throw new TypeError('Not an API key of Stripe');

  const asking = (deadlineMs: number): Exchange => {
    const exchange = transport.converse(Math.floor(deadlineMs));
    return (path, request) => {
      const account = { authorization: `Bearer ${apiKey.reveal()}`, 'stripe-version': apiVersion };
      return exchange(path, { ...request, headers: { ...request.headers, ...account } });
    };
  };

  /** What Stripe is not asked is unknown; an amount that it would take for another is refused before. */
  const within = (order: Order, deadlineMs: number, talk: (ask: Exchange) => Promise<ProviderFact>) => {
    if (order.kind !== 'charge') chargeOf(order);
    if (!takesAmount(order)) return currencyRefused;
    if (!(deadlineMs >= 1)) return unknown;
    return talk(asking(deadlineMs));
  };

  return {
    name: 'stripe',
    keyLifetimeMs: stripeLimits.keyLifetimeMs,
    needsReturnUrl: 'with_payment_method',
    cancelsWaiting: true,
    accepts: (paymentMethod) => /^pm_(?!test_|adyen_)[A-Za-z0-9_]{1,100}$/.test(paymentMethod),
    send: async (order, key, deadlineMs) => within(order, deadlineMs, (ask) => send(order, key, publishableKey, ask)),
    lookUp: async (order, deadlineMs) => within(order, deadlineMs, (ask) => lookUp(order, publishableKey, ask)),
    reusableMethod: async (order, deadlineMs) => {
      const { held } = order;
      if (!held || !order.keeps || !(deadlineMs >= 1)) return null;
      return reusableIn(order, await asking(deadlineMs)(intentWithMethodPath(held), get));
    },
  };
}

async function send(order: Order, key: string, publishableKey: string | null, ask: Exchange): Promise<ProviderFact> {
  switch (order.kind) {
    case 'charge': {
      if (order.keeps && order.customer === undefined) {
        const made = await ask('v1/customers', post(`${key}.customer`, customerForm(order)));
        const customer = customerOf(made);
        if (customer === null) return factOfFailedRead(order, made);
        return send({ ...order, customer }, key, publishableKey, ask);
      }
      const { payment_method } = order;
      const form = payment_method === null ? sessionForm(order) : chargeForm(order, payment_method);
      return factOfSend(order, await ask('v1/payment_intents', post(key, form)), publishableKey);
    }
    case 'refund':
      return factOfSend(order, await ask('v1/refunds', post(key, refundForm(order))));
    case 'void':
      return factOfSend(order, await ask(`${intentPath(order)}/cancel`, post(key, {})));
    case 'capture': {
      const found = await ask(intentToCapturePath(order), get);
      const intent = intentOf(order, found);
      if (intent === null) return factOfFailedRead(order, found);
      const packed = packedMarks(intent);
      if (packed !== null && intentOf(order, await ask(intentPath(order), metadataPost(packed))) === null)
        return unknown;
      return factOfSend(order, await ask(`${intentPath(order)}/capture`, post(key, captureForm(order, intent))));
    }
  }
}

/**
 * Captures, voids and refunds are read where Stripe answers without delay: there, no trace is `not_charged`. Charges can
 * only be searched for, in an index that may be an hour behind: there, no trace proves nothing.
 */
async function lookUp(order: Order, publishableKey: string | null, ask: Exchange): Promise<ProviderFact> {
  if (order.kind === 'refund') return factOfRefunds(order, await ask(refundsPath(order), get));
  if (order.kind !== 'charge') return factOfModification(order, await ask(intentPath(order), get));
  // What is known by its name needs no search.
  const found = order.held ?? foundIn(await ask(searchPath(order), get));
  if (found === null) return unknown;
  const intent = intentOf(order, await ask(pathOfIntent(found), get));
  return intent === null ? unknown : factOfCharge(order, intent, publishableKey);
}
