// Measures taken in processes of their own, so that one doesn't warm another's code: what they print is lost in /dev/null,
// as a log is lost to Lambda; what they found comes back on descriptor 3.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { root } from './measure.ts';

/** Only what is said here and what Node needs to be found: no variable of this shell decides a measure. */
export async function childResult(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  deadlineMs: number,
): Promise<unknown> {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { PATH: process.env.PATH ?? '', ...environment },
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
    signal: AbortSignal.timeout(deadlineMs),
  });
  const found = text(child.stdio[3] as NodeJS.ReadableStream & AsyncIterable<unknown>);
  const [[code], json]: [unknown[], string] = await Promise.all([once(child, 'exit'), found]);
  if (code !== 0) throw new Error(`node ${args[0]} ended with ${code}`);
  return JSON.parse(json);
}
