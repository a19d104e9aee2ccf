// How one talks to the test processor: JSON under an idempotency key, over the bounded exchange of every provider. What
// keeps a whole answer from arriving is `null`, never "not charged".

import { testProcessorLimits as limits } from '../../../contract/processors/limits.ts';
import { type Reply, transport } from '../https_exchange.ts';

export type { Reply } from '../https_exchange.ts';

export interface Asked {
  readonly method: 'GET' | 'POST';
  readonly key?: string;
  readonly body?: unknown;
}

/** One exchange of a conversation; null: no whole answer came before the conversation's end. */
export type Exchange = (path: string, asked: Asked) => Promise<Reply | null>;

/** The way to the processor. */
export interface Transport {
  /** Ends in a slash: paths are relative to it. */
  readonly base: URL;
  /** Opens a conversation that ends after `deadlineMs`, however many exchanges it has. */
  converse(deadlineMs: number): Exchange;
}

/** Over HTTP, which is enough for test money. Throws on a base URL that is no plain http(s) URL. */
export function httpTransport(baseUrl: string): Transport {
  const { base, converse } = transport(baseUrl, limits, ['http:', 'https:']);
  return {
    base,
    converse(deadlineMs) {
      const exchange = converse(deadlineMs);
      return (path, { method, key, body }) =>
        exchange(path, {
          method,
          headers: key === undefined ? {} : { 'idempotency-key': key },
          ...(body !== undefined && { content: { type: 'application/json', text: JSON.stringify(body) } }),
        });
    },
  };
}
