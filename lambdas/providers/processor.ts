// The port to payment processors: what every adapter offers, and nothing more. Adapters never throw for an outcome:
// a lost answer is the fact `unknown`.

import type { Order, ProviderFact } from '../domain/provider_fact.ts';

export interface Processor {
  readonly name: string;
  /** How long the processor promises to remember an idempotency key. */
  readonly keyLifetimeMs: number;
  /** Whether the token is one that this processor could know; checked before anything is stored. */
  accepts(paymentMethod: string): boolean;
  /**
   * Sends the order under an idempotency key (`<object id>.<attempt>`). Repeating it under the same key moves nothing
   * twice. Gives up after `deadlineMs` with `unknown`.
   */
  send(order: Order, key: string, deadlineMs: number): Promise<ProviderFact>;
  /**
   * Finds the order by our reference without moving anything. `not_charged` if the processor holds no trace of it.
   */
  lookUp(order: Order, deadlineMs: number): Promise<ProviderFact>;
}
