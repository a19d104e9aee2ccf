// Double charges under faults: every contestant of the simulation with the same merchants, crashes, lost answers and
// repeats. Counted, not timed.

import { doubleCharges } from '../simulation/double_charges.ts';
import type { Bench } from './measure.ts';

const operations = 5_000;
const seed = 1;

export const charges: Bench = {
  name: 'charges',
  about: `operations for which money is taken twice, of 100,000 under faults, counted over ${operations} of each contestant`,
  run: async () => {
    const { ours = Number.NaN, ...others } = await doubleCharges(operations, seed);
    return [
      { name: 'charged twice, per 100,000', unit: 'count', ours, target: { of: 'ours', most: 0 } },
      ...Object.entries(others).map(
        ([name, reference]) => ({ name: `charged twice: ${name}`, unit: 'count', ours, reference }) as const,
      ),
    ];
  },
};
