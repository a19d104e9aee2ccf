// Pages of lists: a cursor is the position of the last item shown, sealed for the list that it came from. It grants nothing,
// since the list is always the caller's own; one of another list, or of nobody's making, is refused.

import { createHash } from 'node:crypto';
import { requestLimits as limits } from '../../../contract/kernel/limits.ts';
import type { Mode } from '../../../contract/kernel/roles.ts';
import { DecryptionError, type Keyring } from '../crypto/keyring.ts';
import { Refusal } from '../domain/refusal.ts';
import type { StorePlatform } from '../store/commit.ts';
import { listPosition } from '../store/row.ts';

export interface PageQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** The cursors of one list: what it is called (operation, filters) binds them to it. */
export interface Cursors {
  /** The position after which the page starts; undefined for the first page. Refuses what this list never gave. */
  position(cursor: string | undefined): Promise<string | undefined>;
  /** Of the page behind a position. */
  of(position: string): Promise<string>;
}

type CursorOwner = { readonly tenant: string; readonly mode: Mode | null };

/** Sealed under the owner's data key of the day: nobody makes one up, moves it to another list, or reads it. */
export function cursorsOf(
  keyring: Pick<Keyring, 'seal' | 'open'>,
  { tenant, mode }: CursorOwner,
  list: readonly string[],
): Cursors {
  const item = createHash('sha256').update(JSON.stringify(list)).digest('base64url');
  const context = { tenant, mode, purpose: 'cursor', table: '', item, field: 'position' };
  return {
    async position(cursor) {
      if (cursor === undefined) return undefined;
      const bytes = Buffer.from(cursor, 'base64url');
      // One spelling for each: what decodes to the same bytes is not the same cursor.
      if (bytes.toString('base64url') !== cursor) throw unknownCursor();
      return keyring.open(bytes, context).catch((error) => {
        throw error instanceof DecryptionError ? unknownCursor() : error;
      });
    },
    of: async (position) => Buffer.from(await keyring.seal(position, context)).toString('base64url'),
  };
}

const unknownCursor = (): Refusal =>
  new Refusal('cursor_invalid', {
    findings: [{ parameter: 'cursor', detail: 'Expected a next_cursor of this list' }],
  });

export interface Placed<T> {
  readonly position: string;
  readonly value: T;
}

/** Of items that were read whole those after a position, newest first. */
export const newestAfter = <T extends { readonly id: string; readonly created_at: string }>(
  items: readonly T[],
  after: string | undefined,
): Placed<T>[] =>
  items
    .map((value) => ({ position: listPosition(value.created_at, value.id), value }))
    .filter(({ position }) => after === undefined || position < after)
    // Stryker disable next-line EqualityOperator: no two have one position.
    .sort((a, b) => (a.position < b.position ? 1 : -1));

/** As in Lambda's answer, whose body is a text of JSON within JSON; without what is sealed: no answer shows that. */
const shownBytes = (value: unknown): number => {
  const body = JSON.stringify(value, (_, each) => (each instanceof Uint8Array ? undefined : each));
  return Buffer.byteLength(JSON.stringify(body));
};

/** How many of the first items fit one answer; never none. */
function withinBytes(items: readonly unknown[]): number {
  let bytes = 0;
  const over = items.findIndex((item) => {
    bytes += shownBytes(item);
    return bytes > limits.pageBytes;
  });
  return over === -1 ? items.length : Math.max(1, over);
}

/**
 * `items` are the next ones in order, at least one more than the limit where there are more; `shown` opens what lies sealed
 * in one.
 */
export async function pageOf<T, S = T>(
  cursors: Cursors,
  query: PageQuery,
  items: readonly Placed<T>[],
  shown: (value: T) => S | Promise<S>,
) {
  const opened = await Promise.all(items.slice(0, query.limit).map(({ value }) => shown(value)));
  const data = opened.slice(0, withinBytes(opened));
  const has_more = items.length > data.length;
  const last = items[data.length - 1];
  return { object: 'list', data, has_more, next_cursor: has_more && last ? await cursors.of(last.position) : null };
}

/** Opens what lies sealed in an object, for its reply; it may read what else the reply shows. */
export type Opening<T> = (value: T, keyring: Pick<Keyring, 'open'>, platform: StorePlatform) => unknown;

/** What is shown as it is. */
export const identity = <T>(value: T): T => value;

interface Search<T, S> {
  /** Newest first, from before the item with id `position`. */
  read(position: string | undefined, count: number): Promise<T[]>;
  wanted(item: T): boolean;
  /** Whether no item from this one on can be wanted. */
  ended(item: T): boolean;
  /** Opens what lies sealed in one. */
  shown(item: T): Promise<S>;
}

/** A page of a search: a bounded number of items is looked at, so that it may be short and still have a next one. */
export async function searchedPage<T extends { readonly id: string }, S>(
  cursors: Cursors,
  limit: number,
  after: string | undefined,
  bounds: { readonly examinedPerPage: number; readonly readAtOnce: number },
  search: Search<T, S>,
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
  const opened = await Promise.all(found.slice(0, limit).map(search.shown));
  const data = opened.slice(0, withinBytes(opened));
  const last = found.length > data.length ? found[data.length - 1]?.id : ended ? undefined : position;
  return {
    object: 'list' as const,
    data,
    has_more: last !== undefined,
    next_cursor: last === undefined ? null : await cursors.of(last),
  };
}
