// A short simulation: enough to see at once what a change breaks. simulation.proof.ts is the long one.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { breakages } from './breakages.ts';
import { merchantsOfAll, planOfWorld, runJob } from './campaign.ts';
import { historyOf } from './history.ts';
import { recordedRun } from './recorded_run.ts';
import { type Schedule, scheduleOf } from './schedule.ts';
import { runWorld } from './world.ts';

const here = (file: string): string => join(import.meta.dirname, file);

it('[PAY-1] [WHK-2] under faults at every call all invariants hold, and the controls charge twice', async () => {
  const { code, output, product, exhausted, controls } = await recordedRun({
    operations: 150,
    onePieceOf: 25,
    recording: 'short_simulation.jsonl',
  });
  expect(code, output).toBe(0);
  expect(product.operations).toBeGreaterThanOrEqual(150);
  expect(Object.keys(product.faults).length).toBeGreaterThan(10);
  expect(product.hits).toBeGreaterThan(50);
  expect(exhausted.worlds).toBeGreaterThan(100);
  for (const control of Object.values(controls)) expect(control.doubleCharges).toBeGreaterThan(0);
});

it('a world is a function of its seed, and of its schedule', async () => {
  const merchants = await merchantsOfAll();
  const plan = planOfWorld({ seed: 5, faultRate: 0.1 }, 3);
  const facts = async (schedule?: Schedule) => {
    const faults = schedule && { at: (address: string) => new Map(schedule.faults).get(address) ?? null };
    const left = await runWorld(plan, { merchants, ...(faults && { faults }) });
    return { left, facts: historyOf(left.aws.database).facts.map(({ id, type }) => `${id} ${type}`) };
  };
  const first = await facts();
  expect(first.left.met.length).toBeGreaterThan(20);
  expect((await facts()).facts).toEqual(first.facts);
  expect((await facts(scheduleOf(first.left))).facts).toEqual(first.facts);
});

it.each(Object.entries(breakages))('%s can be broken on purpose: its line stands there once', (_, { file, find }) => {
  expect(readFileSync(here(`../../${file}`), 'utf8').split(find)).toHaveLength(2);
});

it('worlds of different seeds differ', async () => {
  const one = { kind: 'worlds', contestant: 'product', fromWorld: 0, toWorld: 1, faultRate: 0.05 } as const;
  expect(await runJob({ ...one, seed: 1 })).not.toEqual(await runJob({ ...one, seed: 2 }));
});
