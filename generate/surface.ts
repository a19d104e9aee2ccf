// Writes the documents that reviewers read beside a change: docs/generated/{surface.txt,coverage.md,
// exceptions.md,profiles.md,residency.md}.
// `--check` writes nothing and fails when they are stale; `--from DIR` reads a synthesis instead of making one.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readAssembly as readStacks } from '../lib/cloud_assembly.ts';
import { coveragePage, exceptionsPage } from '../lib/compliance/pages.ts';
import { type ComplianceRecord, recordFile } from '../lib/compliance/record.ts';
import { rules, zoneRules } from '../lib/compliance/strongroom_pack.ts';
import { readAssembly } from '../lib/evidence/assembly.ts';
import { residencies, residencyPage } from '../lib/evidence/residency/page.ts';
import { secondSurfaceOf, surfaceOf } from '../lib/evidence/surface.ts';
import { secondRegion } from '../lib/evidence/template.ts';
import { readingAssembly } from './assembly.ts';
import { profilesPage } from './profiles.ts';

/** The zones are made by the same loops: the documents show one of them. */
const shownZone = 'production-us';
const shownSandbox = 'sandbox-us';
const folder = join(import.meta.dirname, '..', 'docs', 'generated');

function documentsFrom(assembly: string): Record<string, string> {
  const regions = readAssembly(assembly);
  const find = (shown: string) => {
    const found = regions.find(({ id }) => id === shown);
    if (found === undefined) throw new Error(`${assembly} holds no ${shown}`);
    return found;
  };
  const [home, second] = [find(shownZone), find(`${shownZone}/${secondRegion}`)];
  const stacks = readStacks(assembly);
  const profiled = (shown: string) => ({
    templates: find(shown),
    stacks: stacks.filter(({ group }) => group === shown),
  });
  const record: ComplianceRecord = JSON.parse(readFileSync(join(assembly, recordFile), 'utf8'));
  return {
    'surface.txt': surfaceOf(home) + secondSurfaceOf(home, second),
    'coverage.md': coveragePage(record, [...rules, ...zoneRules]),
    'exceptions.md': exceptionsPage(record, { production: shownZone, sandbox: shownSandbox }),
    'profiles.md': profilesPage({ production: profiled(shownZone), sandbox: profiled(shownSandbox) }),
    'residency.md': residencyPage(residencies(regions)),
  };
}

/** The lines that only one of two texts has. That shows what changed, because each line is a fact. */
function difference(before: string, after: string): string[] {
  const [oldLines, newLines] = [before.split('\n'), after.split('\n')];
  const [inOld, inNew] = [new Set(oldLines), new Set(newLines)];
  return [
    ...oldLines.filter((line) => !inNew.has(line)).map((line) => `- ${line}`),
    ...newLines.filter((line) => !inOld.has(line)).map((line) => `+ ${line}`),
  ];
}

const { values } = parseArgs({ options: { check: { type: 'boolean' }, from: { type: 'string' } } });
const shownLines = 40;

mkdirSync(folder, { recursive: true });
for (const [name, text] of Object.entries(await readingAssembly(values.from, documentsFrom))) {
  const path = join(folder, name);
  const before = existsSync(path) ? readFileSync(path, 'utf8') : '';
  if (before === text) continue;
  if (values.check !== true) {
    writeFileSync(path, text);
    console.log(`docs/generated/${name} is written`);
    continue;
  }
  const lines = difference(before, text);
  console.error(`docs/generated/${name} is stale: run \`node generate/surface.ts\` and review the difference.`);
  console.error(lines.slice(0, shownLines).join('\n'));
  if (lines.length > shownLines) console.error(`… and ${lines.length - shownLines} lines more`);
  process.exitCode = 1;
}
