// The figures of all parts of one long run, added up only if they belong together and none is missing.

import { readFileSync } from 'node:fs';
import { BadArguments } from './arguments.ts';
import type { Part } from './parts.ts';
import { figures } from './report.ts';
import type { Simulated } from './simulate.ts';
import { add, emptyTally, type Tally } from './tally.ts';

/** What a part's file says. */
export interface SimulatedPart extends Simulated {
  readonly part: Part;
  readonly seed: number;
  readonly asked: number;
}

function readPart(file: string): SimulatedPart {
  try {
    // Written by an earlier run, for exactly this.
    const read = JSON.parse(readFileSync(file, 'utf8')) as Partial<SimulatedPart>;
    if (read.part && read.product && read.exhausted && read.controls) return read as SimulatedPart;
  } catch {}
  throw new BadArguments(`${file} is not what --part with --json wrote`);
}

function whole(parts: readonly SimulatedPart[]): void {
  const [first] = parts;
  if (first === undefined) throw new BadArguments('--sum wants the files of all parts');
  for (const { seed, asked, part } of parts) {
    if (seed !== first.seed || asked !== first.asked || part.of !== first.part.of) {
      throw new BadArguments('these parts are not of one run: seed, operations and number of parts must be the same');
    }
  }
  const numbers = parts.map(({ part }) => part.number);
  const missing = Array.from({ length: first.part.of }, (_, index) => index + 1).filter((k) => !numbers.includes(k));
  if (missing.length > 0) throw new BadArguments(`missing: part ${missing.join(', ')} of ${first.part.of}`);
  if (numbers.length !== first.part.of) throw new BadArguments('a part is there twice');
}

/** Adds up all parts of one run and says what they come to; the code is the worst of theirs. */
export function sumOf(files: readonly string[], say: (text: string) => void): Simulated {
  const parts = files.map(readPart);
  whole(parts);
  const seconds = parts.reduce((sum, part) => sum + part.seconds, 0);
  const sum = (tallyOf: (part: SimulatedPart) => Tally | undefined): Tally => {
    const all = emptyTally();
    for (const part of parts) add(all, tallyOf(part) ?? emptyTally());
    return all;
  };
  const controls = Object.fromEntries(
    Object.keys(parts[0]?.controls ?? {}).map((name) => [name, sum((part) => part.controls[name])]),
  );
  const product = sum((part) => part.product);
  const exhausted = sum((part) => part.exhausted);
  say(figures(`The product, in ${parts.length} parts`, product, seconds));
  say(figures('Single faults', exhausted, seconds));
  for (const [name, { doubleCharges, operations }] of Object.entries(controls)) {
    say(`The control ${name} charged ${doubleCharges} of ${operations} payments more than once.`);
  }
  const codes = parts.map((part) => part.code);
  const code = codes.includes(1) ? 1 : codes.includes(3) ? 3 : 0;
  say(code === 0 ? `\nAll invariants held (${seconds.toFixed(1)} s in all).` : '\nFAILED.');
  return { code, product, exhausted, controls, seconds };
}
