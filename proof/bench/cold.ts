// Cold starts of what is deployed: each in a process of its own that loads a bundle and answers its first request, ours and
// the reference in turns. The operating system's and Lambda's own part of a start is not in it.

import { type Cold, type ColdWorld, openColdWorld, type Side, type Step, steps } from './cold_world.ts';
import { type Bench, median, type Row } from './measure.ts';

const runs = 15;

async function timed(world: ColdWorld): Promise<Record<Side, Record<Step, Cold[]>>> {
  const found = { ours: { authorizer: [], create: [], get: [] }, typical: { authorizer: [], create: [], get: [] } };
  const all: Record<Side, Record<Step, Cold[]>> = found;
  for (let run = 0; run < runs; run += 1) {
    const sides: Side[] = run % 2 === 0 ? ['ours', 'typical'] : ['typical', 'ours'];
    for (const step of steps) for (const side of sides) all[side][step].push(await world.start(side, step, 'timed'));
    process.stderr.write(`cold: ${run + 1} of ${runs} runs\n`);
  }
  return all;
}

async function rowsOf(world: ColdWorld, all: Record<Side, Record<Step, Cold[]>>, step: Step): Promise<Row[]> {
  const middle = (what: 'cpuMs' | 'wallMs' | 'rssMb' | 'importMs', side: Side): number =>
    median(all[side][step].map((cold) => cold[what]));
  /** Of the two starts of one turn, which met the same machine. */
  const neighbours = (what: 'cpuMs' | 'wallMs' | 'rssMb'): number =>
    median(all.ours[step].map((cold, turn) => cold[what] / (all.typical[step][turn]?.[what] ?? Number.NaN)));
  const pair = (what: 'cpuMs' | 'wallMs' | 'rssMb') => ({
    ours: middle(what, 'ours'),
    reference: middle(what, 'typical'),
    ratio: neighbours(what),
  });
  const ours = await world.start('ours', step, 'scripts');
  const typical = await world.start('typical', step, 'scripts');
  return [
    {
      name: `${step}: CPU, import and first request`,
      unit: 'ms',
      ...pair('cpuMs'),
      target: { of: 'ratio', most: 0.5 },
      more: { import: middle('importMs', 'ours'), 'import of reference': middle('importMs', 'typical') },
    },
    { name: `${step}: wall time`, unit: 'ms', ...pair('wallMs') },
    { name: `${step}: memory (RSS)`, unit: 'MB', ...pair('rssMb') },
    {
      name: `${step}: code loaded by then`,
      unit: 'bytes',
      ours: ours.bytes,
      reference: typical.bytes,
      target: { of: 'ratio', most: 0.4 },
    },
    {
      name: `${step}: bundle`,
      unit: 'bytes',
      ours: await world.bundleBytes('ours', step),
      reference: await world.bundleBytes('typical', step),
    },
    { name: `${step}: builtins loaded`, unit: 'count', ours: ours.builtins, reference: typical.builtins },
    {
      name: `${step}: undici loaded`,
      unit: 'count',
      ours: Number(ours.undici),
      reference: Number(typical.undici),
      target: { of: 'ours', most: 0 },
    },
  ];
}

export const cold: Bench = {
  name: 'cold',
  about: `first request of a fresh process, bundles, AWS on loopback; medians of ${runs}, in turns`,
  run: async () => {
    const world = await openColdWorld();
    try {
      const all = await timed(world);
      const rows: Row[] = [];
      for (const step of steps) rows.push(...(await rowsOf(world, all, step)));
      return rows;
    } finally {
      world.stop();
    }
  },
};
