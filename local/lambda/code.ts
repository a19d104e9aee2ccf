// Keeps its own copy of each function's code, named by its hash: whoever synthesizes anew while the local cloud runs must
// not pull the code from under functions whose next process starts later.

import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { StateFolder } from '../storage/state.ts';

/** Resolves with where the copies are, by the folder that they are copies of. Copies that nobody asks for are removed. */
export const keepCode = async (
  folders: readonly string[],
  zone: string,
  state: StateFolder,
): Promise<ReadonlyMap<string, string>> => {
  const kept = state.file(`functions-${zone}`);
  await mkdir(kept, { recursive: true });
  const present = new Set(await readdir(kept));
  const copies = new Map([...new Set(folders)].map((folder) => [folder, join(kept, basename(folder))] as const));
  const wanted = new Set([...copies.values()].map((copy) => basename(copy)));
  const unwanted = [...present].filter((name) => !wanted.has(name));
  await Promise.all(unwanted.map((name) => rm(join(kept, name), { recursive: true, force: true })));
  await Promise.all(
    [...copies].map(async ([folder, copy]) => {
      if (present.has(basename(copy))) return;
      // Renamed when it is whole: a copy is complete or absent.
      await cp(folder, `${copy}.partial`, { recursive: true });
      await rename(`${copy}.partial`, copy);
    }),
  );
  return copies;
};
