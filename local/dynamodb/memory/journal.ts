// A database on disk: a journal of the calls that wrote something, each with its time. Replaying it restores the same
// database.

import * as lines from '../../storage/journal.ts';
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

const parse = (text: string): Input | undefined => {
  try {
    const parsed = fromWire(JSON.parse(text));
    // Any other line is of another version of the local cloud.
    return isRecord(parsed) && ('snapshot' in parsed || 'at' in parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
};

/** `failed` is called when the disk refuses: memory then holds more than will survive a restart. */
export const openJournal = async (
  path: string,
  options: DatabaseOptions,
  failed: (thrown: unknown) => void,
): Promise<Journal> => {
  let replayed: number | undefined;
  const now = (): number => replayed ?? options.now();
  const database = new Database({ ...options, now });
  const journal = await lines.openJournal<Input>({
    path,
    parse,
    print: toWire,
    replay(line) {
      if (isRecord(line.snapshot)) database.restoreLine(line.snapshot);
      else {
        replayed = Number(line.at);
        if (line.operation === undefined) database.expire();
        else if (isRecord(line.input)) database.call(String(line.operation), line.input);
      }
    },
    *snapshot() {
      replayed = undefined;
      for (const snapshot of database.snapshot()) yield { snapshot };
    },
    failed,
  });

  return {
    database,
    call(operation, input) {
      const before = database.position;
      // The call sees the same moment that is written into the journal.
      replayed = options.now();
      try {
        const output = database.call(operation, input);
        // What a restore made of the past is written down whole: the journal may have forgotten that past.
        if (operation === 'RestoreTableToPointInTime') {
          const { TargetTableName } = input as { readonly TargetTableName: string };
          for (const snapshot of database.tableSnapshot(TargetTableName)) journal.append({ snapshot });
        } else if (database.position !== before) journal.append({ at: replayed, operation, input });
        return output;
      } finally {
        replayed = undefined;
      }
    },
    expire() {
      replayed = options.now();
      if (database.expire() > 0) journal.append({ at: replayed });
      replayed = undefined;
    },
    settled: journal.settled,
    close: journal.close,
  };
};
