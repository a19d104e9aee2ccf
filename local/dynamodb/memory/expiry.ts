// When items expire (DynamoDB developer guide, "Using time to live (TTL) in DynamoDB"): the attribute holds seconds since
// 1970 as a number; what is older than five years doesn't expire. Nothing is deleted here: the clock
// names every item that may have expired, once.

import type { Address } from './key.ts';
import { attribute, type Item } from './value.ts';

const fiveYearsSeconds = 5 * 365 * 24 * 60 * 60;
/** Items are looked at once the minute of their time is over or has begun. */
const bucketSeconds = 60;

export class ExpiryClock {
  #attribute: string | undefined = undefined;
  readonly #buckets = new Map<number, Address[]>();

  get attribute(): string | undefined {
    return this.#attribute;
  }

  /** Undefined turns it off. Every item that is there already must be noted afterwards. */
  set(name: string | undefined): void {
    this.#attribute = name;
    this.#buckets.clear();
  }

  /** Seconds since 1970; undefined where the item never expires. */
  #timeOf(item: Item | undefined): number | undefined {
    if (item === undefined || this.#attribute === undefined) return undefined;
    const text = attribute(item, this.#attribute)?.N;
    return text === undefined ? undefined : Number(text);
  }

  note(address: Address, before: Item | undefined, after: Item | undefined): void {
    if (this.#attribute === undefined) return;
    const time = this.#timeOf(after);
    if (time === undefined || time === this.#timeOf(before)) return;
    const bucket = Math.floor(time / bucketSeconds);
    const noted = this.#buckets.get(bucket);
    if (noted === undefined) this.#buckets.set(bucket, [address]);
    else noted.push(address);
  }

  isExpired(item: Item, nowSeconds: number): boolean {
    const time = this.#timeOf(item);
    return time !== undefined && time < nowSeconds && time > nowSeconds - fiveYearsSeconds;
  }

  /** Whether it is worth another look: its time is in this minute, or it was locked. */
  isPending(item: Item, nowSeconds: number): boolean {
    const time = this.#timeOf(item);
    return time !== undefined && time > nowSeconds - fiveYearsSeconds;
  }

  /** All that may have expired by now, and are forgotten unless `keep` says so. */
  due(nowSeconds: number, keep: (address: Address) => boolean): void {
    const last = Math.floor(nowSeconds / bucketSeconds);
    for (const [bucket, addresses] of [...this.#buckets].sort(([one], [other]) => one - other)) {
      if (bucket > last) return;
      const remaining = addresses.filter(keep);
      if (remaining.length === 0) this.#buckets.delete(bucket);
      else this.#buckets.set(bucket, remaining);
    }
  }
}
