// The adapter to the test processor. It moves nothing twice under one key and never takes silence for an outcome:
// timeouts, refused or broken connections, keys in use and nonsense are all `unknown`.

import { testProcessorLimits as limits } from '../../../contract/limits.ts';
import type { Order } from '../../domain/provider_fact.ts';
import type { Processor } from '../processor.ts';
import { type Connection, connect, exchange } from './exchange.ts';
import { factOfCharges, factOfDeclines, factOfSend, unknown } from './facts.ts';
import { testPaymentMethods } from './payment_methods.ts';

const modificationPaths = { capture: 'captures', refund: 'refunds', void: 'voids' } as const;

/** `baseUrl`: an http(s) URL without credentials or query; anything else throws. */
export function testProcessor(baseUrl: string): Processor {
  const connection = connect(baseUrl);
  return {
    name: 'test',
    keyLifetimeMs: limits.idempotencyKeyLifetimeMs,
    accepts: (paymentMethod) => testPaymentMethods.has(paymentMethod),
    send: async (order, key, deadlineMs) => {
      const path = pathOf(order);
      if (!(deadlineMs >= 1)) return unknown;
      const signal = AbortSignal.timeout(Math.floor(deadlineMs));
      const reply = await exchange(connection, path, { method: 'POST', key, body: bodyOf(order) }, signal);
      return factOfSend(order, connection.base, reply);
    },
    lookUp: async (order, deadlineMs) => {
      if (!(deadlineMs >= 1)) return unknown;
      return lookUp(connection, order, AbortSignal.timeout(Math.floor(deadlineMs)));
    },
  };
}

async function lookUp(connection: Connection, order: Order, signal: AbortSignal) {
  const read = (list: string) =>
    exchange(connection, `${list}?reference=${encodeURIComponent(order.reference)}`, { method: 'GET' }, signal);
  // In this order: a request that ends as a decline between the two reads is still counted as running by the first.
  const fact = factOfCharges(order, connection.base, await read('charges'));
  if (fact !== null) return fact;
  return order.kind === 'charge' ? factOfDeclines(order, await read('declines')) : { kind: 'not_charged' as const };
}

function pathOf(order: Order): string {
  if (order.kind === 'charge') return 'charges';
  // Nothing was asked of anybody: a caller's bug, not an outcome.
  if (order.charge === null) throw new TypeError(`A ${order.kind} must name the charge that it changes`);
  return `charges/${encodeURIComponent(order.charge)}/${modificationPaths[order.kind]}`;
}

function bodyOf({ kind, reference, id, amount, currency, payment_method, capture }: Order): object {
  return kind === 'charge' ? { reference, id, amount, currency, payment_method, capture } : { reference, id, amount };
}
