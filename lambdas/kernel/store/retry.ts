// Read, decide, commit, and again where another was faster: the one loop of every change. Racing writers wait a little between
// tries, each a different while; what is not committed within the bound is refused for now.

import { commitLimits } from '../../../contract/kernel/limits.ts';
import { unavailable } from '../domain/refusal.ts';
import type { Platform } from '../platform/platform.ts';

/** Another was faster: what was decided must be decided again. */
export const conflict = Symbol('conflict');

/**
 * `attempt` reads, decides and commits once. Throws `unavailable` with `retryAfterSeconds` when every try met a conflict.
 */
export async function untilCommitted<T>(
  { random, sleep }: Pick<Platform, 'random' | 'sleep'>,
  attempt: () => Promise<T | typeof conflict>,
  retryAfterSeconds = 1,
): Promise<T> {
  for (let tries = 0; tries < commitLimits.tries; tries += 1) {
    const result = await attempt();
    if (result !== conflict) return result;
    const jitter = (random(1)[0] ?? 0) / 255;
    await sleep(commitLimits.backoffMs * (1 + Math.min(tries, commitLimits.backoffSteps)) * jitter);
  }
  throw unavailable(retryAfterSeconds);
}
