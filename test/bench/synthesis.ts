// Bundling all functions and writing the templates of all stages, from a cold process.

import { type Measure, timeProgram } from './measure.ts';

export const synthesis: Measure = {
  name: 'synth',
  unit: 'ms',
  run: async () => ({ value: await timeProgram(['bin/app.ts'], 180_000) }),
};
