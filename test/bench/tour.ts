// The tour, from the built templates: half of it is waiting for a lost answer.

import { type Measure, timeProgram } from './measure.ts';

export const tour: Measure = {
  name: 'tour',
  unit: 'ms',
  run: async () => ({ value: await timeProgram(['bin/tour.ts', '--no-synth'], 180_000) }),
};
