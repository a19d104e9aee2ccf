// No page of any list is more than Lambda answers with, whatever its items hold, and none is lost behind a page that ends early.

import { describe, expect, it } from 'vitest';
import { requestLimits } from '../../../contract/kernel/limits.ts';
import { type Cursors, pageOf, searchedPage } from '../../../lambdas/kernel/operation/page.ts';

/** Lambda quotas, "Invocation payload": 6 MB for a synchronous answer. */
const lambdaBytes = 6 * 1024 * 1024;
const cursors: Cursors = { of: async (position) => position, position: async (cursor) => cursor };
const count = requestLimits.pageItems;

/** Quotes are written with one backslash in a body, and with three in Lambda's answer, whose body is a text. */
const large = Array.from({ length: count }, (_, at) => ({ id: String(at).padStart(3, '0'), text: '"'.repeat(20_000) }));

const answerBytes = (page: object): number =>
  Buffer.byteLength(JSON.stringify({ statusCode: 200, body: JSON.stringify(page) }));

interface Page {
  readonly data: readonly { readonly id: string }[];
  readonly has_more: boolean;
  readonly next_cursor: string | null;
}

const pages: Record<string, (after: string | undefined) => Promise<Page>> = {
  'of a list': (after) => {
    const items = large.filter(({ id }) => after === undefined || id > after);
    const placed = items.map((value) => ({ position: value.id, value }));
    return pageOf(cursors, { limit: count }, placed, (value) => value);
  },
  'of a search': (after) =>
    searchedPage(
      cursors,
      count,
      after,
      { examinedPerPage: 1_000, readAtOnce: 30 },
      {
        read: async (position, most) =>
          large.filter(({ id }) => position === undefined || id > position).slice(0, most),
        wanted: () => true,
        ended: () => false,
        shown: async (item) => item,
      },
    ),
};

describe('a page', () => {
  it.each(Object.entries(pages))(
    '%s ends before it is more than Lambda answers with, and the next goes on',
    async (_, read) => {
      const seen: string[] = [];
      let after: string | undefined;
      for (let turn = 0; turn < count; turn += 1) {
        const page = await read(after);
        expect(answerBytes(page)).toBeLessThan(lambdaBytes);
        expect(page.data.length).toBeGreaterThan(0);
        seen.push(...page.data.map(({ id }) => id));
        expect(page.has_more).toBe(page.next_cursor !== null);
        if (page.next_cursor === null) break;
        after = await cursors.position(page.next_cursor);
      }
      expect(seen).toEqual(large.map(({ id }) => id));
    },
  );
});
