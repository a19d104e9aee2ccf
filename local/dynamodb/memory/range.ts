// The part of a partition that a query reads, in either direction, from the start of the range or from where the page
// before ended.

import type { Entry } from './entry.ts';
import { invalid } from './error.ts';
import type { KeyRange } from './expression/key_condition.ts';
import type { Placed, Sorted } from './sorted.ts';
import type { Start } from './start_key.ts';

/** Behind every tie of an index. */
const last = '\uffff';

export const entriesBetween = function* (
  entries: Sorted<Entry>,
  range: KeyRange,
  start: Start | undefined,
  forward: boolean,
): Generator<Entry, void> {
  let low = { token: range.from?.token ?? '', tie: range.from?.behind === true ? last : '' };
  let high = range.to && { token: range.to.token, tie: range.to.behind ? last : '' };
  // The item at the start key was returned with the page before.
  if (start !== undefined && forward) low = { token: start.token, tie: `${start.tie}\u0000` };
  if (start !== undefined && !forward) high = start;
  if (forward) {
    for (const entry of entries.upwards(low.token, low.tie)) {
      if (high !== undefined && !isBefore(entry, high)) return;
      yield entry;
    }
    return;
  }
  for (const entry of entries.downwards(high?.token, high?.tie)) {
    if (isBefore(entry, low)) return;
    yield entry;
  }
};

const isBefore = (one: Placed, other: Placed): boolean =>
  one.token === other.token ? one.tie < other.tie : one.token < other.token;

export const refuseOutside = (start: Start, range: KeyRange): void => {
  const { from, to } = range;
  if (start.partition !== range.partition) {
    throw invalid('The provided starting key is outside query boundaries based on provided conditions');
  }
  const isInside =
    (from === undefined || start.token > from.token || (start.token === from.token && !from.behind)) &&
    (to === undefined || start.token < to.token || (start.token === to.token && to.behind));
  if (!isInside) throw invalid('The provided starting key does not match the range key predicate');
};
