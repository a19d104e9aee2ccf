// The secrets of the webhook endpoints that `strongroom listen` made, in the state folder and readable by its owner alone: an
// endpoint's secret is in the reply that creates the endpoint and nowhere else.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { writeAtomically } from '../storage/state.ts';

/** Secret by endpoint, of every tenant. */
const File = v.object({ secrets: v.record(v.string(), v.string()) });
export type ListenSecrets = v.InferOutput<typeof File>['secrets'];

const fileIn = (state: string): string => join(state, 'listen.json');

/** Empty where the file is missing or cannot be read. */
export const readListenSecrets = async (state: string): Promise<ListenSecrets> => {
  const text = await readFile(fileIn(state), 'utf8').catch(() => '');
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), File), text);
  return parsed.success ? parsed.output.secrets : {};
};

export const writeListenSecrets = (state: string, secrets: ListenSecrets): Promise<void> =>
  writeAtomically(fileIn(state), `${JSON.stringify({ secrets }, null, 2)}\n`);
