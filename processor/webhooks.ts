// The test processor's webhooks: what happens to charges, signed, to the endpoints that it was told of; at least once, in
// no promised order, again with growing pauses until one is accepted or the attempts are used up. What an endpoint answers
// changes nothing in the ledger, and nothing is sent beyond this machine.

import * as v from 'valibot';
import type { Secret } from '../lambdas/kernel/crypto/secret.ts';
import { signatureHeader, signNotification } from '../lambdas/processors/test/notifications.ts';
import type { Charge } from './money.ts';
import { bounds, timing } from './timing.ts';
import { eventsOf, type WebhookEvent } from './webhook_events.ts';

export const EndpointAdded = v.strictObject({
  url: v.pipe(v.string(), v.maxLength(2_000)),
  secret: v.pipe(v.string(), v.minLength(24), v.maxLength(200)),
  /** What the references of its charges begin with, such as `pay_eu_`. */
  references: v.pipe(v.string(), v.regex(/^[a-z_]{1,32}$/)),
});

export interface Endpoint {
  readonly url: string;
  readonly secret: Secret<string>;
  readonly references: string;
}

interface Delivery {
  readonly url: string;
  readonly event: WebhookEvent;
  attempts: number;
  dueAt: number;
}

export class Webhooks {
  readonly #now: () => number;
  readonly #note: (text: string) => void;
  readonly #endpoints = new Map<string, Endpoint>();
  /** By endpoint and event, done ones too: nothing is told twice but what was not accepted. */
  readonly #deliveries = new Map<string, Delivery>();
  readonly #underWay = new Set<Delivery>();
  readonly #closing = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  constructor(now: () => number, note: (text: string) => void) {
    this.#now = now;
    this.#note = note;
  }

  /** Tells it of what happened lately to `charges` as well. False: not on this machine, or one too many. */
  add(endpoint: Endpoint, charges: readonly Charge[]): boolean {
    const url = URL.parse(endpoint.url);
    const here = url !== null && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname) && url.username === '';
    const known = this.#endpoints.has(endpoint.url);
    if (!here || (!known && this.#endpoints.size >= bounds.webhookEndpoints)) return false;
    this.#endpoints.set(endpoint.url, endpoint);
    for (const charge of charges.slice(0, bounds.webhooksKept)) this.tell(charge);
    return true;
  }

  /** Something happened to the charge. */
  tell(charge: Charge): void {
    const earliest = this.#now() - timing.webhookPastMs;
    for (const endpoint of this.#endpoints.values()) {
      if (!charge.reference.startsWith(endpoint.references)) continue;
      for (const event of eventsOf(charge)) {
        const key = `${endpoint.url} ${event.id}`;
        if (event.at < earliest || this.#deliveries.has(key)) continue;
        this.#deliveries.set(key, { url: endpoint.url, event, attempts: 0, dueAt: event.at });
      }
    }
    for (const key of this.#deliveries.keys()) {
      if (this.#deliveries.size <= bounds.webhooksKept) break;
      this.#deliveries.delete(key);
    }
    this.#wake();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#closing.abort();
  }

  #wake(): void {
    clearTimeout(this.#timer);
    if (this.#closing.signal.aborted) return;
    const now = this.#now();
    let next = Number.POSITIVE_INFINITY;
    for (const delivery of this.#deliveries.values()) {
      if (this.#underWay.size >= bounds.webhooksAtOnce) return;
      if (this.#underWay.has(delivery)) continue;
      if (delivery.dueAt > now) next = Math.min(next, delivery.dueAt);
      else void this.#deliver(delivery);
    }
    if (next === Number.POSITIVE_INFINITY) return;
    this.#timer = setTimeout(() => this.#wake(), Math.min(next - now, timing.webhookRetryMaxMs)).unref();
  }

  async #deliver(delivery: Delivery): Promise<void> {
    this.#underWay.add(delivery);
    delivery.attempts += 1;
    const accepted = await this.#attempt(delivery).catch(() => false);
    this.#underWay.delete(delivery);
    const pauseMs = Math.min(timing.webhookRetryMaxMs, timing.webhookRetryMs * 2 ** (delivery.attempts - 1));
    const over = accepted || delivery.attempts >= bounds.webhookAttempts;
    delivery.dueAt = over ? Number.POSITIVE_INFINITY : this.#now() + pauseMs;
    if (over && !accepted) this.#note(`gave up telling ${delivery.event.id} after ${delivery.attempts} attempts`);
    this.#wake();
  }

  async #attempt({ url, event }: Delivery): Promise<boolean> {
    // Looked up at each attempt: its secret may have changed meanwhile.
    const endpoint = this.#endpoints.get(url);
    if (endpoint === undefined) return false;
    const raw = Buffer.from(event.body);
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        'content-type': 'application/json',
        [signatureHeader]: signNotification(raw, endpoint.secret, this.#now()),
      },
      body: raw,
      signal: AbortSignal.any([this.#closing.signal, AbortSignal.timeout(timing.webhookAttemptMs)]),
    });
    await response.body?.cancel();
    return response.ok;
  }
}
