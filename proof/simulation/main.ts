// The simulation's command: a campaign of worlds with its exhaustive part and its controls, or one world told in full.

import { readFileSync, writeFileSync } from 'node:fs';
import { BadArguments, help, readArguments } from './arguments.ts';
import { breakAll } from './break.ts';
import { merchantsOfAll, planOfWorld } from './campaign.ts';
import { historyOf } from './history.ts';
import { violationsOf } from './invariants.ts';
import { quick } from './quick.ts';
import { runRegionsCampaign } from './regions/run.ts';
import { described, ended } from './report.ts';
import { live, type Schedule } from './schedule.ts';
import { simulate } from './simulate.ts';
import { sumOf } from './sum.ts';
import { runWorld } from './world.ts';

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const trace = (atMs: number, text: string): void => say(`${(atMs / 1000).toFixed(3).padStart(10)}  ${text}`);

async function main(): Promise<number> {
  const options = readArguments(process.argv.slice(2));
  if (options.help) {
    say(help);
    return 0;
  }
  if (options.replay !== undefined) {
    // Written by an earlier run, for exactly this.
    const schedule = JSON.parse(readFileSync(options.replay, 'utf8')) as Schedule;
    const lived = await live(schedule, await merchantsOfAll(), { trace });
    say(`\n${described(schedule)}\n${ended(lived)}`);
    return lived.violations.length === 0 ? 0 : 1;
  }
  if (options.world !== undefined) {
    const left = await runWorld(planOfWorld(options, options.world), { merchants: await merchantsOfAll(), trace });
    const violations = violationsOf(left, historyOf(left.aws.database));
    say(`\n${ended({ left, violations })}`);
    return violations.length === 0 ? 0 : 1;
  }
  if (options.breakages) {
    const missed = (await breakAll(say)).filter(({ seed }) => seed === null);
    say(missed.length === 0 ? '\nEach of them is caught.' : `\n${missed.length} are not caught.`);
    return missed.length === 0 ? 0 : 1;
  }
  if (options.regions !== undefined)
    return runRegionsCampaign(options.seed, options.regions, { say, withControl: !options.quick });
  if (options.quick) return quick(options, say);
  const { part, seed, operations: asked } = options;
  const simulated = options.sum === undefined ? await simulate(options, say) : sumOf(options.sum, say);
  const written = { part, seed, asked, ...simulated };
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(written, null, 2)}\n`);
  return simulated.code;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const isOurs = error instanceof BadArguments;
    process.stderr.write(
      isOurs ? `simulate: ${error.message}\n\n${help}` : `${error instanceof Error ? error.stack : error}\n`,
    );
    process.exitCode = 2;
  },
);
