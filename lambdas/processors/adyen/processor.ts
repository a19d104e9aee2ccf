// The adapter to Adyen's Checkout API. It moves nothing twice under one key and takes neither silence nor "received" for an
// outcome: captures, refunds and voids stay open until a webhook reports theirs. The API key goes to Adyen and nowhere else.
//
// Sources: docs.adyen.com (Checkout API v71), /development-resources/api-idempotency, /online-payments/capture; read 2026-11.

import type { Secret } from '../../kernel/crypto/secret.ts';
import { httpsTransport, type Transport } from '../https_exchange.ts';
import { currencyRefused, unknown } from '../outcomes.ts';
import type { Processor } from '../processor.ts';
import { takesCurrency } from './amounts.ts';
import { factOfSend } from './facts.ts';
import { isToken, pathOf, post, type Terms } from './requests.ts';

export const adyenLimits = {
  responseBytes: 256 * 1024,
  idleConnections: 8,
  /** Keys are valid for at least 7 days, in the region where they were first sent. */
  keyLifetimeMs: 7 * 24 * 3_600_000,
} as const;

export interface AdyenAccount extends Terms {
  readonly apiKey: Secret<string>;
  /**
   * Adyen's support must have enabled this, and the account's owner states so here: without it Adyen releases the rest when a
   * part is captured, which we would still take for capturable.
   */
  readonly multiplePartialCaptures: 'enabled';
}

/** Test mode's; in live mode each account has an address of its own. */
export const adyenTestUrl = 'https://checkout-test.adyen.com/v71';

export const adyenTransport = (checkoutUrl: string): Transport => httpsTransport(checkoutUrl, adyenLimits);

export function adyenProcessor(account: AdyenAccount, transport: Transport): Processor {
  if (!/^[\x21-\x7e]{20,1000}$/.test(account.apiKey.reveal())) throw new TypeError('Not an API key of Adyen');
  if (account.multiplePartialCaptures !== 'enabled') throw new TypeError('Adyen must enable multiple partial captures');
  return {
    name: 'adyen',
    keyLifetimeMs: adyenLimits.keyLifetimeMs,
    needsReturnUrl: true,
    accepts: isToken,
    async send(order, key, deadlineMs) {
      const path = pathOf(order);
      if (!takesCurrency(order.currency)) return currencyRefused;
      if (!(deadlineMs >= 1)) return unknown;
      const request = post(order, key, account);
      const headers = { ...request.headers, 'x-api-key': account.apiKey.reveal() };
      const reply = await transport.converse(Math.floor(deadlineMs))(path, { ...request, headers });
      return factOfSend(order, account.merchantAccount, reply);
    },
    /** The Checkout API finds nothing by our reference: only a repeat under the key, or a webhook, gives the outcome. */
    async lookUp(order) {
      pathOf(order);
      return takesCurrency(order.currency) ? unknown : currencyRefused;
    },
  };
}
