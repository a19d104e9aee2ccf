// Records what holds data in a locked zone: docs/stateful.json. Run it on purpose alone, when what it prints is meant: no test and
// no other document does. `--check` writes nothing, and fails when the templates differ; `--from DIR` reads a synthesis.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readAssembly } from '../lib/evidence/assembly.ts';
import { type Baseline, baselineOf, lossesOf } from '../lib/evidence/stateful.ts';
import { readingAssembly } from './assembly.ts';

const file = join(import.meta.dirname, '..', 'docs', 'stateful.json');
const { values } = parseArgs({ options: { check: { type: 'boolean' }, from: { type: 'string' } } });

const found = await readingAssembly(values.from, (assembly) =>
  baselineOf(readAssembly(assembly).filter(({ id }) => id.split('/')[0] === 'production-us')),
);
const recorded: Baseline = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
const losses = lossesOf(recorded, found);
for (const loss of losses) console.error(loss);
if (values.check === true) {
  if (losses.length > 0) {
    console.error('If all of this is meant, record it: npm run stateful');
    process.exitCode = 1;
  }
} else if (losses.length > 0) {
  writeFileSync(file, `${JSON.stringify(found, undefined, 2)}\n`);
  console.error(`docs/stateful.json: ${Object.keys(found).length} resources are recorded`);
}
