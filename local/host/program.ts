// Runs a Node program of this project to its end, in a process of its own. The local cloud shares no code with what it
// runs so: it reads what the program wrote or printed.

import { spawn } from 'node:child_process';
import { localLimits } from './limits.ts';

export interface ProgramOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs: number;
}

export interface ProgramResult {
  /** Exit code 0. */
  readonly succeeded: boolean;
  /** Exit code, signal, or why it did not start. */
  readonly how: string;
  /** The end of what it printed on standard output and standard error. */
  readonly output: string;
}

export const runProgram = async (
  args: readonly string[],
  { cwd, env, timeoutMs }: ProgramOptions,
): Promise<ProgramResult> => {
  const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-localLimits.shownOutputChars);
    });
  }
  const how = await new Promise<string>((resolve) => {
    child.once('error', (thrown) => resolve(thrown.message));
    child.once('close', (status, signal) => resolve(String(status ?? signal)));
  });
  return { succeeded: how === '0', how, output };
};
