// The Condition element of a statement, compiled once into a question about a request's keys (IAM user guide, "IAM JSON
// policy elements: Condition operators" and "Multivalued context keys"). Closed: an operator or a combination that is
// not here is refused at boot, never treated as met.

import { UserError } from '../host/user_error.ts';
import { arnMatcher, isArn } from './arn.ts';
import { conditionKey, type KeyLookup } from './condition_keys.ts';
import { matchesWildcards } from './wildcard.ts';

export type Holds = (keys: KeyLookup) => boolean;

type Matcher = (wanted: string) => (value: string) => boolean;

const truth: Matcher = (wanted) => (value) => value.toLowerCase() === wanted.toLowerCase();
const like: Matcher = (wanted) => (value) => matchesWildcards(wanted, value);

const operators: Readonly<Record<string, { readonly matcher: Matcher; readonly negated: boolean }>> = {
  StringEquals: { matcher: (wanted) => (value) => value === wanted, negated: false },
  StringNotEquals: { matcher: (wanted) => (value) => value === wanted, negated: true },
  StringLike: { matcher: like, negated: false },
  StringNotLike: { matcher: like, negated: true },
  // ArnEquals and ArnLike behave identically.
  ArnEquals: { matcher: arnMatcher, negated: false },
  ArnLike: { matcher: arnMatcher, negated: false },
  ArnNotEquals: { matcher: arnMatcher, negated: true },
  ArnNotLike: { matcher: arnMatcher, negated: true },
  Bool: { matcher: truth, negated: false },
};

const listOf = (given: unknown, where: string): readonly string[] => {
  const values = Array.isArray(given) ? given : [given];
  return values.map((value) => {
    const text = typeof value === 'boolean' || typeof value === 'number' ? String(value) : value;
    if (typeof text !== 'string') throw new UserError(`${where}: a condition compares with ${JSON.stringify(value)}.`);
    if (text.includes('${')) throw new UserError(`${where}: policy variables (${text}) are not evaluated locally.`);
    return text;
  });
};

const nullCondition = (name: string, given: unknown, where: string): Holds => {
  const { key } = conditionKey(name, where);
  const values = listOf(given, where);
  if (values.some((value) => value !== 'true' && value !== 'false'))
    throw new UserError(`${where}: Null compares ${name} with neither "true" nor "false".`);
  return (keys) => values.includes(String((keys(key)?.length ?? 0) === 0));
};

const compile = (operator: string, name: string, given: unknown, where: string): Holds => {
  if (operator === 'Null') return nullCondition(name, given, where);
  const [, set, base = '', ifExists] = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/.exec(operator) ?? [];
  const found = operators[base];
  if (found === undefined)
    throw new UserError(`${where}: the condition operator ${operator} is not evaluated locally.`);
  const { key, several } = conditionKey(name, where);
  if (several !== (set !== undefined)) {
    throw new UserError(
      several
        ? `${where}: ${name} holds several values, so ${operator} needs ForAllValues: or ForAnyValue: before it.`
        : `${where}: ${name} holds one value: ${operator} would allow a request that lacks it, and is not evaluated locally.`,
    );
  }
  const wanted = listOf(given, where);
  if (base.startsWith('Arn') && !wanted.every(isArn))
    throw new UserError(`${where}: ${operator} compares ${name} with what is no ARN: ${wanted.join(', ')}.`);
  const matchers = wanted.map(found.matcher);
  const one = (value: string): boolean => matchers.some((matches) => matches(value)) !== found.negated;
  // Without a value: `ForAllValues:` has nothing to refuse, a negation nothing to find.
  const absent = ifExists !== undefined || set === 'ForAllValues' || (set === undefined && found.negated);
  return (keys) => {
    const values = keys(key);
    if (values === undefined || values.length === 0) return absent;
    return set === 'ForAnyValue' ? values.some(one) : values.every(one);
  };
};

const isBlock = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** All conditions of a statement must hold. */
export const compileConditions = (condition: unknown, where: string): Holds => {
  if (condition === undefined) return () => true;
  if (!isBlock(condition)) throw new UserError(`${where}: its Condition is no block of operators.`);
  const all = Object.entries(condition).flatMap(([operator, block]) => {
    if (!isBlock(block)) throw new UserError(`${where}: ${operator} holds no block of condition keys.`);
    return Object.entries(block).map(([name, given]) => compile(operator, name, given, where));
  });
  return (keys) => all.every((holds) => holds(keys));
};
