// Keeps dynoxide's streams fast. dynoxide 1.2 numbers each stream record by scanning all those of the table, so that every
// write would become slower with each one before it (1 ms at first, 6 ms after 1,400); an index makes it constant.
// It adds nothing else to the engine's file, and an engine that has another schema simply goes without.

import { DatabaseSync } from 'node:sqlite';

export const indexStreams = (databaseFile: string): void => {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(databaseFile, { timeout: 2_000 });
    database.exec(
      'CREATE INDEX IF NOT EXISTS local_stream_position ON _stream_records (table_name, CAST(sequence_number AS INTEGER))',
    );
  } catch {
    // Slower, not wrong.
  } finally {
    database?.close();
  }
};
