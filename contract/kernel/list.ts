// Lists: newest first, `limit` items a page, an opaque cursor.

import * as v from 'valibot';
import { RequestedTime } from './fields.ts';
import { requestLimits as limits } from './limits.ts';

/** Query values arrive as strings; the pipeline parses them. */
export const ListQuery = v.strictObject({
  limit: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^\d{1,3}$/, 'Expected a whole number'),
      v.transform(Number),
      v.minValue(1, 'Expected at least 1'),
      v.maxValue(limits.pageItems, `Expected at most ${limits.pageItems}`),
    ),
    String(limits.pageDefaultItems),
  ),
  cursor: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(limits.cursorChars))),
});

/** When an object was created: at or after the one time, before the other. */
export const createdFilters = {
  'created[gte]': v.optional(RequestedTime),
  'created[lt]': v.optional(RequestedTime),
} as const;
const Created = v.object(createdFilters);
export type CreatedQuery = v.InferOutput<typeof Created>;

/* @__NO_SIDE_EFFECTS__ */
export const List = <T extends v.GenericSchema>(item: T) =>
  v.object({
    object: v.literal('list'),
    data: v.array(item),
    has_more: v.boolean(),
    next_cursor: v.nullable(v.string()),
  });
