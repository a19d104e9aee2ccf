// The fields of an operation's body or query, as its schema names them: of a choice of bodies, those of all.

import * as v from 'valibot';

const Shape = v.object({
  entries: v.optional(v.record(v.string(), v.unknown()), {}),
  options: v.optional(v.array(v.unknown()), []),
});

export function entriesOf(schema: unknown): string[] {
  const shape = v.safeParse(Shape, schema);
  if (!shape.success) return [];
  const { entries, options } = shape.output;
  return [...new Set([...Object.keys(entries), ...options.flatMap(entriesOf)])];
}
