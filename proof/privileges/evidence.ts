// The check as a run of tests sees it: the places of cdk.out against the recordings of one folder, and the documents that
// come of it. Without recordings there is no result: an empty folder must never look like a function that asks for nothing.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Checked, type Checker, check } from './check.ts';
import { type Place, readPlaces } from './place.ts';
import { askedOf, readRecordings } from './recordings.ts';
import { page } from './report.ts';

export const generated = join(import.meta.dirname, '..', '..', 'docs', 'generated');

/** The stages that tests run, which must grant the same: what only a stage with two regions does is seen in the second. */
const stages = ['development', 'production'];

export interface Evidence extends Checked {
  readonly checker: Checker;
  readonly places: readonly Place[];
  /** Accesses under the names of a deployment, and under those of tests without one. */
  readonly seen: { readonly deployed: number; readonly named: number };
}

export class NothingRecorded extends Error {
  constructor(folder: string | undefined) {
    super(
      `${folder === undefined ? 'Nobody recorded anything' : `${folder} holds no recordings`}: the check needs what tests asked of AWS.\nRun npm run privileges, or npm test and npm run prove with one empty folder for both in STRONGROOM_RECORDINGS.`,
    );
  }
}

export async function gather(folder: string | undefined, assembly: string): Promise<Evidence> {
  const recordings = folder !== undefined && existsSync(folder) ? readRecordings(folder) : undefined;
  if (recordings === undefined || recordings.deployed.length === 0) throw new NothingRecorded(folder);
  const places = stages.flatMap((stage) => readPlaces(assembly, stage));
  const checked = await check(places, askedOf(recordings, places));
  return {
    ...checked,
    places,
    seen: { deployed: recordings.deployed.length, named: recordings.named.length },
  };
}

/** File in docs/generated -> text. */
export const documents = (evidence: Evidence): Readonly<Record<string, string>> => ({
  'privileges.md': page(evidence, evidence.places),
});

export const stale = (evidence: Evidence): string[] =>
  Object.entries(documents(evidence)).flatMap(([name, text]) => {
    const file = join(generated, name);
    return existsSync(file) && readFileSync(file, 'utf8') === text ? [] : [name];
  });
