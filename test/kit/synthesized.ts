// Synthesizes once for the whole suite: infrastructure tests read cdk.out, end-to-end tests run it. What they ask of AWS is
// recorded for the privileges check, in a folder that only this run knows. A hundred processes load the same modules: what
// Node compiles for one it keeps for all.

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { openRecordingsFolder } from '../../proof/privileges/recordings_folder.ts';

export default function setup(): () => void {
  process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'compiled');
  const remove = openRecordingsFolder();
  execFileSync('cdk', ['synth', '-q', '**'], { stdio: ['ignore', 'ignore', 'inherit'] });
  return remove;
}
