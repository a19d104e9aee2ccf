// Lists, page by page or item by item. Walking a list asks for one page at a time, and never twice for the same.

import { ConnectionError } from './errors.ts';
import type { ApiRequest, CallOptions, Listing, Page } from './request.ts';

export type Ask = (request: ApiRequest, options?: CallOptions) => Promise<unknown>;

export function listing<Item>(ask: Ask, request: ApiRequest, options?: CallOptions): Listing<Item> {
  const first = request.query?.cursor;
  const pageAt = async (cursor: unknown): Promise<Page<Item>> => {
    const page = await ask({ ...request, query: { ...request.query, cursor } }, options);
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
