// Copies each function's code into the state folder, named by its hash: a synthesis while the local cloud runs must not pull
// the code from under functions whose next process starts later.

import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { StateFolder } from '../storage/state.ts';

/** Resolves with the folder of each copy, by the folder that was copied. Copies that are not wanted any more are removed. */
export const copyCode = async (
  folders: readonly string[],
  zone: string,
  state: StateFolder,
): Promise<ReadonlyMap<string, string>> => {
  const root = state.file(`functions-${zone}`);
  await mkdir(root, { recursive: true });
  const present = new Set(await readdir(root));
  const copies = new Map([...new Set(folders)].map((folder) => [folder, join(root, basename(folder))] as const));
  const wanted = new Set([...copies.values()].map((copy) => basename(copy)));
  const unwanted = [...present].filter((name) => !wanted.has(name));
  await Promise.all(unwanted.map((name) => rm(join(root, name), { recursive: true, force: true })));
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
