// Writes the documents that reviewers read beside a change: docs/generated/{surface.txt,coverage.md,exceptions.md}.
// `--check` writes nothing and fails when they are stale; `--from DIR` reads a synthesis instead of making one.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { coveragePage, exceptionsPage } from '../lib/compliance/pages.ts';
import { type ComplianceRecord, recordFile } from '../lib/compliance/record.ts';
import { rules } from '../lib/compliance/strongroom_pack.ts';
import { readAssembly } from '../lib/evidence/assembly.ts';
import { surfaceOf } from '../lib/evidence/surface.ts';

/** The zone that stands for all: they are made by the same loops. */
const shown = 'production-us';
const into = join(import.meta.dirname, '..', 'docs', 'generated');

function documentsFrom(assembly: string): Record<string, string> {
  const zone = readAssembly(assembly).find(({ id }) => id === shown);
  if (zone === undefined) throw new Error(`${assembly} holds no ${shown}`);
  const record: ComplianceRecord = JSON.parse(readFileSync(join(assembly, recordFile), 'utf8'));
  return {
    'surface.txt': surfaceOf(zone),
    'coverage.md': coveragePage(record, rules),
    'exceptions.md': exceptionsPage(record, shown),
  };
}

async function synthesized(): Promise<Record<string, string>> {
  // Only here: the CDK takes as long to load as all the rest.
  const [{ buildApp }, { bundleFunctions }, { default: config }] = await Promise.all([
    import('../lib/app.ts'),
    import('../lib/bundle.ts'),
    import('../strongroom.config.ts'),
  ]);
  const outdir = mkdtempSync(join(tmpdir(), 'strongroom-surface-'));
  try {
    await bundleFunctions();
    buildApp(config, { outdir, today: new Date().toISOString().slice(0, 10) }).synth();
    return documentsFrom(outdir);
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** Lines that only one of two texts has: enough to see what changed, since each line is a fact. */
function difference(before: string, after: string): string[] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  const [olds, nows] = [new Set(old), new Set(now)];
  return [
    ...old.filter((line) => !nows.has(line)).map((line) => `- ${line}`),
    ...now.filter((line) => !olds.has(line)).map((line) => `+ ${line}`),
  ];
}

const { values } = parseArgs({ options: { check: { type: 'boolean' }, from: { type: 'string' } } });
const shownLines = 40;

mkdirSync(into, { recursive: true });
for (const [name, text] of Object.entries(
  values.from === undefined ? await synthesized() : documentsFrom(values.from),
)) {
  const path = join(into, name);
  const before = existsSync(path) ? readFileSync(path, 'utf8') : '';
  if (before === text) continue;
  if (values.check !== true) {
    writeFileSync(path, text);
    console.log(`docs/generated/${name} is new`);
    continue;
  }
  const lines = difference(before, text);
  console.error(`docs/generated/${name} is stale: run \`node generate/surface.ts\` and review the difference.`);
  console.error(lines.slice(0, shownLines).join('\n'));
  if (lines.length > shownLines) console.error(`… and ${lines.length - shownLines} lines more`);
  process.exitCode = 1;
}
