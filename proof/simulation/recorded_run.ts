// A simulation inside a test, on one thread; what it asks of AWS is recorded where somebody keeps recordings.

import { join } from 'node:path';
import { recordingsFolder } from '../privileges/recordings_folder.ts';
import { theWhole } from './parts.ts';
import { simulate } from './simulate.ts';

interface RecordedRun {
  readonly operations: number;
  /** Of every single fault one in so many. */
  readonly onePieceOf: number;
  readonly recording: string;
}

/** What came of it, and what it printed. */
export async function recordedRun({ operations, onePieceOf, recording }: RecordedRun) {
  const output: string[] = [];
  const folder = recordingsFolder();
  const result = await simulate(
    {
      operations,
      seed: 1,
      faultRate: null,
      pairs: false,
      part: theWhole,
      onePieceOf,
      threads: 1,
      record: folder && join(folder, recording),
    },
    (text) => output.push(text),
  );
  return { ...result, output: output.join('\n') };
}
