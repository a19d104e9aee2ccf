// `npm run privileges`: runs what asks AWS for anything, with recording, and holds it against the synthesized policies. Ends
// with 1 when something was denied, is unused, or differs; only a result without findings is written to docs/generated.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { playTour } from '../../cli/tour/day.ts';
import { printer } from '../../cli/tour/printer.ts';
import { client } from '../../cli/tour/wire.ts';
import { newState, startCloud } from '../../test/kit/cloud.ts';
import { documents, gather, generated } from './evidence.ts';
import { terminal } from './report.ts';

const root = join(import.meta.dirname, '..', '..');
const simulation = join(root, 'proof', 'simulation', 'main.ts');
const dayMs = 120_000;
const operations = 2_000;
const seed = 1;

/** Tests whose functions ask AWS for something: through the local cloud, or under the names of test/kit/aws. */
const asking = [
  'test/e2e',
  'test/tenants/rates/provisioner.test.ts',
  'test/payments/connections.test.ts',
  'test/webhooks/deliveries.test.ts',
  'test/kernel/http',
  'test/payments/crash.test.ts',
  'test/payments/idempotency.test.ts',
  'test/payments/live_connection.test.ts',
  'test/payments/saved_methods.test.ts',
  'test/payments/lists.test.ts',
  'test/tenants/business.test.ts',
  'test/processor_events',
  'test/connections',
  'test/customers',
  'test/rotation',
  'test/writer',
  'test/tenants/authorizer.test.ts',
  'test/tenants/descendants.test.ts',
  'test/tenants/operators.test.ts',
];

const usage = `Least privilege both ways: what functions ask of AWS is allowed, and what they are granted is asked for.

  npm run privileges                        synthesizes, runs the tests that ask AWS, a merchant's day and a short
                                            simulation, all with recording; then checks, prints and writes docs/generated
  npm run privileges -- --recordings DIR    checks what an earlier run recorded there against the cdk.out that is there
  npm run privileges -- --keep DIR          keeps the recordings in DIR, which must be empty
  npm run privileges -- --help              this text
`;

/** Whatever it prints is shown; anything but a clean end ends the check. */
async function runs(what: string, args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${what} failed, so its recordings prove nothing`);
}

async function playsTheDay(): Promise<void> {
  const cloud = await startCloud(newState());
  try {
    const { tenants } = cloud.ready;
    await playTour(
      { ...cloud.ready, tenants: [...tenants] },
      client(AbortSignal.timeout(dayMs)),
      printer({ write: () => {} }),
    );
  } finally {
    await cloud.stop();
  }
}

/** What ran. */
async function record(folder: string): Promise<string[]> {
  await runs('the synthesis', [join(root, 'test', 'kit', 'synthesize.ts')]);
  process.env.STRONGROOM_TEST_ASSEMBLY = join(root, 'cdk.out');
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  await runs('the tests', [vitest, 'run', '--project', 'suite', ...asking]);
  await playsTheDay();
  if (!existsSync(simulation)) return [...asking, 'a merchant’s day'];
  const args = ['--operations', String(operations), '--seed', String(seed)];
  const file = join(folder, 'simulation.jsonl');
  await runs('the simulation', [simulation, ...args, '--record', file]);
  if (!existsSync(file)) throw new Error(`the simulation wrote nothing to ${file}`);
  return [...asking, 'a merchant’s day', `a simulation of ${operations} operations`];
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { recordings: { type: 'string' }, keep: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const made = mkdtempSync(join(tmpdir(), 'strongroom-privileges-'));
  try {
    const folder = values.recordings ?? values.keep ?? made;
    process.env.STRONGROOM_RECORDINGS = folder;
    const sources = values.recordings === undefined ? await record(folder) : [values.recordings];
    const evidence = await gather(folder, join(root, 'cdk.out'));
    console.log(terminal(evidence, sources));
    if (evidence.findings.length > 0) return 1;
    for (const [name, text] of Object.entries(documents(evidence))) writeFileSync(join(generated, name), text);
    return 0;
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

try {
  process.exitCode = await main();
} catch (thrown) {
  console.error(thrown instanceof Error ? thrown.message : String(thrown));
  process.exitCode = 1;
}
