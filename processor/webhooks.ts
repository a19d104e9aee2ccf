// The test processor's webhooks: it sends what happens to charges, signed, to the endpoints that were added. It sends each
// event at least once, in no promised order, and again with growing pauses until the endpoint accepts it or the attempts are
// used up. What an endpoint answers changes nothing in the ledger, and nothing is sent beyond this machine.

import * as v from 'valibot';
import type { Charge } from './money.ts';
import { type Signer, signatureHeader } from './signature.ts';
import { bounds, timing } from './timing.ts';
import { eventsOf, type WebhookEvent } from './webhook_events.ts';

export const EndpointRequest = v.strictObject({
  url: v.pipe(v.string(), v.maxLength(2_000)),
  secret: v.pipe(v.string(), v.minLength(24), v.maxLength(200)),
  /** What the references of its charges begin with, such as `pay_eu_`. */
  references: v.pipe(v.string(), v.regex(/^[a-z_]{1,32}$/)),
});

export interface Endpoint {
  readonly url: string;
  /** Holds the endpoint's secret, and shows it to nobody. */
  readonly sign: Signer;
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
  /** By endpoint and event, finished ones too: an accepted event is not sent again. */
  readonly #deliveries = new Map<string, Delivery>();
  readonly #underWay = new Set<Delivery>();
  readonly #closing = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  constructor(now: () => number, note: (text: string) => void) {
    this.#now = now;
    this.#note = note;
  }

  /** Also sends what happened lately to `charges`. False: not on this machine, or one too many. */
  add(endpoint: Endpoint, charges: readonly Charge[]): boolean {
    const url = URL.parse(endpoint.url);
    const here = url !== null && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname) && url.username === '';
    const known = this.#endpoints.has(endpoint.url);
    if (!here || (!known && this.#endpoints.size >= bounds.webhookEndpoints)) return false;
    this.#endpoints.set(endpoint.url, endpoint);
    for (const charge of charges.slice(0, bounds.webhookDeliveries)) this.enqueue(charge);
    return true;
  }

  /** Sends what happened to the charge and was not sent yet. */
  enqueue(charge: Charge): void {
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
      if (this.#deliveries.size <= bounds.webhookDeliveries) break;
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
    if (over && !accepted) this.#note(`gave up sending ${delivery.event.id} after ${delivery.attempts} attempts`);
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
        [signatureHeader]: endpoint.sign(raw, this.#now()),
      },
      body: raw,
      signal: AbortSignal.any([this.#closing.signal, AbortSignal.timeout(timing.webhookAttemptMs)]),
    });
    await response.body?.cancel();
    return response.ok;
  }
}
