// The one folder that holds all state. After a power cut a file in it is either its old version or its new one: a new version is
// written under another name, flushed, and renamed. Nothing outside this folder is ever written, except the ready file.

import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { UserError } from '../host/user_error.ts';

export const writeAtomically = async (path: string, text: string, mode = 0o600): Promise<void> => {
  const beside = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(beside, 'w', mode);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (thrown) {
    await rm(beside, { force: true });
    throw thrown;
  }
  // The rename itself is durable only once the folder is.
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
};

export interface StateFolder {
  readonly path: string;
  file(name: string): string;
  read<Schema extends v.GenericSchema>(name: string, schema: Schema): Promise<v.InferOutput<Schema> | undefined>;
  write(name: string, value: unknown): Promise<void>;
}

export const openState = async (path: string): Promise<StateFolder> => {
  await mkdir(join(path, 'logs'), { recursive: true, mode: 0o700 });
  const file = (name: string): string => join(path, name);
  return {
    path,
    file,
    async read(name, schema) {
      const text = await readFile(file(name), 'utf8').catch((thrown: NodeJS.ErrnoException) => {
        if (thrown.code === 'ENOENT') return undefined;
        throw thrown;
      });
      if (text === undefined) return undefined;
      try {
        return v.parse(schema, JSON.parse(text));
      } catch {
        throw new UserError(`${file(name)} is not what this version writes. Delete ${path} and start again.`);
      }
    },
    async write(name, value) {
      await writeAtomically(file(name), `${JSON.stringify(value, null, 2)}\n`);
    },
  };
};

/** Node's compile cache for our processes: that of this process, or one in the state folder. */
export const compileCacheOf = (state: Pick<StateFolder, 'file'>): string =>
  process.env.NODE_COMPILE_CACHE ?? state.file('compile-cache');
