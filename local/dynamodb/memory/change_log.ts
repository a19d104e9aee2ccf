// What each item of a table was before each write, so that any moment of a window can be made again.

import type { Stored } from './entry.ts';
import { type Address, addressOf, addressText, type KeySchema } from './key.ts';

const dayMs = 24 * 3_600_000;
/** Of one table. Beyond it the oldest points can't be restored any more. */
const mostChanges = 500_000;

interface Change {
  readonly at: number;
  readonly address: Address;
  readonly before: Stored | undefined;
}

export class ChangeLog {
  readonly days: number;
  /** The first moment that can be restored. */
  #earliest: number;
  readonly #changes: Change[] = [];

  constructor(days: number, since: number) {
    this.days = days;
    this.#earliest = since;
  }

  note(at: number, address: Address, before: Stored | undefined): void {
    this.#changes.push({ at, address, before });
    if (this.#changes.length <= mostChanges) return;
    const dropped = this.#changes.splice(0, mostChanges / 10).at(-1);
    this.#earliest = Math.max(this.#earliest, (dropped?.at ?? 0) + 1);
  }

  earliest(now: number): number {
    return Math.max(this.#earliest, now - this.days * dayMs);
  }

  /** What was there once everything until `at` was done; `present` is what is there now. */
  itemsAt(present: Iterable<Stored['item']>, keys: KeySchema, at: number): Iterable<Stored['item']> {
    const items = new Map<string, Stored['item']>();
    for (const item of present) items.set(addressText(addressOf(keys, item)), item);
    for (const change of this.#changes.toReversed()) {
      if (change.at <= at) break;
      const place = addressText(change.address);
      if (change.before === undefined) items.delete(place);
      else items.set(place, change.before.item);
    }
    return items.values();
  }
}
