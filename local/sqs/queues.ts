// The queues of one region, and the calls on them, each atomic. No I/O; equal times and calls give equal answers. A message
// leaves its queue only if its consumer deletes it, if it was received too often (then the same change puts it into the
// dead-letter queue), or if its retention is over.

import { type Change, deadLettering, isOver, setAside } from './change.ts';
import type { QueueDefinition } from './definition.ts';
import type { Message, Receipt } from './message.ts';
import { type Counts, Queue } from './queue.ts';

export interface QueuesOptions {
  readonly definitions: readonly QueueDefinition[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Called with all changes of a call before it answers. */
  readonly changed?: (changes: readonly Change[]) => void;
}

export interface Sent {
  readonly body: string;
  readonly group: string | undefined;
  readonly delayMs: number;
  readonly trace?: string;
}

interface Known {
  readonly definition: QueueDefinition;
  readonly queue: Queue;
}

export class Queues {
  readonly #options: QueuesOptions;
  readonly #known: ReadonlyMap<string, Known>;
  #next = 1;
  /** Rises with every change. */
  position = 0;

  constructor(options: QueuesOptions) {
    this.#options = options;
    const origin = options.now();
    this.#known = new Map(
      options.definitions.map((definition) => [definition.name, { definition, queue: new Queue(origin) }]),
    );
  }

  get definitions(): readonly QueueDefinition[] {
    return this.#options.definitions;
  }

  has(name: string): boolean {
    return this.#known.has(name);
  }

  definition(name: string): QueueDefinition {
    return this.#get(name).definition;
  }

  counts(name: string): Counts {
    return this.#at(name).queue.counts();
  }

  /** When there is, or will be, something to receive. */
  receivableAt(name: string): number | undefined {
    return this.#get(name).queue.receivableAt(this.#options.now());
  }

  send(name: string, all: readonly Sent[]): readonly Message[] {
    const { now } = this.#at(name);
    const messages = all.map(({ body, group, delayMs, trace }, index): Message => {
      const sequence = this.#next + index;
      const origin = { sentAt: now, sentTo: name, ...(trace !== undefined && { trace }) };
      return { sequence, body, group, ...origin, visibleAt: now + delayMs, receives: 0 };
    });
    this.#change(messages.map((message) => ({ kind: 'put', queue: name, message })));
    return messages;
  }

  receive(name: string, most: number, visibilityMs?: number): readonly Message[] {
    const { definition, queue, now } = this.#at(name);
    const received: Message[] = [];
    const changes: Change[] = [];
    const until = now + (visibilityMs ?? definition.visibilityMs);
    while (received.length < most) {
      const message = queue.next(now);
      if (message === undefined) break;
      const { sequence } = message;
      const made: Change[] = isOver(message, definition, now)
        ? [{ kind: 'drop', queue: name, sequence, at: now }]
        : (deadLettering(message, definition, now) ?? [{ kind: 'hold', queue: name, sequence, at: now, until }]);
      // At once: each received message affects which tenant is next.
      for (const change of made) this.#apply(change);
      changes.push(...made);
      if (made[0]?.kind === 'hold') received.push(message);
    }
    this.#report(changes);
    return received;
  }

  /** False, and nothing is done, where the message is gone or has been received again. */
  remove(name: string, { sequence, receives }: Receipt): boolean {
    const { queue, now } = this.#at(name);
    if (queue.message(sequence)?.receives !== receives) return false;
    this.#change([{ kind: 'drop', queue: name, sequence, at: now }]);
    return true;
  }

  /** Puts a received message into the dead-letter queue at once; without one it is gone. */
  deadLetter(name: string, { sequence, receives }: Receipt): void {
    const { definition, queue, now } = this.#at(name);
    const message = queue.message(sequence);
    if (message?.receives === receives) this.#change(setAside(message, definition, now));
  }

  /** How long it stays invisible from now on. */
  changeVisibility(name: string, receipt: Receipt, visibilityMs: number): 'done' | 'gone' | 'not in flight' {
    const { queue, now } = this.#at(name);
    const message = queue.message(receipt.sequence);
    if (message === undefined) return 'gone';
    if (message.heldSince === undefined || message.receives !== receipt.receives) return 'not in flight';
    const { sequence } = message;
    this.#change([{ kind: 'show', queue: name, sequence, at: now, until: now + visibilityMs }]);
    return 'done';
  }

  /** Makes all messages in flight receivable again, because their consumers have ended. */
  releaseInFlight(name: string): void {
    const { queue, now } = this.#at(name);
    const held = [...queue.messages()].filter(({ heldSince }) => heldSince !== undefined);
    this.#change(held.map(({ sequence }) => ({ kind: 'show', queue: name, sequence, at: now, until: now })));
  }

  /** Applies the changes of a journal. Changes of a queue or message that no longer exists are ignored. */
  replay(changes: readonly Change[]): void {
    for (const change of changes) {
      if ('at' in change) this.#known.get(change.queue)?.queue.advance(change.at);
      this.#apply(change);
    }
  }

  /** Changes from which `replay` makes the same queues. */
  *snapshot(): Generator<readonly Change[], void> {
    yield [{ kind: 'next', sequence: this.#next }];
    for (const { name: queue } of this.definitions) {
      for (const message of this.#at(queue).queue.messages()) yield [{ kind: 'put', queue, message }];
    }
  }

  #get(name: string): Known {
    const found = this.#known.get(name);
    if (found === undefined) throw new Error(`There is no queue ${name}.`);
    return found;
  }

  /** The queue as it is now. */
  #at(name: string): Known & { readonly now: number } {
    const { definition, queue } = this.#get(name);
    const now = this.#options.now();
    queue.advance(now);
    const over: Change[] = [];
    for (const message of queue.messages()) {
      if (!isOver(message, definition, now)) break;
      over.push({ kind: 'drop', queue: name, sequence: message.sequence, at: now });
    }
    this.#change(over);
    return { definition, queue, now };
  }

  #change(changes: readonly Change[]): void {
    for (const change of changes) this.#apply(change);
    this.#report(changes);
  }

  #report(changes: readonly Change[]): void {
    this.position += changes.length;
    if (changes.length > 0) this.#options.changed?.(changes);
  }

  #apply(change: Change): void {
    if (change.kind === 'next') {
      this.#next = Math.max(this.#next, change.sequence);
      return;
    }
    const queue = this.#known.get(change.queue)?.queue;
    if (change.kind === 'put') {
      this.#next = Math.max(this.#next, change.message.sequence + 1);
      // A copy: the reported change must not change with the message.
      queue?.put({ ...change.message });
      return;
    }
    const message = queue?.message(change.sequence);
    if (queue === undefined || message === undefined) return;
    if (change.kind === 'hold') queue.hold(message, change.at, change.until);
    else if (change.kind === 'show') queue.show(message, change.until);
    else queue.drop(message, change.at);
  }
}
