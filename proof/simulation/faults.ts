// What may go wrong with one call to the outside. A plan says, for the address of a call, which fault it meets; whoever
// carries calls out does to them what the fault says, and notes that it did.

import type { Draw } from './draw.ts';

/** What becomes of a call on its way, and of whoever made it. */
export interface Way {
  readonly what: string;
  readonly arrives: 'soon' | 'late' | 'last' | 'never';
  /** `lost`: the caller gives up after a while; `hangs`: it never does; the others say that something went wrong. */
  readonly answer: 'given' | 'lost' | 'hangs' | 'error' | 'busy' | 'conflict' | 'half' | 'garbled';
  readonly dies?: 'at_once' | 'when_it_is_done';
}

export const undisturbed: Way = { what: 'nothing goes wrong', arrives: 'soon', answer: 'given' };

export const faults = {
  crash_before: {
    what: 'the process dies before the call leaves it',
    arrives: 'never',
    answer: 'hangs',
    dies: 'at_once',
  },
  crash_after: {
    what: 'the call is carried out, and the process dies before it hears so',
    arrives: 'soon',
    answer: 'hangs',
    dies: 'when_it_is_done',
  },
  lost: { what: 'the call never arrives', arrives: 'never', answer: 'lost' },
  ambiguous: { what: 'the call is carried out, and its answer never arrives', arrives: 'soon', answer: 'lost' },
  failed: { what: 'nothing is done, and the answer is an error', arrives: 'never', answer: 'error' },
  failed_after: { what: 'the call is carried out, and the answer is an error', arrives: 'soon', answer: 'error' },
  throttled: { what: 'nothing is done, for being too busy', arrives: 'never', answer: 'busy' },
  conflict: { what: 'nothing is done, for a transaction holds the item', arrives: 'never', answer: 'conflict' },
  partial: { what: 'half of the batch is taken', arrives: 'soon', answer: 'half' },
  late: { what: 'the call arrives after its caller gave up, and is carried out then', arrives: 'late', answer: 'lost' },
  very_late: { what: 'the call arrives as late as any packet can', arrives: 'last', answer: 'lost' },
  stalled: { what: 'no answer comes before the function’s time limit', arrives: 'soon', answer: 'hangs' },
  garbled: { what: 'the answer makes no sense', arrives: 'soon', answer: 'garbled' },
  repeated: { what: 'what was delivered is delivered once more', arrives: 'soon', answer: 'given' },
  doubled: { what: 'what is delivered is delivered to two at once', arrives: 'soon', answer: 'given' },
} as const satisfies Record<string, Way>;

export type Fault = keyof typeof faults;

/** Calls that meet the same faults. */
export const faultsOf = {
  read: ['crash_before', 'crash_after', 'lost', 'failed', 'throttled', 'stalled'],
  write: [
    ...['crash_before', 'crash_after', 'lost', 'ambiguous', 'failed', 'failed_after', 'throttled'],
    ...['conflict', 'late', 'very_late', 'stalled'],
  ],
  batch: ['crash_before', 'crash_after', 'ambiguous', 'failed_after', 'throttled', 'partial', 'late'],
  /** Rows that are created once. */
  insert: [
    ...['crash_before', 'crash_after', 'lost', 'ambiguous', 'failed', 'failed_after', 'throttled'],
    ...['partial', 'late', 'very_late', 'stalled'],
  ],
  /** Messages into a queue. */
  send: [
    ...['crash_before', 'crash_after', 'lost', 'ambiguous', 'failed', 'failed_after', 'throttled'],
    ...['partial', 'late', 'stalled'],
  ],
  order: ['crash_before', 'crash_after', 'lost', 'ambiguous', 'failed', 'failed_after', 'late', 'very_late', 'garbled'],
  look_up: ['crash_before', 'crash_after', 'lost', 'failed', 'garbled'],
  /** From us to a merchant's server, which has what it answers from the world. */
  attempt: ['crash_before', 'crash_after', 'lost', 'ambiguous', 'failed', 'failed_after', 'late', 'very_late'],
  /** Between a client and the API. */
  request: ['lost', 'ambiguous'],
  /** From the processor to the ingress, of its own accord. */
  notification: ['lost', 'ambiguous', 'doubled'],
  /** Of a batch of stream records, or of a run by schedule. */
  delivery: ['repeated'],
  /** Of a batch of messages. */
  messages: ['repeated', 'doubled'],
} as const satisfies Record<string, readonly Fault[]>;

export type CallKind = keyof typeof faultsOf;

export interface FaultPlan {
  /** The fault that the call at this address meets; null: none. */
  at(address: string, kind: CallKind): Fault | null;
}

/** Each call meets a fault with this probability, whichever can happen to it. */
export const faultsAtRate = (draw: Draw, rate: number): FaultPlan => ({
  at(address, kind) {
    const drawn = draw.fractions(address);
    const possible: readonly Fault[] = faultsOf[kind];
    return drawn(6) < rate ? (possible[Math.floor(drawn(7) * possible.length)] ?? null) : null;
  },
});

/** Exactly these. */
export const faultsAt = (chosen: ReadonlyMap<string, Fault>): FaultPlan => ({
  at: (address) => chosen.get(address) ?? null,
});
