// Measures what Strongroom costs, beside the reference (typical/platform.ts) and beside what was aimed at, and prints it:
// `npm run bench`. Numbers are of one run on one machine, ratios are taken within the run, counted things are exact. A
// measure that fails ends the bench, so that none is missing in silence.

import { mkdirSync, writeFileSync } from 'node:fs';
import { arch, cpus, loadavg, platform } from 'node:os';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { boot } from './boot.ts';
import { bundles } from './bundles.ts';
import { charges } from './charges.ts';
import { cold } from './cold.ts';
import { crypto } from './crypto.ts';
import { dollars } from './dollars.ts';
import type { Bench, NotRun, Row } from './measure.ts';
import { calls } from './requests.ts';
import { synthesis } from './synthesis.ts';
import { lines, verdicts } from './table.ts';
import { tour } from './tour.ts';
import { warm } from './warm.ts';
import { besideHostile, webhooks } from './webhooks.ts';

const usage = `Measures what Strongroom costs, beside a reference made of the usual stack.

  npm run bench                       all but the tour; some seven minutes
  npm run bench -- --with-tour        the tour too
  npm run bench -- --only cold        benches whose name starts so: NAMES
  npm run bench -- --minutes N        how long the webhooks' load lasts, in virtual minutes (1)
  npm run bench -- --json FILE        where the results are written (dist/bench.json)
  npm run bench -- --help             this text
`;

/** Later ones use what earlier ones built. */
const benches: readonly Bench[] = [calls, warm, dollars, cold, crypto, charges, synthesis, bundles, boot];

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      'with-tour': { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      minutes: { type: 'string', default: '1' },
      json: { type: 'string', default: 'dist/bench.json' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const minutes = Number(values.minutes);
  if (!(minutes > 0.5 && minutes <= 60)) throw new Error('--minutes must be a number above 0.5, and 60 at most.');
  const usual = [...benches, webhooks(minutes), besideHostile(minutes)];
  const all = [...usual, tour];
  if (values.help) return console.log(usage.replace('NAMES', all.map(({ name }) => name).join(', ')));
  const asked = values.only !== '' || values['with-tour'];
  const chosen = (asked ? all : usual).filter(({ name }) => name.startsWith(values.only));
  if (chosen.length === 0) throw new Error(`No bench starts with "${values.only}".`);
  const results: Record<string, readonly Row[] | NotRun> = {};
  for (const { name, about, run } of chosen) {
    process.stderr.write(`${name} …\n`);
    const rows = await run();
    results[name] = rows;
    console.log(`\n${name}: ${about}`);
    for (const line of lines(rows)) console.log(`  ${line}`);
  }
  console.log(`\n${verdicts(Object.values(results))}`);
  const machine = {
    node: process.version,
    platform: platform(),
    arch: arch(),
    cores: cpus().length,
    load: loadavg()[0],
  };
  mkdirSync(dirname(values.json), { recursive: true });
  writeFileSync(values.json, `${JSON.stringify({ at: new Date().toISOString(), machine, results }, null, 2)}\n`);
  process.stderr.write(`written to ${values.json}\n`);
}

try {
  await main();
} catch (thrown) {
  console.error(thrown instanceof Error ? thrown.message : String(thrown));
  process.exitCode = 1;
}
