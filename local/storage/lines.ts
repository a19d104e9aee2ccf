// A file that only grows, line by line. An append resolves once its line is written.

import { type FileHandle, open } from 'node:fs/promises';

export interface Lines {
  append(line: string): Promise<void>;
  close(): Promise<void>;
}

export const openLines = (path: string): Lines => {
  let file: Promise<FileHandle> | undefined;
  let last: Promise<unknown> = Promise.resolve();
  return {
    append(line) {
      file ??= open(path, 'a', 0o600);
      // One after the other, so that lines never mix.
      const written = last.then(() => file).then((handle) => handle?.appendFile(`${line}\n`));
      last = written.catch(() => {});
      return written;
    },
    async close() {
      await last;
      await (await file)?.close();
    },
  };
};
