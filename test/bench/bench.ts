// Measures what Strongroom costs on this machine and prints it: `npm run bench`. Numbers are of one run on one machine;
// a measure that fails ends the bench, so that none is missing in silence.

import { writeFileSync } from 'node:fs';
import { arch, cpus, platform } from 'node:os';
import { parseArgs } from 'node:util';
import { boot } from './boot.ts';
import { bundles } from './bundles.ts';
import type { Measure, Result } from './measure.ts';
import { synthesis } from './synthesis.ts';
import { tour } from './tour.ts';

const usage = `Measures what Strongroom costs on this machine.

  npm run bench                       synthesis, bundles, restart of the local cloud
  npm run bench -- --with-tour        the tour too
  npm run bench -- --only boot        measures whose name starts so
  npm run bench -- --json FILE        writes the results to FILE as well
  npm run bench -- --help             this text
`;

/** Later ones use what earlier ones built. */
const measures: readonly Measure[] = [synthesis, ...bundles, boot];

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      'with-tour': { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return console.log(usage);
  const chosen = [...measures, ...(values['with-tour'] ? [tour] : [])].filter(({ name }) =>
    name.startsWith(values.only),
  );
  if (chosen.length === 0) throw new Error(`No measure starts with "${values.only}".`);
  const width = Math.max(...chosen.map(({ name }) => name.length));
  const results: Record<string, Result & { readonly unit: string }> = {};
  for (const { name, unit, run } of chosen) {
    const result = await run();
    results[name] = { unit, ...result };
    const more = Object.entries(result.more ?? {}).map(([what, value]) => `${what} ${value}`);
    console.log([name.padEnd(width), `${result.value} ${unit}`.padStart(14), more.join(', ')].join('  ').trimEnd());
  }
  if (values.json === undefined) return;
  const machine = { node: process.version, platform: platform(), arch: arch(), cores: cpus().length };
  writeFileSync(values.json, `${JSON.stringify({ at: new Date().toISOString(), machine, results }, null, 2)}\n`);
}

try {
  await main();
} catch (thrown) {
  console.error(thrown instanceof Error ? thrown.message : String(thrown));
  process.exitCode = 1;
}
