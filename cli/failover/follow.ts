// Follows a hand-over until the other region holds the lease, it is withdrawn, or time is up. It only reads.

import type { WriterLease } from '../../contract/writer/lease.ts';
import { writerLimits as limits } from '../../contract/writer/limits.ts';
import type { LeaseAccess } from './lease_access.ts';

export type Followed =
  /** How long no region began a write, by the clocks of both regions. */
  | { readonly kind: 'held'; readonly lease: WriterLease; readonly withoutWriterMs: number }
  | { readonly kind: 'withdrawn' }
  /** The row as it was seen last. */
  | { readonly kind: 'late'; readonly lease: WriterLease };

/** What is seen on the way. */
export type Phase = 'writes' | 'pauses' | 'ended' | 'unknown';

export interface FollowOptions {
  readonly lease: Pick<LeaseAccess, 'read'>;
  readonly before: WriterLease;
  readonly to: string;
  /** The regions' clock, as well as it is known: for what is shown, and for nothing else. */
  readonly now: () => Promise<number>;
  /** Milliseconds that have passed, by a clock that nobody sets. */
  readonly elapsedMs: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
  /** Called once for each phase. */
  readonly onPhase: (phase: Phase, lease: WriterLease, nowMs: number) => void;
}

/** The last moment at which the holder of a lease begins a write. */
export const writesUntilMs = ({ until_ms }: WriterLease): number => until_ms - limits.skewMs - limits.writeMs;

function phaseOf(lease: WriterLease, nowMs: number): Phase {
  if (nowMs < writesUntilMs(lease)) return 'writes';
  return nowMs < lease.until_ms ? 'pauses' : 'ended';
}

export async function follow({ lease, before, to, ...options }: FollowOptions): Promise<Followed> {
  const startedMs = options.elapsedMs();
  let phase: Phase | undefined;
  let seen = before;
  const show = (next: Phase, nowMs: number): void => {
    if (next !== phase) options.onPhase(next, seen, nowMs);
    phase = next;
  };
  for (;;) {
    const now = await lease.read().catch(() => null);
    const nowMs = await options.now();
    // A row that is gone is nothing that anybody of ours does: as with no answer, what comes next is waited for.
    if (now === null || now === undefined) show('unknown', nowMs);
    else if (now.epoch > before.epoch && now.holder === to)
      return { kind: 'held', lease: now, withoutWriterMs: withoutWriterMs(seen, now) };
    else if (now.epoch !== before.epoch || now.successor !== to) return { kind: 'withdrawn' };
    else {
      seen = now;
      show(phaseOf(now, nowMs), nowMs);
    }
    if (options.elapsedMs() - startedMs > limits.handOverMs) return { kind: 'late', lease: seen };
    await options.sleep(limits.handOverLookMs);
  }
}

/**
 * The new lease began when it was taken. Where it was renewed before it was seen this is more than there was, never less; a region
 * that took over long after the end was preceded by a pause of that length.
 */
const withoutWriterMs = (before: WriterLease, next: WriterLease): number =>
  Math.max(0, next.until_ms - limits.leaseMs - writesUntilMs(before));
