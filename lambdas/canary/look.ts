// Asks the zone's other region for its public page `health`, as a merchant's program would reach it, and whether that region takes
// writes. It changes nothing; what it logs is counted, and moves the zone's address (docs/decisions/0035).

import { canaryLimits as limits } from '../../contract/canary/limits.ts';
import { pages } from '../../contract/docs/pages.ts';
import { zones } from '../../contract/kernel/zones.ts';
import type { Platform } from '../kernel/platform/platform.ts';

export interface Looked {
  /** Null: nothing could be looked at, because the stage runs one region. */
  readonly healthy: boolean | null;
}

export type LookPlatform = Pick<Platform, 'config' | 'log' | 'sleep' | 'writer'>;

export async function look(platform: LookPlatform): Promise<Looked> {
  const { config, log } = platform;
  if (config.writer === 'configured') return { healthy: null };
  const healthy = !(await isWriterInstead(platform)) && (await isReached(platform));
  if (!healthy) log('other_region_unhealthy', {});
  return { healthy };
}

/** The zone's address follows its writer: a home that came back as the standby would refuse every write. */
async function isWriterInstead({ config: { region, zone }, writer }: LookPlatform): Promise<boolean> {
  if (region === zones[zone].home) return false;
  try {
    return (await writer.holder()) === region;
  } catch {
    // What this region can't find out says nothing of the other one.
    return false;
  }
}

/** True as well where the other region has no address of its own, for want of a domain. */
async function isReached({ config, sleep }: LookPlatform): Promise<boolean> {
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
