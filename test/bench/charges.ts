// Double charges under faults: every contestant of the simulation with the same merchants, crashes, lost answers and
// repeats. Counted, not timed. The simulation is asked through one function of one file, so that neither knows the other.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from './measure.ts';

/**
 * What test/simulation/double_charges.ts exports: has every contestant make so many payments, and tells how many of each
 * were charged more than once; `ours` is the product.
 */
interface Simulation {
  doubleCharges(payments: number, seed: number): Promise<Readonly<Record<string, number>>>;
}

const payments = 100_000;
const seed = 1;
const place = join(import.meta.dirname, '..', 'simulation', 'double_charges.ts');

export const charges: Bench = {
  name: 'charges',
  about: `payments charged twice, of ${payments} under faults; beside ours, each other contestant of the simulation`,
  run: async () => {
    if (!existsSync(place)) return { notRun: 'test/simulation/double_charges.ts is not there' };
    const { doubleCharges } = (await import(place)) as Simulation;
    const { ours, ...others } = await doubleCharges(payments, seed);
    if (ours === undefined) throw new Error('The simulation told nothing of the product');
    return [
      { name: 'charged twice', unit: 'count', ours, target: { of: 'ours', most: 0 } },
      ...Object.entries(others).map(
        ([name, reference]) => ({ name: `charged twice: ${name}`, unit: 'count', ours, reference }) as const,
      ),
    ];
  },
};
