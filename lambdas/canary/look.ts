// Asks the zone's other region for its public page `health`, as a merchant's program would reach it, and whether that region takes
// writes. It changes nothing; what it logs is counted, and moves the zone's address (docs/decisions/0035).

import { canaryLimits as limits } from '../../contract/canary/limits.ts';
import { pages } from '../../contract/docs/pages.ts';
import { zones } from '../../contract/kernel/zones.ts';
import type { Platform } from '../kernel/platform/platform.ts';
import { readLease } from '../kernel/store/writer.ts';

export interface Looked {
  /** Null: nothing could be looked at, because the stage runs one region. */
  readonly healthy: boolean | null;
}

export type LookPlatform = Pick<Platform, 'clock' | 'config' | 'dynamodb' | 'log' | 'sleep'>;

/** Two lines for two facts: that nobody answers is believed after minutes, and who writes at once, because the lease says so. */
export async function look(platform: LookPlatform): Promise<Looked> {
  const { config, log } = platform;
  if (config.writer === 'configured') return { healthy: null };
  if (await secondWrites(platform)) log('second_region_writes', {});
  const healthy = await isReached(platform);
  if (!healthy) log('other_region_unhealthy', {});
  return { healthy };
}

/**
 * Whether the zone's address is to lead to this region, the second one: it writes, or is about to, because the lease was handed over
 * to it. The home is led back to in the same way, before it writes: both take about as long. Read each time, as no process that
 * writes would: what that knows of a lease of its own does not tell it that it was handed over.
 */
async function secondWrites(platform: LookPlatform): Promise<boolean> {
  const { region, writer, zone } = platform.config;
  if (writer !== 'lease' || region === zones[zone].home) return false;
  try {
    const lease = await readLease(platform);
    return (lease?.successor ?? lease?.holder) === region;
  } catch {
    // What this region can't find out says nothing of the other one.
    return false;
  }
}

/** True as well where the other region has no address of its own, for want of a domain. */
async function isReached({ config, sleep }: Pick<LookPlatform, 'config' | 'sleep'>): Promise<boolean> {
  const origin = config.otherRegionUrl;
  if (origin === undefined) return true;
  for (let tries = 1; tries < limits.looks; tries += 1) {
    if (await answers(`${origin}${pages.health.path}`, config.region)) return true;
    await sleep(limits.betweenLooksMs);
  }
  return answers(`${origin}${pages.health.path}`, config.region);
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
