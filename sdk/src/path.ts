// Paths with ids in them. An id must never reach another path than the one it stands in.

/** A template's values become one segment each. Throws a TypeError on what cannot be one. */
export const path = (parts: TemplateStringsArray, ...ids: readonly string[]): string =>
  parts.reduce((before, part, at) => before + segment(ids[at - 1]) + part);

function segment(id: unknown): string {
  // URLs resolve dots, however they are written; an empty segment is another route.
  if (typeof id !== 'string' || /^\.{0,2}$/.test(id)) throw new TypeError('Expected the id of an object');
  return encodeURIComponent(id);
}
