// `npm run residency`: proves of every template of every stage of the configuration that nothing leaves its zone, prints what was
// seen and where it stays, and fails with the exact place of whatever would leave.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readAssembly } from '../../lib/evidence/assembly.ts';
import { leavingLine, residencies, residencyTable, type ZoneResidency } from '../../lib/evidence/residency/page.ts';

const usage = `Proves that nothing leaves the zone it belongs to.

  npm run residency                  of strongroom.config.ts, synthesized for this
  npm run residency -- --from DIR    of a cloud assembly, for example cdk.out
`;

async function synthesized(): Promise<ZoneResidency[]> {
  // Loaded here only: the CDK takes as long to load as everything else together.
  const [{ buildApp }, { bundleFunctions }, { default: config }] = await Promise.all([
    import('../../lib/app.ts'),
    import('../../lib/bundle.ts'),
    import('../../strongroom.config.ts'),
  ]);
  const outdir = mkdtempSync(join(tmpdir(), 'strongroom-residency-'));
  try {
    await bundleFunctions();
    // Only its own findings count here; all templates are written before any rule reads them.
    const app = buildApp(config, { outdir, today: new Date().toISOString().slice(0, 10) });
    const refusal = refusalOf(() => app.synth());
    const zones = residencies(readAssembly(outdir));
    if (refusal !== undefined && zones.every(({ leaving }) => leaving.length === 0)) throw refusal;
    return zones;
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

function refusalOf(synthesize: () => void): unknown {
  // AWS's own validator says nothing about residency, and takes longer than all the rest.
  process.env.CDK_VALIDATION = 'false';
  try {
    synthesize();
    return undefined;
  } catch (thrown) {
    return thrown;
  }
}

/** Columns as wide as their widest cell. */
function aligned(table: readonly string[]): string[] {
  const rows = table
    .filter((line) => !line.startsWith('| ---'))
    .map((line) =>
      line
        .slice(2, -2)
        .split(' | ')
        .map((cell) => cell.trim()),
    );
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
}

const { values } = parseArgs({ options: { from: { type: 'string' }, help: { type: 'boolean', short: 'h' } } });
if (values.help) console.log(usage);
else {
  const zones = values.from === undefined ? await synthesized() : residencies(readAssembly(values.from));
  for (const zone of zones) {
    const { id, templates, texts, leaving, bounds } = zone;
    console.log(`\n${id}: ${templates} templates, ${texts} texts, ${bounds.regions.join(' and ')}`);
    for (const line of aligned(residencyTable(zone))) console.log(`  ${line}`);
    for (const each of leaving) console.error(`  LEAVES  ${each.region} ${leavingLine(each)}`);
  }
  const leaving = zones.reduce((sum, zone) => sum + zone.leaving.length, 0);
  console.log(`\n${zones.length} zones: ${leaving === 0 ? 'nothing leaves' : `${leaving} leave`}`);
  process.exitCode = zones.length > 0 && leaving === 0 ? 0 : 1;
}
