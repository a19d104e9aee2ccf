// The work of a run, in pieces that any thread can do: stretches of worlds, and parts of the exhaustive search. A world is a
// function of the campaign's seed and its number, so that any of them can be lived through again alone.

import { type ContestantName, contestants, doubleCharged, withoutModifications } from './contestants.ts';
import { hash } from './draw.ts';
import { exhaust, searches } from './exhaustive.ts';
import { historyOf } from './history.ts';
import { violationsOf } from './invariants.ts';
import { foundMerchants, type Merchant } from './merchants.ts';
import { merchants as merchantCount, type Plan, planOf } from './plan.ts';
import { scheduleOf } from './schedule.ts';
import { count, emptyTally, type Tally } from './tally.ts';
import { runWorld, type WorldOptions } from './world.ts';

export interface Stretch {
  readonly kind: 'worlds';
  readonly seed: number;
  readonly contestant: ContestantName;
  readonly fromWorld: number;
  readonly toWorld: number;
  /** Replaces the rate that each world draws. */
  readonly faultRate: number | null;
}

export interface Search {
  readonly kind: 'search';
  /** A name in exhaustive.ts. */
  readonly plan: string;
  readonly pairs: boolean;
  /** Every `parts`-th first fault, beginning with this. */
  readonly part: number;
  readonly parts: number;
}

export type Job = Stretch | Search;

/** Intentions of a world: enough to meet, few enough to look at. */
export const intentionsPerWorld = 50;

let founded: Promise<readonly Merchant[]> | undefined;
export const merchantsOfAll = (): Promise<readonly Merchant[]> => {
  founded ??= foundMerchants(merchantCount);
  return founded;
};

export function planOfWorld({ seed, faultRate }: Pick<Stretch, 'seed' | 'faultRate'>, world: number): Plan {
  const plan = planOf(hash(seed, `world ${world}`), intentionsPerWorld);
  return faultRate === null ? plan : { ...plan, faultRate };
}

export interface JobHooks extends Pick<WorldOptions, 'record'> {
  /** After each world. */
  readonly progress?: (operations: number) => void;
}

/** Within a world only promises are waited for: between two, messages and signals get through. */
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export async function runJob(job: Job, hooks: JobHooks = {}): Promise<Tally> {
  const tally = emptyTally();
  const merchants = await merchantsOfAll();
  const { record } = hooks;
  const afterWorld = async (operations: number): Promise<void> => {
    hooks.progress?.(operations);
    await breathe();
  };
  if (job.kind === 'search') {
    const { plan, pairs, part, parts } = job;
    const searched = searches.get(plan);
    if (searched === undefined) throw new Error(`there is nothing exhaustive about ${plan}`);
    await exhaust(tally, searched, {
      merchants,
      pairs,
      part,
      parts,
      afterWorld: () => afterWorld(1),
    });
    return tally;
  }
  const { code } = contestants[job.contestant];
  for (let world = job.fromWorld; world < job.toWorld; world += 1) {
    const plan = planOfWorld(job, world);
    const before = tally.operations;
    if (code === null) {
      const left = await runWorld(plan, { merchants, ...(record && { record }) });
      const history = historyOf(left.aws.database);
      count(tally, left, history.facts.length, violationsOf(left, history), `world ${world}`, scheduleOf(left));
    } else {
      const left = await runWorld(withoutModifications(plan), { merchants, contestant: code });
      count(tally, left, 0, [], '', null);
      tally.doubleCharges += doubleCharged(left);
    }
    await afterWorld(tally.operations - before);
  }
  return tally;
}
