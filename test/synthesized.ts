// Synthesizes once for the whole suite: infrastructure tests read cdk.out, end-to-end tests run it. What they ask of AWS is
// recorded for the privileges check, in a folder that only this run knows.

import { execFileSync } from 'node:child_process';
import { openRecordingsFolder } from './privileges/recordings_folder.ts';

export default function setup(): () => void {
  const remove = openRecordingsFolder();
  execFileSync('cdk', ['synth', '-q', '**'], { stdio: ['ignore', 'ignore', 'inherit'] });
  return remove;
}
