// `npm run synth` from a cold process: the CDK's command line, which bundles all functions, writes all templates of all stages and has
// every pack and AWS's own validator read them; and how long each of these takes.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { templatesPart } from '../../lib/timings.ts';
import { type Bench, type Row, root } from './measure.ts';

const Parts = v.record(v.string(), v.number());
const deadlineMs = 600_000;

/** ms of the whole command, and of its parts. */
async function synthesize(folder: string, environment: NodeJS.ProcessEnv) {
  const timings = join(folder, 'timings.json');
  const began = performance.now();
  const child = spawn('node_modules/.bin/cdk', ['synth', '-q', '-o', join(folder, 'cdk.out'), '**'], {
    cwd: root,
    env: { ...process.env, ...environment, STRONGROOM_TIMINGS: timings },
    stdio: ['ignore', 'ignore', 'pipe'],
    signal: AbortSignal.timeout(deadlineMs),
  });
  const [code]: unknown[] = await once(child, 'exit');
  if (code !== 0) throw new Error(`cdk synth ended with ${code}`);
  const whole = Math.round(performance.now() - began);
  return { whole, parts: v.parse(Parts, JSON.parse(readFileSync(timings, 'utf8'))) };
}

async function run(): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'strongroom-bench-'));
  try {
    // The second one tells templates from AWS's validator, which the CDK runs in the same step.
    const { parts: without } = await synthesize(folder, { CDK_VALIDATION: 'false' });
    const { whole, parts } = await synthesize(folder, {});
    const inApp = Object.values(parts).reduce((sum, ms) => sum + ms, 0);
    const templates = without[templatesPart] ?? 0;
    const rows: readonly (readonly [string, number])[] = [
      ['the CDK’s command line', whole - inApp],
      ...Object.entries({ ...parts, [templatesPart]: templates }),
      ['AWS’s own validator', (parts[templatesPart] ?? 0) - templates],
    ];
    return [
      { name: 'npm run synth', unit: 'ms', ours: whole, target: { of: 'ours', most: 25_000 } },
      ...rows.map(([name, ours]): Row => ({ name, unit: 'ms', ours })),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export const synthesis: Bench = {
  name: 'synth',
  about:
    'the CDK’s command line: all functions bundled, all templates of all stages written and checked, from a cold process',
  run,
};
