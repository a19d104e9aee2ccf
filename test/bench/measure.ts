// A measure: a name, a unit, and how to get the number. Nothing else is asked of what joins the list in bench.ts.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface Result {
  readonly value: number;
  /** What stands behind the number, in the same unit unless its name says otherwise. */
  readonly more?: Readonly<Record<string, number>>;
}

export interface Measure {
  readonly name: string;
  readonly unit: 'ms' | 'bytes';
  readonly run: () => Promise<Result>;
}

export const root = join(import.meta.dirname, '..', '..');

export const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

/** How long a Node program of ours takes, in ms; one that fails has no time. */
export async function timeProgram(args: readonly string[], deadlineMs: number): Promise<number> {
  const began = performance.now();
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    signal: AbortSignal.timeout(deadlineMs),
  });
  const [code]: unknown[] = await once(child, 'exit');
  if (code !== 0) throw new Error(`node ${args.join(' ')} ended with ${code}`);
  return Math.round(performance.now() - began);
}
