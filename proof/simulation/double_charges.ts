// What each design comes to in money taken twice, for the bench: the product and the controls, each through so many
// payments under the same faults.

import { intentionsPerWorld, type Stretch } from './campaign.ts';
import { type ContestantName, contestants } from './contestants.ts';
import { add, emptyTally, type Tally } from './tally.ts';
import { cut, openThreads } from './threads.ts';

/** Of the product, an operation for which money was taken twice shows as a rule that broke. */
const doubled = (name: ContestantName, tally: Tally): number =>
  name === 'product' ? tally.brokenWorlds : tally.doubleCharges;

/** Double charges for each 100,000 operations, counted over so many of each contestant. */
export async function doubleCharges(operations: number, seed: number): Promise<Readonly<Record<string, number>>> {
  const found: Record<string, number> = {};
  const working = openThreads({ threads: undefined, record: null });
  for (const contestant of Object.keys(contestants) as ContestantName[]) {
    const sum = emptyTally();
    for (let world = 0; sum.operations < operations; ) {
      const toWorld = world + Math.ceil((operations - sum.operations) / intentionsPerWorld);
      const stretch: Stretch = { kind: 'worlds', seed, contestant, fromWorld: world, toWorld, faultRate: null };
      add(sum, await working.run(cut(stretch)));
      world = toWorld;
    }
    const share = (100_000 * doubled(contestant, sum)) / sum.operations;
    found[contestant === 'product' ? 'ours' : contestants[contestant].what] = Math.round(share);
  }
  await working.close();
  return found;
}
