// Idempotency keys: one first request each, whose answer is repeated byte for byte. A key must never start a second
// effect while it is remembered; after its lifetime it is forgotten, as at a real processor.

import type { Entry } from './entry.ts';

export interface StoredAnswer {
  readonly status: number;
  readonly body: string;
}

export type Claim = 'claimed' | 'running' | 'other_body' | StoredAnswer;

export class Keys {
  readonly #lifetimeMs: number;
  readonly #running = new Map<string, { readonly digest: string; readonly reference: string }>();
  /** In the order of `at`, oldest first. */
  readonly #answered = new Map<
    string,
    { readonly digest: string; readonly at: number; readonly answer: StoredAnswer }
  >();

  constructor(lifetimeMs: number) {
    this.#lifetimeMs = lifetimeMs;
  }

  /** Claims the key for a first request, or returns what an earlier one left. */
  claim(key: string, digest: string, reference: string, now: number): Claim {
    this.#forget(now);
    const answered = this.#answered.get(key);
    const known = answered ?? this.#running.get(key);
    if (known !== undefined && known.digest !== digest) return 'other_body';
    if (answered !== undefined) return answered.answer;
    if (known !== undefined) return 'running';
    this.#running.set(key, { digest, reference });
    return 'claimed';
  }

  /** Only once the effect is durable: a caller may rely on the answer. */
  store(entry: Entry): void {
    if (entry.request === null) return;
    const { key, digest, status, body } = entry.request;
    this.#running.delete(key);
    this.#answered.delete(key);
    this.#answered.set(key, { digest, at: Date.parse(entry.at), answer: { status, body } });
  }

  /** The first request failed before it decided anything. */
  release(key: string): void {
    this.#running.delete(key);
  }

  /** First requests for a reference that may still write: "no charge" is not yet an answer. */
  running(reference: string): number {
    return [...this.#running.values()].filter((request) => request.reference === reference).length;
  }

  #forget(now: number): void {
    for (const [key, { at }] of this.#answered) {
      if (now < at + this.#lifetimeMs) return;
      this.#answered.delete(key);
    }
  }
}
