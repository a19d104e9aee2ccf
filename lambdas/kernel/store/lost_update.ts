// Lost updates: of two regions that wrote one item apart the last writer wins, and the other's write is gone. The region that made
// it sees that in its own stream, where the other region's row replaces its own without building on it.

import type { Images, Item } from './row.ts';

const epochOf = (item: Item): number => Number(item.writer_epoch?.N ?? 0);

/** This region's row that another region's replaced, unknowing; null: it is no such record. */
export function lostUpdate({ before, after }: Images, region: string): Item | null {
  if (before?.origin_region?.S !== region || after === undefined || after.origin_region?.S === region) return null;
  const buildsOn = epochOf(after) > epochOf(before) && after.took_over?.S === before.written_by?.S;
  return buildsOn ? null : before;
}
