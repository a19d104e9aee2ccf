// The tour, from the built templates: half of it is waiting for a lost answer.

import { type Bench, timeProgram } from './measure.ts';

export const tour: Bench = {
  name: 'tour',
  about: 'the tour, from the built templates',
  run: async () => [{ name: 'tour', unit: 'ms', ours: await timeProgram(['cli/tour/main.ts', '--no-synth'], 180_000) }],
};
