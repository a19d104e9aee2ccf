// Pages of lists: a cursor is the position of the last item shown, bound to the list that it came from. It holds nothing
// secret and grants nothing, since the list is always the caller's own; a cursor of another list is refused.

import { createHash } from 'node:crypto';
import { requestLimits as limits } from '../../contract/limits.ts';
import { Refusal } from '../domain/refusal.ts';

export interface PageQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** What a cursor belongs to: operation, tenant, mode, filters. */
export type ListName = readonly string[];

const markBytes = 9;
const markOf = (list: ListName, position: string): string =>
  createHash('sha256')
    .update(JSON.stringify([...list, position]))
    .digest()
    .subarray(0, markBytes)
    .toString('base64url');

export const cursorOf = (list: ListName, position: string): string =>
  `${markOf(list, position)}${Buffer.from(position).toString('base64url')}`;

/** The position after which the page starts; undefined for the first page. */
export function positionOf(list: ListName, cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const markChars = (markBytes / 3) * 4;
  const position = Buffer.from(cursor.slice(markChars), 'base64url').toString('utf8');
  if (cursorOf(list, position) !== cursor) {
    const findings = [{ parameter: 'cursor', detail: 'Expected a next_cursor of this list' }];
    throw new Refusal('cursor_invalid', { findings });
  }
  return position;
}

export interface Placed<T> {
  readonly position: string;
  readonly value: T;
}

/** How many of the first items fit one answer; never none. */
function withinBytes(items: readonly Placed<unknown>[]): number {
  let bytes = 0;
  const over = items.findIndex(({ value }) => {
    bytes += Buffer.byteLength(JSON.stringify(value));
    return bytes > limits.pageBytes;
  });
  return over === -1 ? items.length : Math.max(1, over);
}

/** `items` are the next ones in order, at least one more than the limit where there are more. */
export function pageOf<T>(list: ListName, query: PageQuery, items: readonly Placed<T>[]) {
  const fitting = withinBytes(items.slice(0, query.limit));
  const shown = items.slice(0, fitting);
  const has_more = items.length > fitting;
  const last = shown.at(-1);
  return {
    object: 'list',
    data: shown.map(({ value }) => value),
    has_more,
    next_cursor: has_more && last ? cursorOf(list, last.position) : null,
  };
}

interface Search<T> {
  /** Newest first, from before the item with id `position`. */
  read(position: string | undefined, count: number): Promise<T[]>;
  wanted(item: T): boolean;
  /** Whether no item from this one on can be wanted. */
  ended(item: T): boolean;
}

/** A page of a search: a bounded number of items is looked at, so that it may be short and still have a next one. */
export async function searchedPage<T extends { readonly id: string }>(
  list: ListName,
  limit: number,
  after: string | undefined,
  bounds: { readonly examinedPerPage: number; readonly readAtOnce: number },
  search: Search<T>,
) {
  const found: T[] = [];
  let position = after;
  let ended = false;
  for (let examined = 0; examined < bounds.examinedPerPage && found.length <= limit && !ended; ) {
    const items = await search.read(position, bounds.readAtOnce);
    const inside = items.filter((item) => !search.ended(item));
    found.push(...inside.filter((item) => search.wanted(item)));
    ended = inside.length < bounds.readAtOnce;
    position = items.at(-1)?.id ?? position;
    examined += items.length;
  }
  const data = found.slice(0, limit);
  const last = found.length > limit ? data.at(-1)?.id : ended ? undefined : position;
  return {
    object: 'list' as const,
    data,
    has_more: last !== undefined,
    next_cursor: last === undefined ? null : cursorOf(list, last),
  };
}
