// Builds the functions and synthesizes the templates, in a process of its own: the local cloud reads what infrastructure
// wrote and never shares code with it.

import { join } from 'node:path';
import { localLimits } from '../host/limits.ts';
import { runProgram } from '../host/program.ts';
import { UserError } from '../host/user_error.ts';

export const synthesize = async (projectRoot: string): Promise<void> => {
  const options = { cwd: projectRoot, env: process.env, timeoutMs: localLimits.synthMs };
  const { succeeded, how, output } = await runProgram([join(projectRoot, 'bin/app.ts')], options);
  if (!succeeded) throw new UserError(`Synthesis failed (node bin/app.ts: ${how}).\n${output}`);
};
