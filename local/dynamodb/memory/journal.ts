// Keeps a database on disk: an append-only file of the calls that wrote something, each with its time, from which the same
// database comes again. What has been awaited survives a kill and a power cut; a last line that was cut short is dropped,
// because nobody was told of it; any other line that can't be read stops the start.

import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { Complaint } from '../../complaint.ts';
import { Database, type DatabaseOptions } from './database.ts';
import { type Input, isRecord } from './input.ts';
import { fromWire, toWire } from './wire.ts';

export interface Journal {
  readonly database: Database;
  /** One call, whole and at once; if it wrote something, it is in the journal, and on disk once `settled` is. */
  call(operation: string, input: object): object;
  expire(): void;
  /** Resolves once everything that has been written so far is on disk. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** Lines of a snapshot that are written at once. */
const linesPerWrite = 1_000;

const read = async function* (path: string): AsyncGenerator<Input, void> {
  const input = createReadStream(path);
  const missing = await new Promise<boolean>((resolve, reject) => {
    input.once('open', () => resolve(false));
    input.once('error', (thrown: NodeJS.ErrnoException) => (thrown.code === 'ENOENT' ? resolve(true) : reject(thrown)));
  });
  if (missing) return;
  let unread: { readonly line: string; readonly number: number } | undefined;
  let number = 0;
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (unread !== undefined) {
      throw new Complaint(`Line ${unread.number} of ${path} can't be read. Delete the state folder and start again.`);
    }
    number += 1;
    const parsed = parse(line);
    if (parsed === undefined) unread = { line, number };
    else yield parsed;
  }
};

const parse = (line: string): Input | undefined => {
  try {
    const parsed = fromWire(JSON.parse(line));
    return isRecord(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
};

/** Writes everything as it is now into a file beside, and puts that in the place of the journal. */
const compact = async (path: string, database: Database): Promise<FileHandle> => {
  const beside = `${path}.new`;
  await rm(beside, { force: true });
  const file = await open(beside, 'a', 0o600);
  let lines: string[] = [];
  const flush = async (): Promise<void> => {
    await file.appendFile(lines.join(''));
    lines = [];
  };
  for (const line of database.snapshot()) {
    lines.push(`${toWire({ kept: line })}\n`);
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

/** `failed` is called when the disk refuses: what is in memory is then more than what will survive. */
export const openJournal = async (
  path: string,
  options: DatabaseOptions,
  failed: (thrown: unknown) => void,
): Promise<Journal> => {
  let replayed: number | undefined;
  const now = (): number => replayed ?? options.now();
  const database = new Database({ ...options, now });
  for await (const line of read(path)) {
    if (isRecord(line.kept)) database.restoreLine(line.kept);
    else {
      replayed = Number(line.at);
      if (line.operation === undefined) database.expire();
      else if (isRecord(line.input)) database.call(String(line.operation), line.input);
    }
  }
  replayed = undefined;
  const file = await compact(path, database);

  let pending: string[] = [];
  let writing: Promise<void> | undefined;
  /** Lines so far: all, and those on disk. */
  let appended = 0;
  let kept = 0;
  const write = async (): Promise<void> => {
    const lines = pending;
    const upTo = appended;
    pending = [];
    await file.appendFile(lines.join(''));
    await file.datasync();
    kept = upTo;
  };
  /** All that wait while one write is under way share the next. */
  const settled = async (): Promise<void> => {
    const wanted = appended;
    while (kept < wanted) {
      writing ??= write().finally(() => {
        writing = undefined;
      });
      await writing;
    }
  };
  const append = (line: object): void => {
    appended += 1;
    pending.push(`${toWire(line)}\n`);
  };

  return {
    database,
    call(operation, input) {
      const before = database.position;
      // The moment that is written down is the moment that the call saw.
      replayed = options.now();
      try {
        const output = database.call(operation, input);
        if (database.position !== before) append({ at: replayed, operation, input });
        return output;
      } finally {
        replayed = undefined;
      }
    },
    expire() {
      replayed = options.now();
      if (database.expire() > 0) append({ at: replayed });
      replayed = undefined;
    },
    async settled() {
      try {
        await settled();
      } catch (thrown) {
        failed(thrown);
        throw thrown;
      }
    },
    async close() {
      await settled();
      await file.close();
    },
  };
};
