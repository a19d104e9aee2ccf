// What the CDK CLI runs, and what `node bin/app.ts` runs as well: bundles the functions, then writes the cloud assembly.
// It needs no credentials, no account and no network. What is wrong with the configuration is said without a stack.

import { ConfigError } from '../lib/config.ts';
import { refuseRepeatedNamesIn } from '../lib/config_source.ts';
import { notesOn } from '../lib/notes.ts';
import { synthesize } from '../lib/synthesize.ts';

try {
  const { default: config } = await import('../strongroom.config.ts');
  refuseRepeatedNamesIn(new URL('../strongroom.config.ts', import.meta.url));
  for (const note of notesOn(config)) console.error(note);
  await synthesize(config);
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
