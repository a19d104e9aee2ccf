// The shortest way to something that does not hold: world after world, then every single fault, on this thread.

import { intentionsPerWorld, type Job, runJob } from './campaign.ts';
import { exhaustivePlans } from './exhaustive.ts';
import { listed } from './report.ts';

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
  const searches = [...exhaustivePlans.keys()].map((plan): Job => {
    return { kind: 'search', plan, pairs: false, part: 0, parts: 1 };
  });
  for (const job of [...worlds, ...searches]) {
    const [first] = (await runJob(job)).broken;
    if (first === undefined) continue;
    say(`Seed ${seed}, ${first.world}:\n${listed(first.violations)}`);
    return 1;
  }
  say('All invariants held.');
  return 0;
}
