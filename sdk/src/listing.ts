// Lists, page by page or item by item. Walking a list asks for one page at a time, and never twice for the same.

import type { Asked, CallOptions } from './calls.ts';
import { ConnectionError } from './errors.ts';

export interface Page<Item> {
  readonly object: 'list';
  readonly data: readonly Item[];
  readonly has_more: boolean;
  readonly next_cursor: string | null;
}

/** `for await (const item of listing)` walks all items from the query's cursor on, newest first. */
export interface Listing<Item> extends AsyncIterable<Item> {
  /** The one page that the query names. */
  page(): Promise<Page<Item>>;
  /** All pages from there on. */
  pages(): AsyncIterable<Page<Item>>;
}

export type Ask = (asked: Asked, options?: CallOptions) => Promise<unknown>;

export function listing<Item>(ask: Ask, asked: Asked, options?: CallOptions): Listing<Item> {
  const first = asked.query?.cursor;
  const pageAt = async (cursor: unknown): Promise<Page<Item>> => {
    const page = await ask({ ...asked, query: { ...asked.query, cursor } }, options);
    // More behind no cursor, or behind this one again, would end a walk too early, or never.
    if (isPage<Item>(page) && (!page.has_more || ![null, cursor].includes(page.next_cursor))) return page;
    throw new ConnectionError('answer_malformed', null);
  };
  async function* pages() {
    let page: Page<Item>;
    let cursor = first;
    do {
      page = await pageAt(cursor);
      yield page;
      cursor = page.next_cursor;
    } while (page.has_more);
  }
  return {
    page: () => pageAt(first),
    pages,
    async *[Symbol.asyncIterator]() {
      for await (const { data } of pages()) yield* data;
    },
  };
}

function isPage<Item>(value: unknown): value is Page<Item> {
  const { data, has_more, next_cursor } = value as Partial<Page<Item>>;
  return (
    Array.isArray(data) && typeof has_more === 'boolean' && (next_cursor === null || typeof next_cursor === 'string')
  );
}
