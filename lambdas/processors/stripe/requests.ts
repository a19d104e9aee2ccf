// What Stripe is asked, pure. A body depends on the order alone (and on what never changes of its PaymentIntent), so that
// a repeat under the same key is the same request.

import type { Order } from '../domain/fact.ts';
import type { Request } from '../https_exchange.ts';
import { returnUrlOf } from '../processor.ts';
import type { Intent } from './answers.ts';

type Form = Readonly<Record<string, string>>;

export const get: Request = { method: 'GET', headers: {} };

export const post = (key: string, form: Form): Request => ({
  method: 'POST',
  headers: { 'idempotency-key': key },
  content: { type: 'application/x-www-form-urlencoded', text: new URLSearchParams(form).toString() },
});

/** The charge that an order changes. Without one nothing was asked of anybody: a caller's bug, not an outcome. */
export function chargeOf({ kind, charge }: Order): string {
  if (charge === null) throw new TypeError(`A ${kind} must name the charge that it changes`);
  return charge;
}

export const intentPath = (order: Order): string => pathOfIntent(chargeOf(order));

export const pathOfIntent = (id: string): string => `v1/payment_intents/${encodeURIComponent(id)}`;

/** Where we find our order again at Stripe. */
const named = ({ reference, id }: Order): Form => ({ 'metadata[reference]': reference, 'metadata[order]': id });

/** A customer there that holds one method, and says nothing of a person. Whoever repeats the order has the same one. */
export const customerForm = (order: Order): Form => ({ 'metadata[reference]': order.reference });

const future = ({ keeps }: Order): Form => (keeps ? { setup_future_usage: keeps } : {});

/** Not confirmed: its payer does that, in the page, with the client secret. */
export const sessionForm = (order: Order): Form => ({
  amount: String(order.amount),
  currency: order.currency.toLowerCase(),
  ...(order.customer !== undefined && { customer: order.customer }),
  capture_method: order.capture ? 'automatic' : 'manual',
  'automatic_payment_methods[enabled]': 'true',
  ...(!order.capture && { 'payment_method_options[card][request_multicapture]': 'if_available' }),
  ...future(order),
  ...named(order),
});

export const chargeForm = (order: Order, paymentMethod: string): Form => ({
  amount: String(order.amount),
  currency: order.currency.toLowerCase(),
  payment_method: paymentMethod,
  ...(order.customer !== undefined && { customer: order.customer }),
  confirm: 'true',
  capture_method: order.capture ? 'automatic' : 'manual',
  'automatic_payment_methods[enabled]': 'true',
  // Without a return address Stripe answers a challenge with data for its own script, and no page to send payers to.
  ...(order.off_session
    ? { off_session: 'true', 'automatic_payment_methods[allow_redirects]': 'never' }
    : { return_url: returnUrlOf(order) }),
  ...(!order.capture && { 'payment_method_options[card][request_multicapture]': 'if_available' }),
  ...future(order),
  ...named(order),
});

/** The PaymentIntent as a capture needs it: its charge says whether there may be another. */
export const intentToCapturePath = (order: Order): string => `${intentPath(order)}?expand%5B%5D=latest_charge`;

/** With the method that it was paid with. */
export const intentWithMethodPath = (id: string): string => `${pathOfIntent(id)}?expand%5B%5D=payment_method`;

/** Empty values remove their keys. No idempotency key: it moves nothing, and doing it twice is doing it once. */
export const metadataPost = (metadata: Readonly<Record<string, string>>): Request => ({
  method: 'POST',
  headers: {},
  content: {
    type: 'application/x-www-form-urlencoded',
    text: new URLSearchParams(
      Object.entries(metadata).map(([name, value]): [string, string] => [`metadata[${name}]`, value]),
    ).toString(),
  },
});

/**
 * A part is captured with `final_capture=false`, so that the rest can be captured later. Where the card or the account has no
 * multicapture, which its charge says and Stripe refuses otherwise, the part is the last, and Stripe lets go of the rest.
 */
export const captureForm = (order: Order, intent: Intent): Form => ({
  amount_to_capture: String(order.amount),
  ...(order.amount !== intent.amount && mayCaptureAgain(intent) && { final_capture: 'false' }),
  // In the request that moves the money: the mark and the money come together.
  [`metadata[${order.id}]`]: String(order.amount),
});

const mayCaptureAgain = ({ latest_charge }: Intent): boolean =>
  latest_charge?.payment_method_details.card.multicapture.status !== 'unavailable';

export const refundForm = (order: Order): Form => ({
  payment_intent: chargeOf(order),
  amount: String(order.amount),
  ...named(order),
});

export const searchPath = ({ id }: Order): string =>
  `v1/payment_intents/search?${new URLSearchParams({ query: `metadata['order']:'${id}'`, limit: '10' })}`;

export const refundsPath = (order: Order): string =>
  `v1/refunds?${new URLSearchParams({ payment_intent: chargeOf(order), limit: '100' })}`;
