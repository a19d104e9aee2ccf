// Whose message comes next: fair queues (SQS developer guide, "How Amazon SQS fair queues work", read November 2026). A
// tenant is a message group; a message without one is a tenant of its own, which never has a backlog. Quiet tenants come
// first, oldest message first. A tenant is a noisy neighbour while it has more than a tenth of the messages in flight and at
// least 30 of them, or has recently used more than a tenth of consumers' time. Of noisy ones that with the fewest messages
// in flight comes first. A tenant that has sent nothing for five minutes, or has nothing left, is quiet again.
//
// This is our model of it: AWS calls its thresholds approximate and measures on many machines; here every message is
// evaluated at once and exactly, so that equal inputs give equal results.

import { Heap } from './heap.ts';
import type { Message } from './message.ts';
import { Work } from './work.ts';

const share = 0.1;
const noisyMessages = 30;
const quietAfterMs = 5 * 60_000;

export class Tenant {
  readonly work: Work;
  /** Whether what it holds is one tenant's; of messages without a group each is another's. */
  readonly #isOne: boolean;
  readonly ready = new Heap<Message>((one, other) => one.sequence < other.sequence);
  lastSentAt = 0;
  /** Messages of all kinds. */
  messages = 0;

  constructor(origin: number, isOne: boolean) {
    this.work = new Work(origin);
    this.#isOne = isOne;
  }

  isNoisy(all: Work, now: number): boolean {
    if (!this.#isOne || now - this.lastSentAt >= quietAfterMs) return false;
    const { inFlight } = this.work;
    if (inFlight >= noisyMessages && inFlight > all.inFlight * share) return true;
    return this.work.recentMs(now) > all.recentMs(now) * share;
  }
}

/** A tenant with its oldest message that can be received. */
interface Candidate {
  readonly message: Message;
  readonly noisy: boolean;
  readonly inFlight: number;
}

const precedes = (one: Candidate, other: Candidate): boolean => {
  if (one.noisy !== other.noisy) return other.noisy;
  if (one.noisy && one.inFlight !== other.inFlight) return one.inFlight < other.inFlight;
  return one.message.sequence < other.message.sequence;
};

export const nextOf = (
  tenants: Iterable<Tenant>,
  isReady: (message: Message) => boolean,
  all: Work,
  now: number,
): Message | undefined => {
  let best: Candidate | undefined;
  for (const tenant of tenants) {
    const { ready, work } = tenant;
    // What was received or deleted meanwhile is still in the heap.
    while (ready.first !== undefined && !isReady(ready.first)) ready.pop();
    if (ready.first === undefined) continue;
    const candidate = { message: ready.first, noisy: tenant.isNoisy(all, now), inFlight: work.inFlight };
    if (best === undefined || precedes(candidate, best)) best = candidate;
  }
  return best?.message;
};
