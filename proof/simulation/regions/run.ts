// Many zones with two regions, each through a failure of its writer region; and the same ones without the fence, which must be
// seen to fail.

import { foundMerchants } from '../merchants.ts';
import { merchants as merchantCount } from '../plan.ts';
import { EndlessWorld } from '../timeline.ts';
import { regionsPlanOf } from './plan.ts';
import { factsOf, forksIn, rules } from './rules.ts';
import { leftParkedIn, repeatsIn, webhookRules } from './webhook_rules.ts';
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
  /** Payments that were put right. */
  readonly corrected: number;
  /** That their receivers took, and those that these had taken before. */
  readonly webhooks: number;
  readonly repeats: number;
  /** Left parked at receivers that failed while the home was cut off. */
  readonly parked: number;
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

/** Two writers may make each other work for ever. */
function endless(error: unknown): string {
  if (!(error instanceof EndlessWorld)) throw error;
  return error.message;
}

export async function simulateRegions({ seed, worlds, fenced }: RegionsOptions): Promise<RegionsTally> {
  const merchants = await foundMerchants(merchantCount);
  const broken: RegionsTally['broken'][number][] = [];
  const withoutWriterMs: number[] = [];
  const sums = { facts: 0, forks: 0, refusals: 0, corrected: 0, webhooks: 0, repeats: 0, parked: 0 };
  for (let world = 0; world < worlds; world += 1) {
    const plan = regionsPlanOf(seed * 100_000 + world, intentionsPerWorld);
    const { seed: of } = plan.plan;
    const lived = await runRegions(plan, { merchants, writer: fenced ? 'lease' : 'configured' }).catch(endless);
    if (typeof lived === 'string') {
      broken.push({ seed: of, failure: plan.failure, rule: '[RES-4] a world comes to its end', what: lived });
      continue;
    }
    const left = lived;
    const facts = factsOf(left);
    sums.facts += facts.length;
    sums.forks += forksIn(facts);
    sums.refusals += left.refusals;
    sums.corrected += facts.filter(({ type }) => type === 'payment.corrected').length;
    sums.webhooks += left.receivers.hits.filter(({ accepted }) => accepted).length;
    sums.repeats += repeatsIn(left);
    sums.parked += leftParkedIn(left);
    withoutWriterMs.push(left.withoutWriterMs);
    for (const [rule, check] of Object.entries({ ...rules, ...webhookRules })) {
      for (const what of check(left, facts)) broken.push({ seed: of, failure: plan.failure, rule, what });
    }
  }
  return { worlds, broken, withoutWriterMs, ...sums };
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(0)} s`;

/** 0: all rules held, and the control failed. */
export async function runRegionsCampaign(
  seed: number,
  worlds: number,
  { say, withControl }: { readonly say: (text: string) => void; readonly withControl: boolean },
): Promise<0 | 1 | 3> {
  const { broken, facts, forks, refusals, corrected, webhooks, repeats, parked, withoutWriterMs } =
    await simulateRegions({
      seed,
      worlds,
      fenced: true,
    });
  const sorted = [...withoutWriterMs].sort((one, other) => one - other);
  say(`Two regions: ${worlds} worlds, ${facts} facts, ${refusals} writes sent to the standby.`);
  say(
    `Without a writer: ${seconds(sorted[Math.floor(sorted.length / 2)] ?? 0)} in the middle, ${seconds(sorted.at(-1) ?? 0)} at most.`,
  );
  say(
    `Facts of which two regions wrote one number apart, and one write was lost to the other: ${forks}; payments put right: ${corrected}.`,
  );
  say(`Webhooks: ${webhooks}, of which ${repeats} had come before, under the same id; left parked: ${parked}.`);
  for (const { seed: of, failure, rule, what } of broken.slice(0, 20))
    say(`  ${rule}\n    seed ${of} (${failure}): ${what}`);
  if (broken.length > 0) return 1;
  if (!withControl) return 0;
  const control = await simulateRegions({ seed, worlds, fenced: false });
  const count = new Set(control.broken.map(({ seed: of }) => of)).size;
  say(
    `The control without a fence broke a rule in ${count} of ${worlds} worlds (${control.forks} facts written apart).`,
  );
  return count === 0 ? 3 : 0;
}
