// A world that broke, made as small as it gets, told in words and written down.

import { writeFileSync } from 'node:fs';
import { merchantsOfAll } from './campaign.ts';
import { described, listed } from './report.ts';
import { live, shrink } from './schedule.ts';
import type { Broken } from './tally.ts';

export async function explain({ violations, schedule }: Broken, say: (text: string) => void): Promise<void> {
  say(listed(violations));
  const merchants = await merchantsOfAll();
  const [first] = (await live(schedule, merchants)).violations;
  if (first === undefined) {
    say('Lived through once more, all invariants hold: that world is not a function of its schedule.');
    return;
  }
  const smallest = await shrink(schedule, first.rule, merchants);
  const file = `simulation-${schedule.plan.seed}.json`;
  writeFileSync(file, `${JSON.stringify(smallest, null, 2)}\n`);
  say(`\nThe smallest schedule that breaks it:\n${described(smallest)}`);
  say(listed((await live(smallest, merchants)).violations));
  say(`\nTo live through it again: npm run simulate -- --replay ${file}`);
}
