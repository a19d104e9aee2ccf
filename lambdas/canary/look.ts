// Asks the zone's other region for its public page `health`, as a merchant's program would reach it. It changes nothing and sends
// nothing of anybody; what it logs is counted, and moves the zone's address (docs/decisions/0035).

import { canaryLimits as limits } from '../../contract/canary/limits.ts';
import { pages } from '../../contract/docs/pages.ts';
import type { Platform } from '../kernel/platform/platform.ts';

export interface Looked {
  /** Null: the stage runs one region, or has no domain by which the other one could be reached. */
  readonly healthy: boolean | null;
}

export type LookPlatform = Pick<Platform, 'config' | 'log' | 'sleep'>;

export async function look({ config, log, sleep }: LookPlatform): Promise<Looked> {
  const origin = config.otherRegionUrl;
  if (origin === undefined) return { healthy: null };
  for (let tries = 1; ; tries += 1) {
    if (await answers(`${origin}${pages.health.path}`, config.region)) return { healthy: true };
    if (tries === limits.looks) break;
    await sleep(limits.betweenLooksMs);
  }
  log('other_region_unhealthy', {});
  return { healthy: false };
}

/** Whether another region than this one answers: its own answer would say nothing of the other. */
async function answers(url: string, ownRegion: string): Promise<boolean> {
  try {
    const reply = await fetch(url, {
      redirect: 'error',
      headers: { 'user-agent': 'strongroom-canary' },
      signal: AbortSignal.timeout(limits.answerMs),
    });
    const text = await reply.text();
    if (reply.status !== 200 || text.length > limits.bodyBytes) return false;
    const { region } = JSON.parse(text) as { readonly region?: unknown };
    return typeof region === 'string' && region !== ownRegion;
  } catch {
    return false;
  }
}
