// Stripe's answers as facts, pure. Money is said to have moved, or never to move, on Stripe's explicit word only; an
// answer about another order, amount or currency is `unknown`, however well it is formed.

import * as v from 'valibot';
import type { Client, Order, ProviderFact, ReusableMethod } from '../domain/fact.ts';
import type { Reply } from '../https_exchange.ts';
import { canceled, declined, payerUrl, refused, setUpRefused, tryAgain, unknown } from '../outcomes.ts';
import { Customer, Failure, Found, Intent, IntentWithMethod, Refund, RefundList } from './answers.ts';
import { endedInPart, isMarked, isReleased, marksAddUp, unmarkedIn } from './marks.ts';

/** Of a payment of ours, whatever is asked of it. */
const isOfPayment = (order: Order, intent: Intent): boolean =>
  intent.metadata.reference === order.reference &&
  intent.currency === order.currency &&
  (order.charge === null || order.charge === intent.id);

const isCharge = (order: Order, intent: Intent): boolean =>
  isOfPayment(order, intent) &&
  intent.metadata.order === order.id &&
  intent.amount === order.amount &&
  (intent.capture_method === 'manual') === !order.capture;

/** What a PaymentIntent says of the charge that made it. */
export function factOfIntent(intent: Intent): ProviderFact {
  const { id: charge, status } = intent;
  const manual = intent.capture_method === 'manual';
  if (status === 'succeeded' && (manual || intent.amount_received === intent.amount)) {
    return { kind: 'approved', charge, captured: !manual };
  }
  // Canceling what is left of a charge undoes neither its approval nor what was captured.
  if (status === 'requires_capture' || (status === 'canceled' && intent.amount_received > 0)) {
    return manual ? { kind: 'approved', charge, captured: false } : unknown;
  }
  if (status === 'canceled') return canceled;
  if (status === 'processing') return { kind: 'pending', charge };
  const failed = intent.last_payment_error;
  if (status === 'requires_payment_method' && failed !== null) return declined('stripe', rawCodeOf(failed));
  if (status !== 'requires_action') return unknown;
  const url = payerUrl(intent.next_action?.redirect_to_url?.url);
  if (url !== null) return { kind: 'requires_action', charge, url };
  // What Stripe's own script does in the page that has the payment open.
  return intent.next_action?.type === 'use_stripe_sdk' ? { kind: 'requires_component', charge, client: null } : unknown;
}

/** As it stands for an order, with what the payer's page needs. */
export function factOfCharge(order: Order, intent: Intent, publishableKey: string | null): ProviderFact {
  const { id: charge, client_secret } = intent;
  const client: Client | null =
    client_secret === null ? null : { provider: 'stripe', publishable_key: publishableKey, client_secret };
  const open = order.payment_method === null && intent.status === 'requires_payment_method';
  if (open && intent.last_payment_error === null) {
    return { kind: 'requires_payment_method', charge, client, failed: null };
  }
  const fact = tryAgain(order, factOfIntent(intent), charge, client);
  if (fact.kind !== 'requires_component') return fact;
  return client === null ? unknown : { ...fact, client };
}

/** Stripe's own: the issuer's reason, else its error's. */
const rawCodeOf = ({ code, decline_code }: { code: string | null; decline_code: string | null }): string | null =>
  decline_code ?? code;

const moved = (order: Order, intent: Intent): ProviderFact => ({
  kind: 'approved',
  charge: intent.id,
  captured: order.kind === 'capture',
  ...(order.kind === 'capture' && endedInPart(intent) && { restReleased: true }),
});

export function factOfRefund({ status, failure_reason, payment_intent }: Refund): ProviderFact {
  if (payment_intent === null) return unknown;
  if (status === 'succeeded') return { kind: 'approved', charge: payment_intent, captured: false };
  if (status === 'pending' || status === 'requires_action') return { kind: 'pending', charge: payment_intent };
  return status === 'failed' || status === 'canceled' ? declined('stripe', failure_reason ?? 'refund_failed') : unknown;
}

const isRefund = (order: Order, refund: Refund): boolean =>
  refund.metadata.order === order.id &&
  refund.metadata.reference === order.reference &&
  refund.amount === order.amount &&
  refund.currency === order.currency &&
  refund.payment_intent === order.charge;

/** The answer to an order that was sent. */
export function factOfSend(order: Order, reply: Reply | null, publishableKey: string | null = null): ProviderFact {
  if (reply === null) return unknown;
  if (reply.status !== 200) return factOfFailure(order, reply);
  if (order.kind === 'refund') {
    const refund = v.safeParse(Refund, reply.body);
    return refund.success && isRefund(order, refund.output) ? factOfRefund(refund.output) : unknown;
  }
  const intent = intentOf(order, reply);
  if (intent === null) return unknown;
  if (order.kind === 'charge') return factOfCharge(order, intent, publishableKey);
  const done = order.kind === 'capture' ? isMarked(order, intent) : isReleased(intent);
  return done ? moved(order, intent) : unknown;
}

/** The PaymentIntent that an answer holds, if it is the one that the order is about. */
export function intentOf(order: Order, reply: Reply | null): Intent | null {
  const parsed = reply?.status === 200 ? v.safeParse(Intent, reply.body) : null;
  if (!parsed?.success) return null;
  const ours = order.kind === 'charge' ? isCharge(order, parsed.output) : isOfPayment(order, parsed.output);
  return ours ? parsed.output : null;
}

// docs.stripe.com/error-low-level and /api/errors (read 2026-11). 401, 403 and 429 come before the layer that knows keys,
// 409 while the first request still runs, 404 from a wrong account or address; a 500 is kept and repeated, done or not.
// None of them says "not charged", nor does any other: of an earlier request under the key they know nothing.
function factOfFailure(order: Order, reply: Reply): ProviderFact {
  const { status, body } = reply;
  const parsed = v.safeParse(Failure, body);
  if (!parsed.success) return unknown;
  const { type, payment_intent: intent } = parsed.output.error;
  const released = order.kind === 'void' && intent !== null && isOfPayment(order, intent) && isReleased(intent);
  if (released) return moved(order, intent);
  if (status === 402 && type === 'card_error') {
    if (order.kind !== 'charge') return declined('stripe', rawCodeOf(parsed.output.error));
    return intent !== null && isCharge(order, intent) ? factOfIntent(intent) : unknown;
  }
  if (type !== 'invalid_request_error') return unknown;
  if (isSetUp(status, parsed.output.error.code)) return setUpRefused(reply);
  return status === 400 ? refused : unknown;
}

// docs.stripe.com/api/errors and /error-codes (read 2026-12): 401 is a key that is none or was revoked, 403 one that may not
// do this; the codes say that the account or our use of its API is wrong, whatever was ordered.
const setUpCodes: readonly string[] = [
  'account_invalid',
  'account_closed',
  'api_key_expired',
  'parameter_unknown',
  'platform_api_key_expired',
  'secret_key_required',
  'testmode_charges_only',
];
const isSetUp = (status: number, code: string | null): boolean =>
  status === 401 || status === 403 || ((status === 400 || status === 404) && setUpCodes.includes(code ?? ''));

export function customerOf(reply: Reply | null): string | null {
  const customer = reply?.status === 200 ? v.safeParse(Customer, reply.body) : null;
  return customer?.success ? customer.output.id : null;
}

/** The method that Stripe attached to the customer of a charge. */
export function reusableIn(order: Order, reply: Reply | null): ReusableMethod | null {
  const parsed = reply?.status === 200 ? v.safeParse(IntentWithMethod, reply.body) : null;
  // Expanded, the rest is as it always is.
  if (!parsed?.success || intentOf(order, reply) === null) return null;
  const { customer, payment_method: method } = parsed.output;
  return method.customer === customer ? { token: method.id, processor_customer: customer, card: method.card } : null;
}

/** The answer to what had to be read or made before anything was asked for. */
export function factOfFailedRead(order: Order, reply: Reply | null): ProviderFact {
  if (reply === null || reply.status === 200) return unknown;
  // However often it was read, nothing moved.
  const fact = factOfFailure(order, { status: reply.status, body: reply.body });
  return fact.kind === 'misconfigured' ? fact : unknown;
}

/** Captures and voids, by reading the PaymentIntent, which Stripe answers as it stands. */
export function factOfModification(order: Order, reply: Reply | null): ProviderFact {
  const intent = intentOf(order, reply);
  if (intent === null) return unknown;
  const waits = ['requires_payment_method', 'requires_confirmation', 'requires_action'].includes(intent.status);
  const open = waits || (intent.status === 'requires_capture' && intent.amount_capturable > 0);
  const [done, known] =
    order.kind === 'void'
      ? [isReleased(intent), open]
      : [unmarkedIn(intent) !== null && isMarked(order, intent), marksAddUp(intent)];
  if (done) return moved(order, intent);
  return known ? { kind: 'not_charged' } : unknown;
}

/** Refunds, by their list, which Stripe serves without delay. */
export function factOfRefunds(order: Order, reply: Reply | null): ProviderFact {
  const list = reply?.status === 200 ? v.safeParse(RefundList, reply.body) : null;
  if (!list?.success) return unknown;
  const found = list.output.data.find((each) => each.metadata.order === order.id);
  if (found !== undefined) return isRefund(order, found) ? factOfRefund(found) : unknown;
  return list.output.has_more ? unknown : { kind: 'not_charged' };
}

/** The PaymentIntent that a search found; of several, one that moved money. */
export function foundIn(reply: Reply | null): string | null {
  const found = reply?.status === 200 ? v.safeParse(Found, reply.body) : null;
  if (!found?.success) return null;
  const { data } = found.output;
  return (data.find(({ status }) => status === 'succeeded' || status === 'requires_capture') ?? data[0])?.id ?? null;
}
