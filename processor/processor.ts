// The processor itself, without HTTP: orders under keys, settlements, reads. Every answer about money waits
// until the ledger holds it, and two requests under one key never leave two effects.

import { createHash } from 'node:crypto';
import { type Answer, failure, json, stored } from './answer.ts';
import { Book } from './book.ts';
import type { Effect, Entry, ModificationKind } from './entry.ts';
import { Keys } from './keys.ts';
import type { Ledger } from './ledger.ts';
import { type Charge, statusOf } from './money.ts';
import {
  type ChargeOrder,
  type Decision,
  decideAttempt,
  decideCharge,
  decideModification,
  type ModificationOrder,
} from './orders.ts';
import { scriptOf } from './script.ts';
import type { Webhooks } from './webhooks.ts';

export interface ProcessorOptions {
  readonly opened: { readonly ledger: Pick<Ledger, 'append' | 'flushed'>; readonly entries: readonly Entry[] };
  readonly keyLifetimeMs: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<void>;
  readonly random: (bytes: number) => Uint8Array;
  /** Null: no webhooks are sent. */
  readonly webhooks?: WebhookSender | null;
}

/** Sends webhooks of what happens to charges. */
export type WebhookSender = Pick<Webhooks, 'add' | 'enqueue'>;

export class TestProcessor {
  readonly book = new Book();
  readonly keys: Keys;
  readonly now: () => number;
  readonly webhooks: WebhookSender | null;
  readonly #options: ProcessorOptions;

  constructor(options: ProcessorOptions) {
    this.keys = new Keys(options.keyLifetimeMs);
    this.now = options.now;
    this.webhooks = options.webhooks ?? null;
    this.#options = options;
    for (const entry of options.opened.entries) {
      this.book.apply(entry);
      this.keys.store(entry);
    }
  }

  charge(key: string, order: ChargeOrder): Promise<Answer> {
    const turnedAway = (code: string): boolean => this.book.wasRefused(order.reference, code);
    return this.#underKey(key, ['charge', order], order.reference, async () => {
      const delayMs = scriptOf(order.payment_method ?? null)?.delayMs;
      if (delayMs !== undefined) await this.#options.pause(delayMs);
      return (now) => decideCharge(order, turnedAway, this.#newId('ch'), now);
    });
  }

  modify(key: string, charge: string, kind: ModificationKind, order: ModificationOrder): Promise<Answer> {
    return this.#underKey(key, [kind, charge, order], order.reference, async () => {
      return (now) => decideModification(this.book.charge(charge), kind, order, this.#newId('mod'), now);
    });
  }

  /** A payer finished a challenge or a person a review. The same result twice is one result; another one is refused. */
  async settle(id: string, from: 'requires_action' | 'in_review', declineCode: string | null): Promise<Charge | null> {
    const approved = declineCode === null;
    const charge = this.book.charge(id);
    if (charge === undefined || charge.outcome !== from || statusOf(charge, this.now()) === 'canceled') return null;
    // Who chose in the processor's fields may choose again.
    if (charge.attempts.length > 0 && !approved && charge.settlement === null) {
      return this.#attempt({
        type: 'attempt',
        charge: id,
        payment_method: charge.payment_method,
        outcome: 'declined',
        decline_code: declineCode,
      });
    }
    if (charge.settlement === null) {
      const effect: Effect = { type: 'settlement', charge: id, approved, decline_code: declineCode };
      await this.#write({ at: new Date(this.now()).toISOString(), effect, request: null });
    }
    await this.#options.opened.ledger.flushed();
    const settled = this.book.charge(id);
    return settled?.settlement?.approved === approved ? settled : null;
  }

  /** The payer chose how to pay. Null: the charge waits for no choice, or there is no such payment method. */
  async choose(id: string, paymentMethod: string): Promise<Charge | null> {
    const charge = this.book.charge(id);
    const waits = charge !== undefined && statusOf(charge, this.now()) === 'requires_payment_method';
    const effect = waits ? decideAttempt(charge, paymentMethod) : null;
    return effect === null ? null : this.#attempt(effect);
  }

  async #attempt(effect: Effect & { readonly charge: string }): Promise<Charge | null> {
    await this.#write({ at: new Date(this.now()).toISOString(), effect, request: null });
    await this.#options.opened.ledger.flushed();
    return this.book.charge(effect.charge) ?? null;
  }

  /** Resolves with what `read` saw once the disk holds it, too. */
  async durably<T>(read: (book: Book, now: number) => T): Promise<T> {
    const seen = read(this.book, this.now());
    await this.#options.opened.ledger.flushed();
    return seen;
  }

  reviews(): Promise<Charge[]> {
    return this.durably((book, now) => book.latest().filter((charge) => statusOf(charge, now) === 'in_review'));
  }

  async #underKey(
    key: string,
    request: readonly unknown[],
    reference: string,
    prepare: () => Promise<(now: number) => Decision>,
  ): Promise<Answer> {
    const digest = createHash('sha256').update(JSON.stringify(request)).digest('hex');
    const claim = this.keys.claim(key, digest, reference, this.now());
    if (claim === 'other_body') return failure(422, 'idempotency_key_reused');
    if (claim === 'running') return failure(409, 'key_in_use');
    if (claim !== 'claimed') return stored(claim.status, claim.body);
    try {
      const decide = await prepare();
      const now = this.now();
      // From here to the ledger's queue nothing waits: two orders never both pass the same money rule.
      const { effect, status, body, withheld } = decide(now);
      const entry: Entry = {
        at: new Date(now).toISOString(),
        effect,
        request: { key, digest, status, body: JSON.stringify(body) },
      };
      await this.#write(entry);
      this.keys.store(entry);
      return stored(status, JSON.stringify(body), withheld);
    } catch {
      this.keys.release(key);
      return json(500, { error: { code: 'internal_error' } });
    }
  }

  #newId(prefix: 'ch' | 'mod'): string {
    return `${prefix}_${Buffer.from(this.#options.random(12)).toString('hex')}`;
  }

  async #write(entry: Entry): Promise<void> {
    this.book.apply(entry);
    await this.#options.opened.ledger.append(entry);
    const { effect } = entry;
    if (effect.type === 'refusal') return;
    const charge = this.book.charge(effect.type === 'charge' ? effect.id : effect.charge);
    if (charge !== undefined) this.webhooks?.enqueue(charge);
  }
}
