// The sum of the ledger, in memory: charges by id and by reference. It changes only by entries, so that a restart that reads the
// ledger has the same book.

import type { Effect, Entry } from './entry.ts';
import { afterAttempt, type Charge } from './money.ts';

export class Book {
  readonly #charges = new Map<string, Charge>();
  readonly #byReference = new Map<string, string[]>();
  readonly #refused = new Set<string>();

  apply(entry: Entry): void {
    const { effect } = entry;
    const at = Date.parse(entry.at);
    if (effect.type === 'charge') this.#add(chargeOf(effect, at));
    if (effect.type === 'modification') {
      this.#change(effect.charge, (charge) => ({ modifications: [...charge.modifications, { ...effect, at }] }));
    }
    if (effect.type === 'settlement') {
      const settlement = { approved: effect.approved, declineCode: effect.decline_code, at };
      this.#change(effect.charge, () => ({ settlement }));
    }
    if (effect.type === 'attempt') {
      this.#change(effect.charge, (charge) => afterAttempt(charge, { ...effect, at }));
    }
    if (effect.type === 'refusal') this.#refused.add(`${effect.reference} ${effect.code}`);
  }

  charge(id: string): Charge | undefined {
    return this.#charges.get(id);
  }

  /** In the order in which they were made. */
  byReference(reference: string): Charge[] {
    return (this.#byReference.get(reference) ?? []).flatMap((id) => this.#charges.get(id) ?? []);
  }

  /** Latest first. */
  latest(): Charge[] {
    return [...this.#charges.values()].reverse();
  }

  wasRefused(reference: string, code: string): boolean {
    return this.#refused.has(`${reference} ${code}`);
  }

  #add(charge: Charge): void {
    this.#charges.set(charge.id, charge);
    this.#byReference.set(charge.reference, [...(this.#byReference.get(charge.reference) ?? []), charge.id]);
  }

  #change(id: string, change: (charge: Charge) => Partial<Charge>): void {
    const charge = this.#charges.get(id);
    if (charge !== undefined) this.#charges.set(id, { ...charge, ...change(charge) });
  }
}

export const chargeOf = (made: Extract<Effect, { type: 'charge' }>, at: number): Charge => ({
  ...made,
  at,
  decidedAt: at,
  settlement: null,
  attempts: [],
  modifications: [],
});
