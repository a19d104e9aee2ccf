// The shortest way to something that does not hold: some worlds, every single fault, more worlds, on this
// thread.

import { intentionsPerWorld, type Job, runJob } from './campaign.ts';
import { searches } from './exhaustive.ts';
import { explain } from './explain.ts';

/** Most of what is wrong shows in the first worlds; what needs one certain fault does not. */
const firstWorlds = 20;

interface QuickOptions {
  readonly operations: number;
  readonly seed: number;
  readonly faultRate: number | null;
}

export async function quick(
  { operations, seed, faultRate }: QuickOptions,
  say: (text: string) => void,
): Promise<number> {
  Error.stackTraceLimit = 0;
  const worlds = Array.from({ length: Math.ceil(operations / intentionsPerWorld) }, (_, world): Job => {
    return { kind: 'worlds', seed, contestant: 'product', fromWorld: world, toWorld: world + 1, faultRate };
  });
  const everyFault = [...searches.keys()].map((plan): Job => {
    return { kind: 'search', plan, pairs: false, part: 0, parts: 1 };
  });
  for (const job of [...worlds.slice(0, firstWorlds), ...everyFault, ...worlds.slice(firstWorlds)]) {
    const [first] = (await runJob(job)).broken;
    if (first === undefined) continue;
    say(`Seed ${seed}, ${first.world}:`);
    await explain(first, say);
    return 1;
  }
  say('All invariants held.');
  return 0;
}
