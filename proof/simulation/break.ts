// Breaks the design on purpose, in one way after the other, each in a run of its own: the simulation must catch every one
// of them, or it could miss the same mistake made by accident.

import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import type { Breakage } from './breakage.ts';
import { type BreakageName, breakages } from './breakages.ts';

export interface Caught {
  readonly name: BreakageName;
  readonly seed: number | null;
  readonly seconds: number;
  /** The first rule that broke. */
  readonly rule: string;
}

/** A breakage that no seed of these shows is not caught. */
const seeds = [1, 2, 3];
const operations = 3_000;

const here = (file: string): string => new URL(file, import.meta.url).pathname;

function run(name: BreakageName, seed: number): Promise<{ readonly code: number | null; readonly output: string }> {
  const { worlds }: Breakage = breakages[name];
  const campaign = worlds === undefined ? ['--operations', String(operations)] : ['--regions', String(worlds)];
  const args = ['--import', here('./broken.ts'), here('./main.ts')];
  const child = spawn(process.execPath, [...args, '--seed', String(seed), ...campaign, '--quick'], {
    // Where it writes the schedule down that it found.
    cwd: tmpdir(),
    env: { ...process.env, STRONGROOM_BREAKAGE: name },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  return new Promise((resolve) => child.on('exit', (code) => resolve({ code, output })));
}

async function breakOnce(name: BreakageName): Promise<Caught> {
  const started = performance.now();
  const { seed: only }: Breakage = breakages[name];
  for (const seed of only === undefined ? seeds : [only]) {
    const { code, output } = await run(name, seed);
    const seconds = (performance.now() - started) / 1000;
    if (code === 2) throw new Error(`the breakage ${name} could not be run:\n${output}`);
    if (code === 1) return { name, seed, seconds, rule: /^ {2}((?:\[\w+-\d\] )+.*)$/m.exec(output)?.[1] ?? 'no rule' };
  }
  return { name, seed: null, seconds: (performance.now() - started) / 1000, rule: '' };
}

/** All of them, told one by one as a row of a table. */
export async function breakAll(say: (text: string) => void): Promise<Caught[]> {
  const all: Caught[] = [];
  say('| broken on purpose | seed | seconds | what does not hold then |\n|---|---|---|---|');
  for (const name of Object.keys(breakages) as BreakageName[]) {
    const caught = await breakOnce(name);
    const { seed, seconds, rule } = caught;
    say(`| ${breakages[name].what} | ${seed ?? 'NOT CAUGHT'} | ${seconds.toFixed(1)} | ${rule} |`);
    all.push(caught);
  }
  return all;
}
