// A file of lines that only grows while it is open, and is compacted to a snapshot when it is opened. Lines that were awaited
// survive a kill and a power cut; a last line that was cut short is dropped, because it was never acknowledged; any other
// unreadable line stops the start.

import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { UserError } from '../host/user_error.ts';

export interface Journal<Line> {
  /** It is in the journal, and on disk once `settled` is. */
  append(line: Line): void;
  /** Resolves once everything that has been appended so far is on disk. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export interface JournalOptions<Line> {
  readonly path: string;
  /** Undefined for a text that is no line. */
  readonly parse: (text: string) => Line | undefined;
  readonly print: (line: Line) => string;
  /** Called for each line that is there. */
  readonly replay: (line: Line) => void;
  /** The lines that are still needed, called once everything is replayed. */
  readonly snapshot: () => Iterable<Line>;
  /** Called when the disk refuses: memory then holds more than will survive a restart. */
  readonly failed: (thrown: unknown) => void;
}

/** Lines of a snapshot that are written at once. */
const linesPerWrite = 1_000;

const read = async <Line>({ path, parse, replay }: JournalOptions<Line>): Promise<void> => {
  const input = createReadStream(path);
  const missing = await new Promise<boolean>((resolve, reject) => {
    input.once('open', () => resolve(false));
    input.once('error', (thrown: NodeJS.ErrnoException) => (thrown.code === 'ENOENT' ? resolve(true) : reject(thrown)));
  });
  if (missing) return;
  let unread: number | undefined;
  let number = 0;
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (unread !== undefined)
      throw new UserError(`Line ${unread} of ${path} can't be read. Delete the state folder and start again.`);
    number += 1;
    const line = parse(text);
    if (line === undefined) unread = number;
    else replay(line);
  }
};

/** Writes the snapshot into a new file, and replaces the journal with it. */
const compact = async <Line>({ path, print, snapshot }: JournalOptions<Line>): Promise<FileHandle> => {
  const beside = `${path}.new`;
  await rm(beside, { force: true });
  const file = await open(beside, 'a', 0o600);
  let lines: string[] = [];
  const flush = async (): Promise<void> => {
    await file.appendFile(lines.join(''));
    lines = [];
  };
  for (const line of snapshot()) {
    lines.push(`${print(line)}\n`);
    if (lines.length >= linesPerWrite) await flush();
  }
  await flush();
  await file.sync();
  await rename(beside, path);
  const folder = await open(dirname(path), 'r');
  await folder.sync();
  await folder.close();
  return file;
};

export const openJournal = async <Line>(options: JournalOptions<Line>): Promise<Journal<Line>> => {
  await read(options);
  const file = await compact(options);

  let pending: string[] = [];
  let writing: Promise<void> | undefined;
  /** Lines so far: all, and those on disk. */
  let appended = 0;
  let synced = 0;
  const write = async (): Promise<void> => {
    const lines = pending;
    const upTo = appended;
    pending = [];
    await file.appendFile(lines.join(''));
    await file.datasync();
    synced = upTo;
  };
  /** All that wait while one write is under way share the next. */
  const settled = async (): Promise<void> => {
    const wanted = appended;
    while (synced < wanted) {
      writing ??= write().finally(() => {
        writing = undefined;
      });
      await writing;
    }
  };

  return {
    append(line) {
      appended += 1;
      pending.push(`${options.print(line)}\n`);
    },
    async settled() {
      try {
        await settled();
      } catch (thrown) {
        options.failed(thrown);
        throw thrown;
      }
    },
    async close() {
      await settled();
      await file.close();
    },
  };
};
