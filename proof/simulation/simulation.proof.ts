// The simulation at a length that means something, and proof that it would see: it must catch a design that is broken on
// purpose, shrink what it found, and find it again.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { recordedRun } from './recorded_run.ts';
import type { Schedule } from './schedule.ts';

const here = (file: string): string => join(import.meta.dirname, file);

it('[PAY-1] [WHK-2] under faults at every call all invariants hold, and the controls charge twice', async () => {
  const { code, output, product, exhausted, controls } = await recordedRun({
    operations: 500,
    onePieceOf: 5,
    recording: 'simulation.jsonl',
  });
  expect(code, output).toBe(0);
  expect(product.operations).toBeGreaterThanOrEqual(500);
  expect(Object.keys(product.faults).length).toBeGreaterThan(10);
  expect(product.hits).toBeGreaterThan(100);
  expect(exhausted.hits).toBeGreaterThan(100);
  expect(exhausted.worlds).toBeGreaterThan(300);
  for (const control of Object.values(controls)) expect(control.doubleCharges).toBeGreaterThan(0);
});

it('[PAY-1] a design that is broken on purpose is caught, in a schedule of few faults that breaks it again', () => {
  const folder = mkdtempSync(join(tmpdir(), 'strongroom-simulation-'));
  const run = (...args: string[]) =>
    spawnSync(process.execPath, ['--import', here('broken.ts'), here('main.ts'), ...args], {
      cwd: folder,
      env: { ...process.env, STRONGROOM_BREAKAGE: 'attempt_after_unknown' },
      encoding: 'utf8',
      timeout: 120_000,
    });
  const caught = run('--operations', '300', '--quick');
  expect(caught.stdout).toContain('[PAY-1] a payment is charged at most once');
  expect(caught.status).toBe(1);
  const [file = ''] = readdirSync(folder);
  const { plan, faults } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Schedule;
  expect(plan.intentions).toHaveLength(1);
  expect(faults.length).toBeLessThanOrEqual(2);
  const again = run('--replay', file);
  expect(again.stdout).toContain('[PAY-1] a payment is charged at most once');
  expect(again.status).toBe(1);
  rmSync(folder, { recursive: true });
});
