// A bench: a name, and how to get its rows. A row is one thing measured of ours, beside the reference or the raw thing
// where there is one, with what it is meant to be. Nothing else is asked of what joins the list in bench.ts.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface Row {
  readonly name: string;
  readonly unit: 'ms' | 'µs' | 'MB' | 'bytes' | 'calls' | 'units' | '$' | 'count';
  readonly ours: number;
  readonly reference?: number;
  /** Of neighbouring runs, where that is another number than the quotient of the two. */
  readonly ratio?: number;
  readonly target?: { readonly of: 'ours' | 'ratio'; readonly most: number };
  /** What stands behind the number, in the same unit unless its name says otherwise. */
  readonly more?: Readonly<Record<string, number>>;
}

/** Why there are no rows; said, so that none is missing in silence. */
export interface NotRun {
  readonly notRun: string;
}

export interface Bench {
  readonly name: string;
  /** What is measured, and how; the second column's meaning where it isn't the reference. */
  readonly about: string;
  readonly run: () => Promise<readonly Row[] | NotRun>;
}

export const ratioOf = ({ ours, reference, ratio }: Row): number | undefined =>
  ratio ?? (reference === undefined || reference === 0 ? undefined : ours / reference);

export const root = join(import.meta.dirname, '..', '..');

export const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

/** Runs once, however many ask. */
export const shared = <T>(run: () => Promise<T>): (() => Promise<T>) => {
  let running: Promise<T> | undefined;
  return () => {
    running ??= run();
    return running;
  };
};

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
