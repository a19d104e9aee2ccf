// A list with filters: an owner's objects, newest first, within a time. So many are examined for one page, whatever is asked for, so
// that a page may be short and still have a next one.

import { searchLimits } from '../../../contract/kernel/limits.ts';
import type { CreatedQuery } from '../../../contract/kernel/list.ts';
import { timestamp } from '../platform/clock.ts';
import type { StorePlatform } from '../store/commit.ts';
import { newestListed } from '../store/lists.ts';
import type { RowType } from '../store/row.ts';
import { type Cursors, type PageQuery, searchedPage } from './page.ts';

type Query = PageQuery & CreatedQuery;

interface Listed<T> {
  readonly type: RowType<T>;
  readonly owner: string;
  /** Those alone that bear one of them. */
  readonly digests?: readonly string[] | undefined;
  /** Absent: all of them are. */
  readonly wanted?: ((value: T) => boolean) | undefined;
  readonly shown: (value: T) => Promise<unknown>;
}

/** All that a cursor is bound to beside its list: the filters, in the order of their names. */
export const filtersOf = ({ cursor: _, limit: __, ...filters }: Readonly<Record<string, unknown>>): string[] =>
  Object.entries(filters)
    .filter(([, value]) => value !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`);

export async function searchedList<T extends { readonly created_at: string }>(
  platform: StorePlatform,
  cursors: Cursors,
  query: Query,
  { type, owner, digests, wanted, shown }: Listed<T>,
) {
  const { cursor, limit, 'created[gte]': from, 'created[lt]': before } = query;
  const fromMs = from === undefined ? 0 : Date.parse(from);
  const beforeMs = before === undefined ? Number.POSITIVE_INFINITY : Date.parse(before);
  // A position begins with its time: what was created at that very time is behind it.
  const first = before === undefined ? undefined : timestamp(beforeMs);
  const createdMs = (value: T): number => Date.parse(value.created_at);
  const bounds = wanted === undefined ? { ...searchLimits, readAtOnce: limit + 1 } : searchLimits;
  return searchedPage(cursors, limit, (await cursors.position(cursor)) ?? first, bounds, {
    read: async (position, count) => {
      const found = await newestListed(platform, type, owner, position, count, digests);
      return found.map(({ position: id, value }) => ({ id, value }));
    },
    wanted: ({ value }) => createdMs(value) < beforeMs && (wanted?.(value) ?? true),
    ended: ({ value }) => createdMs(value) < fromMs,
    shown: ({ value }) => shown(value),
  });
}
