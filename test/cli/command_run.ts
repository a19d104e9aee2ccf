// A command of the command line, run to its end as a process, with what it printed.

import { runCommand } from '../e2e/command.ts';

export interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

export async function runToEnd(...args: string[]): Promise<Ended> {
  const run = runCommand(...args);
  const code = await run.ended;
  return { code, output: run.output(), errors: run.errors() };
}

/** Lines that a terminal of 80 columns would break. */
export const tooWide = (text: string): string[] => text.split('\n').filter((line) => [...line].length > 80);
