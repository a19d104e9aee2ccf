// Builds the functions and synthesizes the templates, in a process of its own: the local cloud reads what infrastructure
// wrote and never shares code with it.

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { localLimits } from '../limits.ts';
import { UserError } from './user_error.ts';

export const synthesize = async (projectRoot: string): Promise<void> => {
  const child = spawn(process.execPath, [join(projectRoot, 'bin/app.ts')], {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: localLimits.synthMs,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-localLimits.shownOutputChars);
    });
  }
  const code = await new Promise((resolve) => {
    child.once('error', (thrown) => resolve(thrown.message));
    child.once('close', (status, signal) => resolve(status ?? signal));
  });
  if (code !== 0) throw new UserError(`Synthesis failed (node bin/app.ts: ${code}).\n${output}`);
};
