// The outcomes that adapters of real providers share, in our words: a provider's own text never reaches a merchant.

import type { Client, Order, ProviderFact } from './domain/fact.ts';
import type { Reply } from './https_exchange.ts';

type Declined = Extract<ProviderFact, { readonly kind: 'declined' }>;

export const unknown: ProviderFact = { kind: 'unknown' };

const misconfigured: ProviderFact = { kind: 'misconfigured' };

/** The account or its set-up was refused: of a request that may have been sent before, this says nothing. */
export const setUpRefused = ({ resent }: Pick<Reply, 'resent'>): ProviderFact => (resent ? unknown : misconfigured);

const messages: ReadonlyMap<string, string> = new Map([
  ['authentication_required', 'The issuer asks for the payer, who was not there.'],
  ['authentication_failed', 'The payer did not pass the authentication.'],
  ['expired_card', 'The payment method was declined: it has expired.'],
  ['incorrect_cvc', 'The payment method was declined: the security code is wrong.'],
  ['insufficient_funds', 'The payment method was declined: insufficient funds.'],
]);

/** The payment method, or for a modification the provider, said no. `declineCode`: lower case, the provider's own. */
export const declined = (declineCode: string | null): Declined => ({
  kind: 'declined',
  declineCode,
  message: messages.get(declineCode ?? '') ?? 'The payment method or its issuer declined.',
});

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
        failed: { declineCode: fact.declineCode, message: fact.message },
      }
    : fact;

/** Where a payer may be sent; null for anything that a browser would not open as a page over TLS. */
export function payerUrl(url: string | null | undefined): string | null {
  const parsed = URL.parse(url ?? '');
  return parsed?.protocol === 'https:' && parsed.username === '' ? parsed.href : null;
}
