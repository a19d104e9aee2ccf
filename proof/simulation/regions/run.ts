// Many zones with two regions, each through a failure of its writer region; and the same ones without the fence, which must be
// seen to fail.

import { foundMerchants } from '../merchants.ts';
import { merchants as merchantCount } from '../plan.ts';
import { regionsPlanOf } from './plan.ts';
import { factsOf, forksIn, rules } from './rules.ts';
import { runRegions } from './world.ts';

export interface RegionsTally {
  readonly worlds: number;
  readonly broken: readonly {
    readonly seed: number;
    readonly failure: string;
    readonly rule: string;
    readonly what: string;
  }[];
  readonly facts: number;
  readonly forks: number;
  readonly refusals: number;
  /** Of each world whose writer failed (ms). */
  readonly withoutWriterMs: readonly number[];
}

export interface RegionsOptions {
  readonly seed: number;
  readonly worlds: number;
  /** Whether a region asks for the lease. */
  readonly fenced: boolean;
}

const intentionsPerWorld = 25;

export async function simulateRegions({ seed, worlds, fenced }: RegionsOptions): Promise<RegionsTally> {
  const merchants = await foundMerchants(merchantCount);
  const broken: RegionsTally['broken'][number][] = [];
  const withoutWriterMs: number[] = [];
  const sums = { facts: 0, forks: 0, refusals: 0 };
  for (let world = 0; world < worlds; world += 1) {
    const plan = regionsPlanOf(seed * 100_000 + world, intentionsPerWorld);
    const left = await runRegions(plan, { merchants, writer: fenced ? 'lease' : 'configured' });
    const facts = factsOf(left);
    sums.facts += facts.length;
    sums.forks += forksIn(facts);
    sums.refusals += left.refusals;
    withoutWriterMs.push(left.withoutWriterMs);
    for (const [rule, check] of Object.entries(rules)) {
      for (const what of check(left, facts)) broken.push({ seed: plan.plan.seed, failure: plan.failure, rule, what });
    }
  }
  return { worlds, broken, withoutWriterMs, ...sums };
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(0)} s`;

/** 0: all rules held, and the control failed. */
export async function runRegionsCampaign(
  seed: number,
  worlds: number,
  say: (text: string) => void,
): Promise<0 | 1 | 3> {
  const { broken, facts, forks, refusals, withoutWriterMs } = await simulateRegions({ seed, worlds, fenced: true });
  const sorted = [...withoutWriterMs].sort((one, other) => one - other);
  say(`Two regions: ${worlds} worlds, ${facts} facts, ${refusals} writes sent to the standby.`);
  say(
    `Without a writer: ${seconds(sorted[Math.floor(sorted.length / 2)] ?? 0)} in the middle, ${seconds(sorted.at(-1) ?? 0)} at most.`,
  );
  say(`Facts of which two regions wrote one number apart, and one write was lost to the other: ${forks}.`);
  for (const { seed: of, failure, rule, what } of broken.slice(0, 20))
    say(`  ${rule}\n    seed ${of} (${failure}): ${what}`);
  const control = await simulateRegions({ seed, worlds, fenced: false });
  const count = new Set(control.broken.map(({ seed: of }) => of)).size;
  say(
    `The control without a fence broke a rule in ${count} of ${worlds} worlds (${control.forks} facts written apart).`,
  );
  if (broken.length > 0) return 1;
  return count === 0 ? 3 : 0;
}
