// The ledger on disk: append-only JSON lines. An append resolves only when the line is on the disk; parallel appends
// share one sync. It must never be written by two processes, nor go on after a write that failed.

import { type FileHandle, mkdir, open, readFile, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as v from 'valibot';
import { Entry } from './entry.ts';

export interface OpenedLedger {
  readonly ledger: Ledger;
  readonly entries: readonly Entry[];
  /** Bytes of a line that a crash cut off; they were never acknowledged and are gone now. */
  readonly tornBytes: number;
}

export class Ledger {
  readonly #file: FileHandle;
  readonly #onFailure: (error: Error) => void;
  #bytes: number;
  #waiting = '';
  #current: Promise<void> = Promise.resolve();
  #next: Promise<void> | null = null;

  constructor(file: FileHandle, bytes: number, onFailure: (error: Error) => void) {
    this.#file = file;
    this.#bytes = bytes;
    this.#onFailure = onFailure;
  }

  /** Resolves when the entry would survive a power cut. */
  append(entry: Entry): Promise<void> {
    this.#waiting += `${JSON.stringify(entry)}\n`;
    return this.flushed();
  }

  /** Resolves when everything appended so far would survive a power cut. */
  flushed(): Promise<void> {
    if (this.#waiting === '') return this.#current;
    this.#next ??= this.#current.then(() => this.#write());
    return this.#next;
  }

  async close(): Promise<void> {
    await this.flushed();
    await this.#file.close();
  }

  async #write(): Promise<void> {
    const batch = Buffer.from(this.#waiting);
    this.#waiting = '';
    this.#current = this.#next ?? this.#current;
    this.#next = null;
    try {
      await this.#refuseForeignChanges();
      await this.#file.appendFile(batch);
      await this.#file.datasync();
      this.#bytes += batch.length;
    } catch (cause) {
      // What is on disk is no longer known; only a new start, which reads it, may go on.
      this.#onFailure(cause instanceof Error ? cause : new Error('The ledger could not be written'));
      await new Promise<never>(() => {});
    }
  }

  async #refuseForeignChanges(): Promise<void> {
    const { size, nlink } = await this.#file.stat();
    if (nlink === 0) throw new Error('the ledger was deleted while the processor ran');
    if (size !== this.#bytes) throw new Error('the ledger was changed by another process');
  }
}

/** Opens or creates the ledger and reads what it holds. Throws if any line but the last is damaged. */
export async function openLedger(path: string, onFailure: (error: Error) => void): Promise<OpenedLedger> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, 'a');
  await syncFolder(dirname(path));
  const content = await readFile(path);
  const { entries, wholeBytes } = readEntries(content);
  if (wholeBytes < content.length) {
    await truncate(path, wholeBytes);
    await file.sync();
  }
  return { ledger: new Ledger(file, wholeBytes, onFailure), entries, tornBytes: content.length - wholeBytes };
}

function readEntries(content: Buffer): { entries: Entry[]; wholeBytes: number } {
  const entries: Entry[] = [];
  let start = 0;
  for (let end = content.indexOf(10); end !== -1; end = content.indexOf(10, start)) {
    const entry = readEntry(content.toString('utf8', start, end));
    const last = end === content.length - 1;
    if (entry === null && last) break;
    if (entry === null) throw new Error(`line ${entries.length + 1} of the ledger is damaged`);
    entries.push(entry);
    start = end + 1;
  }
  return { entries, wholeBytes: start };
}

function readEntry(line: string): Entry | null {
  try {
    const parsed = v.safeParse(Entry, JSON.parse(line));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}

/** A new file survives a power cut only when its folder is synced too; Windows cannot and need not. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  await folder.sync();
  await folder.close();
}
