// The outcomes that adapters of real providers share, in our words: a provider's own text never reaches a merchant.

import { declineMessages } from '../../contract/payments/decline_codes.ts';
import { declineCodeOf, type Provider } from './decline_codes.ts';
import type { Client, Failed, Order, ProviderFact } from './domain/fact.ts';
import type { Reply } from './https_exchange.ts';

type Declined = Extract<ProviderFact, { readonly kind: 'declined' }>;

export const unknown: ProviderFact = { kind: 'unknown' };

const misconfigured: ProviderFact = { kind: 'misconfigured' };

/** The account or its set-up was refused: of a request that may have been sent before, this says nothing. */
export const setUpRefused = ({ resent }: Pick<Reply, 'resent'>): ProviderFact => (resent ? unknown : misconfigured);

/** The payment method, or for a modification the provider, said no. `raw`: the provider's own code. */
export function declined(provider: Provider, raw: string | null): Declined {
  const declineCode = declineCodeOf(provider, raw);
  const message = declineMessages[declineCode ?? 'generic_decline'];
  return { kind: 'declined', declineCode, ...(raw !== null && { rawDeclineCode: raw }), message };
}

/** The same, where no reason is told. */
export const declinedWithoutReason: Declined = {
  kind: 'declined',
  declineCode: null,
  message: declineMessages.generic_decline,
};

/** Against the provider's rules: every repeat would be refused in the same way. */
export const refused: Declined = {
  kind: 'declined',
  declineCode: null,
  message: 'The processor refused the order.',
};

/** Refused before anything was sent, under every key alike: the amount would mean something else to the provider. */
export const currencyRefused: Declined = {
  kind: 'declined',
  declineCode: null,
  message: 'The processor does not take this amount in this currency.',
};

export const canceled: Declined = {
  kind: 'declined',
  ended: true,
  declineCode: null,
  message: 'The payment was canceled at the processor before anything moved.',
};

/**
 * A decline as the order takes it: whoever may choose another payment method may try again. What the processor refused before the
 * payer had anything is final.
 */
export const tryAgain = (
  { payment_method, kind }: Pick<Order, 'payment_method' | 'kind'>,
  fact: ProviderFact,
  charge: string | null,
  client: Client | null = null,
): ProviderFact =>
  kind === 'charge' && payment_method === null && fact.kind === 'declined' && !fact.ended && charge !== null
    ? {
        kind: 'requires_payment_method',
        charge,
        client,
        failed: failedOf(fact),
      }
    : fact;

export const failedOf = ({ declineCode, rawDeclineCode, message }: Declined): Failed => ({
  declineCode,
  ...(rawDeclineCode !== undefined && { rawDeclineCode }),
  message,
});

/** Where a payer may be sent; null for anything that a browser would not open as a page over TLS. */
export function payerUrl(url: string | null | undefined): string | null {
  const parsed = URL.parse(url ?? '');
  return parsed?.protocol === 'https:' && parsed.username === '' ? parsed.href : null;
}
