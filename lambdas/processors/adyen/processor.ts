// The adapter to Adyen's Checkout API. It moves nothing twice under one key and takes neither silence nor "received" for an
// outcome: captures, refunds and voids stay open until a webhook reports theirs. The API key goes to Adyen and nowhere else.
//
// Sources: docs.adyen.com (Checkout API v71), /development-resources/api-idempotency, /online-payments/capture; read 2026-11.

import type { Secret } from '../../kernel/crypto/secret.ts';
import { httpsTransport, type Request, type Transport } from '../https_exchange.ts';
import { currencyRefused, unknown } from '../outcomes.ts';
import type { Processor } from '../processor.ts';
import { takesCurrency } from './amounts.ts';
import { factOfConfirmation, factOfSend, factOfSession, reusableIn } from './facts.ts';
import { confirmation, isToken, pathOf, post, storedMethodsPath, type Terms } from './requests.ts';

export const adyenLimits = {
  responseBytes: 256 * 1024,
  idleConnections: 8,
  /** Keys are valid for at least 7 days, in the region where they were first sent. */
  keyLifetimeMs: 7 * 24 * 3_600_000,
} as const;

export interface AdyenAccount extends Terms {
  readonly apiKey: Secret<string>;
  /** For the payer's page. Null: the merchant's page has it already. */
  readonly clientKey?: string | null;
  /**
   * Adyen's support must have enabled this, and the account's owner states so here: without it Adyen releases the rest when a
   * part is captured, which we would still take for capturable.
   */
  readonly multiplePartialCaptures: 'enabled';
}

/** Test mode's; in live mode each account has an address of its own. */
export const adyenTestUrl = 'https://checkout-test.adyen.com/v71';

/** `prefix`: the account's own (docs.adyen.com/development-resources/live-endpoints; read 2026-12). */
export const adyenLiveUrl = (prefix: string): string =>
  `https://${prefix}-checkout-live.adyenpayments.com/checkout/v71`;

export const adyenTransport = (checkoutUrl: string): Transport => httpsTransport(checkoutUrl, adyenLimits);

export function adyenProcessor(account: AdyenAccount, transport: Transport): Processor {
  if (!/^[\x21-\x7e]{20,1000}$/.test(account.apiKey.reveal())) throw new TypeError('Not an API key of Adyen');
  if (account.multiplePartialCaptures !== 'enabled') throw new TypeError('Adyen must enable multiple partial captures');
  const ask = (path: string, request: Request, deadlineMs: number) =>
    transport.converse(Math.floor(deadlineMs))(path, {
      ...request,
      headers: { ...request.headers, 'x-api-key': account.apiKey.reveal() },
    });
  return {
    name: 'adyen',
    keyLifetimeMs: adyenLimits.keyLifetimeMs,
    needsReturnUrl: 'all',
    accepts: isToken,
    async send(order, key, deadlineMs) {
      const path = pathOf(order);
      if (!takesCurrency(order.currency)) return currencyRefused;
      if (!(deadlineMs >= 1)) return unknown;
      return factOfSend(order, account, await ask(path, post(order, key, account), deadlineMs));
    },
    async confirm(order, brought, key, deadlineMs) {
      const asked = confirmation(order, brought, key);
      if (asked === null || !takesCurrency(order.currency) || !(deadlineMs >= 1)) return unknown;
      const reply = await ask(asked.path, asked.request, deadlineMs);
      const ofSession = asked.request.method === 'GET';
      return ofSession ? factOfSession(order, reply) : factOfConfirmation(order, account, reply);
    },
    /** What was charged with a stored method is kept already. */
    async reusableMethod(order, deadlineMs) {
      if (!order.keeps || order.payment_method !== null || !(deadlineMs >= 1)) return null;
      return reusableIn(
        order,
        account,
        await ask(storedMethodsPath(order, account), { method: 'GET', headers: {} }, deadlineMs),
      );
    },
    /** The Checkout API finds nothing by our reference: only a repeat under the key, or a webhook, gives the outcome. */
    async lookUp(order) {
      pathOf(order);
      return takesCurrency(order.currency) ? unknown : currencyRefused;
    },
  };
}
