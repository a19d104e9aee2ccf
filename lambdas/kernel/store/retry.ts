// Read, decide, commit, and again where another was faster: the one loop of every change. Racing writers wait a little between
// tries, each a different while; what is not committed within the bounds of tries and time is refused for now.

import { commitLimits } from '../../../contract/kernel/limits.ts';
import { unavailable } from '../domain/refusal.ts';
import type { Platform } from '../platform/platform.ts';

/** Another was faster: what was decided must be decided again. */
export const conflict = Symbol('conflict');

/**
 * `attempt` reads, decides and commits once. Throws `unavailable` with `retryAfterSeconds` when every try met a conflict, or when
 * the next one would begin too late for the request to be answered.
 */
export async function untilCommitted<T>(
  { clock, random, sleep }: Pick<Platform, 'clock' | 'random' | 'sleep'>,
  attempt: () => Promise<T | typeof conflict>,
  retryAfterSeconds = 1,
): Promise<T> {
  const lastStartMs = clock() + commitLimits.lastTryMs;
  for (let tries = 1; ; tries += 1) {
    const result = await attempt();
    if (result !== conflict) return result;
    const jitter = (random(1)[0] ?? 0) / 255;
    const pauseMs = commitLimits.backoffMs * Math.min(tries, commitLimits.backoffSteps) * jitter;
    if (tries === commitLimits.tries || clock() + pauseMs > lastStartMs) throw unavailable(retryAfterSeconds);
    await sleep(pauseMs);
  }
}
