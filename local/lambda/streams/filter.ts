// Which stream records a function is started for, as the mapping's filters say (Lambda developer guide, "Using event
// filtering with a DynamoDB event source", read 2026-11). Closed: an unknown rule is refused with a UserError, because
// guessing would lose records or deliver too many.

import * as v from 'valibot';
import { UserError } from '../../host/user_error.ts';

/** All of these must hold; a field that is not named may be anything. */
interface Pattern {
  readonly [field: string]: Pattern | readonly Rule[];
}

const Rule = v.union([v.strictObject({ exists: v.boolean() }), v.string(), v.number(), v.null()]);
type Rule = v.InferOutput<typeof Rule>;

const Pattern: v.GenericSchema<unknown, Pattern> = v.pipe(
  v.unknown(),
  // To valibot a list is a record too.
  v.check((value) => !Array.isArray(value)),
  v.record(v.string(), v.union([v.pipe(v.array(Rule), v.minLength(1)), v.lazy(() => Pattern)])),
);

export const FilterCriteria = v.strictObject({
  Filters: v.pipe(v.array(v.strictObject({ Pattern: v.string() })), v.minLength(1)),
});

/** Whether one of the filters lets a record through. */
export const recordFilter = (
  criteria: v.InferOutput<typeof FilterCriteria>,
  where: string,
): ((record: unknown) => boolean) => {
  const patterns = criteria.Filters.map(({ Pattern: text }) => {
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), Pattern), text);
    if (!parsed.success) throw new UserError(`${where}: the filter ${text} is not run locally.`);
    return parsed.output;
  });
  return (record) => patterns.some((pattern) => fits(pattern, record));
};

const isRules = (part: Pattern[string]): part is readonly Rule[] => Array.isArray(part);

function fits(pattern: Pattern, value: unknown): boolean {
  const fields: Readonly<Record<string, unknown>> = typeof value === 'object' && value !== null ? { ...value } : {};
  return Object.entries(pattern).every(([name, part]) => {
    const found = Object.hasOwn(fields, name) ? fields[name] : undefined;
    return isRules(part) ? part.some((rule) => holds(rule, found)) : fits(part, found);
  });
}

/** What exists is a leaf: of an object one asks by its fields. */
function holds(rule: Rule, found: unknown): boolean {
  if (typeof rule !== 'object' || rule === null) return found === rule;
  const exists = found !== undefined && (typeof found !== 'object' || found === null);
  return exists === rule.exists;
}
