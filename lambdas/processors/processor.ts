// The port to payment processors: what every adapter offers, and nothing more. Adapters never throw for an outcome:
// a lost answer is the fact `unknown`.

import type { Order, ProviderFact, ReusableMethod } from './domain/fact.ts';

/** What a payer brought back: a redirect's result, a session's result, or a component's details as JSON. */
export interface Brought {
  readonly redirect_result?: string | undefined;
  readonly session_result?: string | undefined;
  readonly details?: string | undefined;
}

export interface Processor {
  readonly name: string;
  /** How long the processor promises to remember an idempotency key. */
  readonly keyLifetimeMs: number;
  /** Which charges are sent with a `return_url` alone, as the processor may send the payer away. Absent: none. */
  readonly needsReturnUrl?: 'all' | 'with_payment_method';
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
  /**
   * The method that it keeps of a charge which was approved and asked for that. Null: it keeps none, or can't say now.
   * Absent: it keeps none, ever.
   */
  reusableMethod?(order: Order, deadlineMs: number): Promise<ReusableMethod | null>;
  /**
   * As `lookUp`, with what a payer brought back from the processor, of which `key` names this one. Repeating it moves nothing twice.
   * Absent: a look-up says as much.
   */
  confirm?(order: Order, brought: Brought, key: string, deadlineMs: number): Promise<ProviderFact>;
}

/** Without one the charge should not have been made: a caller's bug, not an outcome. */
export function returnUrlOf({ return_url }: Order): string {
  if (return_url === null) throw new TypeError('A charge must name where its payer comes back to');
  return return_url;
}
