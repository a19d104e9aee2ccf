// One queue: its messages, and how time changes them. It decides only which message is next; every other change comes from
// outside, so that a journal can replay it.

import { Heap } from './heap.ts';
import type { Message } from './message.ts';
import { nextOf, Tenant } from './tenant.ts';
import { Work } from './work.ts';

interface Due {
  readonly message: Message;
  readonly at: number;
}

export interface Counts {
  readonly ready: number;
  readonly inFlight: number;
  readonly delayed: number;
}

export class Queue {
  readonly #origin: number;
  readonly #all: Work;
  readonly #messages = new Map<number, Message>();
  readonly #tenants = new Map<string | undefined, Tenant>();
  /** In flight or delayed, by when that ends; entries of messages that changed since are skipped. */
  readonly #due = new Heap<Due>((one, other) => one.at < other.at);
  readonly #waiting = new Set<Message>();

  constructor(origin: number) {
    this.#origin = origin;
    this.#all = new Work(origin);
  }

  messages(): Iterable<Message> {
    return this.#messages.values();
  }

  message(sequence: number): Message | undefined {
    return this.#messages.get(sequence);
  }

  counts(): Counts {
    const { inFlight } = this.#all;
    const waiting = this.#waiting.size;
    return { ready: this.#messages.size - waiting, inFlight, delayed: waiting - inFlight };
  }

  /** The message that a consumer gets now. */
  next(now: number): Message | undefined {
    return nextOf(this.#tenants.values(), (message) => this.#isReady(message), this.#all, now);
  }

  /** When there is, or will be, something to receive. */
  receivableAt(now: number): number | undefined {
    this.advance(now);
    if (this.#messages.size > this.#waiting.size) return now;
    this.#skipChanged();
    return this.#due.first?.at;
  }

  /** Makes messages receivable whose delay or visibility timeout is over. */
  advance(now: number): void {
    for (;;) {
      this.#skipChanged();
      const due = this.#due.first;
      if (due === undefined || due.at > now) return;
      this.#due.pop();
      this.#waiting.delete(due.message);
      this.#release(due.message, due.at);
      this.#tenantOf(due.message).ready.push(due.message);
    }
  }

  put(message: Message): void {
    this.#messages.set(message.sequence, message);
    const tenant = this.#tenantOf(message);
    tenant.messages += 1;
    tenant.lastSentAt = Math.max(tenant.lastSentAt, message.sentAt);
    if (message.heldSince !== undefined) for (const work of [tenant.work, this.#all]) work.begin(message.heldSince);
    this.#wait(message);
  }

  hold(message: Message, at: number, until: number): void {
    this.#release(message, at);
    message.heldSince = at;
    message.firstReceivedAt ??= at;
    message.receives += 1;
    message.visibleAt = until;
    for (const work of [this.#tenantOf(message).work, this.#all]) work.begin(at);
    this.#wait(message);
  }

  show(message: Message, at: number): void {
    message.visibleAt = at;
    this.#wait(message);
  }

  drop(message: Message, at: number): void {
    this.#release(message, at);
    this.#messages.delete(message.sequence);
    this.#waiting.delete(message);
    const tenant = this.#tenantOf(message);
    tenant.messages -= 1;
    if (tenant.messages === 0) this.#tenants.delete(message.group);
  }

  #isReady(message: Message): boolean {
    return this.#messages.get(message.sequence) === message && !this.#waiting.has(message);
  }

  #wait(message: Message): void {
    this.#waiting.add(message);
    this.#due.push({ message, at: message.visibleAt });
  }

  /** It is not in flight any more. */
  #release(message: Message, at: number): void {
    const since = message.heldSince;
    if (since === undefined) return;
    message.heldSince = undefined;
    for (const work of [this.#tenantOf(message).work, this.#all]) work.end(since, at);
  }

  #skipChanged(): void {
    for (;;) {
      const due = this.#due.first;
      if (due === undefined || (this.#waiting.has(due.message) && due.message.visibleAt === due.at)) return;
      this.#due.pop();
    }
  }

  #tenantOf({ group }: Message): Tenant {
    const known = this.#tenants.get(group);
    if (known !== undefined) return known;
    const made = new Tenant(this.#origin, group !== undefined);
    this.#tenants.set(group, made);
    return made;
  }
}
