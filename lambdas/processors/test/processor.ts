// The adapter to the test processor. It moves nothing twice under one key and never takes silence for an outcome:
// timeouts, refused or broken connections, keys in use and nonsense are all `unknown`.

import { testProcessorLimits as limits } from '../../../contract/processors/limits.ts';
import type { Order } from '../domain/fact.ts';
import type { Processor } from '../processor.ts';
import { type Exchange, httpTransport, type Transport } from './exchange.ts';
import { factOfCharges, factOfDeclines, factOfSend, methodPaidWith, unknown } from './facts.ts';
import { testPaymentMethods } from './payment_methods.ts';

const modificationPaths = { capture: 'captures', refund: 'refunds', void: 'voids' } as const;

/** `baseUrl`: an http(s) URL without credentials or query; anything else throws. */
export const testProcessor = (baseUrl: string): Processor => testProcessorOver(httpTransport(baseUrl));

export const testProcessorOver = (transport: Transport): Processor => ({
  name: 'test',
  cancelsWaiting: true,
  keyLifetimeMs: limits.idempotencyKeyLifetimeMs,
  accepts: (paymentMethod) => testPaymentMethods.has(paymentMethod),
  send: async (order, key, deadlineMs) => {
    const path = pathOf(order);
    if (!(deadlineMs >= 1)) return unknown;
    const exchange = transport.converse(Math.floor(deadlineMs));
    return factOfSend(order, transport.base, await exchange(path, { method: 'POST', key, body: bodyOf(order) }));
  },
  reusableMethod: async (order, deadlineMs) => {
    if (!order.keeps || !(deadlineMs >= 1)) return null;
    const list = `charges?reference=${encodeURIComponent(order.reference)}`;
    const token = methodPaidWith(order, await transport.converse(Math.floor(deadlineMs))(list, { method: 'GET' }));
    return token === null || !testPaymentMethods.has(token) ? null : { token, card: null };
  },
  lookUp: async (order, deadlineMs) =>
    deadlineMs >= 1 ? lookUp(order, transport.base, transport.converse(Math.floor(deadlineMs))) : unknown,
});

async function lookUp(order: Order, base: URL, exchange: Exchange) {
  const read = (list: string) =>
    exchange(`${list}?reference=${encodeURIComponent(order.reference)}`, { method: 'GET' });
  // In this order: a request that ends as a decline between the two reads is still counted as running by the first.
  const fact = factOfCharges(order, base, await read('charges'));
  if (fact !== null) return fact;
  return order.kind === 'charge' ? factOfDeclines(order, await read('declines')) : { kind: 'not_charged' as const };
}

function pathOf(order: Order): string {
  if (order.kind === 'charge') return 'charges';
  // Nothing was asked of anybody: a caller's bug, not an outcome.
  if (order.charge === null) throw new TypeError(`A ${order.kind} must name the charge that it changes`);
  return `charges/${encodeURIComponent(order.charge)}/${modificationPaths[order.kind]}`;
}

function bodyOf({ kind, reference, id, amount, currency, payment_method, capture, off_session }: Order): object {
  if (kind !== 'charge') return { reference, id, amount };
  return {
    reference,
    id,
    amount,
    currency,
    ...(payment_method !== null && { payment_method }),
    capture,
    ...(off_session && { off_session }),
  };
}
