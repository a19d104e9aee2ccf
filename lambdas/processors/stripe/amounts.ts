// Which amounts mean the same to Stripe as to us. Where its minor unit is not that of ISO 4217, an order is refused: a
// charge a hundred times too large is worse than none.

import type { Order } from '../domain/fact.ts';

// docs.stripe.com/currencies (zero-decimal, three-decimal, special cases; read 2026-11).
// ISK and UGX have no decimals in ISO 4217, and two at Stripe; MGA has two, and none at Stripe; IQD and LYD have three,
// and are not among Stripe's three-decimal currencies.
const otherMinorUnit: ReadonlySet<string> = new Set(['IQD', 'ISK', 'LYD', 'MGA', 'UGX']);
/** Stripe takes three decimals of these, the last of them 0. */
const threeDecimals: ReadonlySet<string> = new Set(['BHD', 'JOD', 'KWD', 'OMR', 'TND']);

export const takesAmount = ({ currency, amount }: Order): boolean =>
  !otherMinorUnit.has(currency) && (!threeDecimals.has(currency) || amount % 10 === 0);
