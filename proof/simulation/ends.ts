// When each delivery was over for the first time: noticed as it is committed, because rows don't tell.

import type { Database } from '../../local/dynamodb/memory/database.ts';
import type { Timeline } from './timeline.ts';

const over: ReadonlySet<string | undefined> = new Set(['succeeded', 'failed', 'skipped', 'canceled']);

export function ends(database: Database, timeline: Timeline) {
  const atMs = new Map<string, number>();
  let looked = 0;
  return {
    atMs,
    /** After each write. */
    notice(): void {
      const records = database.stream('webhooks');
      for (; looked < records.length; looked += 1) {
        const row = records[looked]?.dynamodb.NewImage;
        const id = row?.sk?.S ?? '';
        if (row?.object?.S === 'delivery' && over.has(row.status?.S) && !atMs.has(id)) atMs.set(id, timeline.now());
      }
    },
  };
}
