// Where one run of tests keeps its recordings: a folder of its own, so that what an earlier run saw never counts. The test
// run makes it (test/kit/global_setup.ts) and names it to its workers; outside a test run there is none and nothing is recorded.

import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const variable = 'STRONGROOM_RECORDINGS';

export const recordingsFolder = (): string | undefined => process.env[variable] || undefined;

/**
 * Returns what removes it again. One that was named from outside is left to whoever named it; it must be empty, unless this run
 * goes on with what an earlier one recorded.
 */
export function openRecordingsFolder({ goesOn }: { readonly goesOn: boolean }): () => void {
  const given = recordingsFolder();
  if (given !== undefined) {
    mkdirSync(given, { recursive: true });
    if (!goesOn && readdirSync(given).length > 0)
      throw new Error(`${variable}: ${given} holds what an earlier run recorded`);
    return () => {};
  }
  const made = mkdtempSync(join(tmpdir(), 'strongroom-recordings-'));
  process.env[variable] = made;
  return () => {
    delete process.env[variable];
    rmSync(made, { recursive: true, force: true });
  };
}
