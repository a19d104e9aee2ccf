// The port to payment processors: what every adapter offers, and nothing more. Adapters never throw for an outcome:
// a lost answer is the fact `unknown`.

import type { Order, ProviderFact } from './domain/fact.ts';

export interface Processor {
  readonly name: string;
  /** How long the processor promises to remember an idempotency key. */
  readonly keyLifetimeMs: number;
  /** Charges are sent with a `return_url` alone: the processor may send the payer away. */
  readonly needsReturnUrl?: true;
  /** A void also cancels a charge that waits for its payer, for good. */
  readonly cancelsWaiting?: true;
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

/** Without one the charge should not have been made: a caller's bug, not an outcome. */
export function returnUrlOf({ return_url }: Order): string {
  if (return_url === null) throw new TypeError('A charge must name where its payer comes back to');
  return return_url;
}
