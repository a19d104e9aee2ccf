// Bundling all functions and writing the templates of all stages, from a cold process.

import { type Bench, timeProgram } from './measure.ts';

export const synthesis: Bench = {
  name: 'synth',
  about: 'bundling all functions and writing all templates, from a cold process',
  run: async () => [{ name: 'synthesis', unit: 'ms', ours: await timeProgram(['bin/app.ts'], 180_000) }],
};
