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
