// Which part of which partition a query reads (DynamoDB developer guide, "Key condition expressions for the Query
// operation"): the partition key equals a value, and the sort key may be compared with one.

import { type DynamoDbError, invalid, invalidParameter } from '../error.ts';
import { isEmptyKey, type KeyAttribute, type KeySchema, partitionText, sortText } from '../key.ts';
import { type AttributeValue, typeOf } from '../value.ts';
import type { ParsedCondition } from './parse.ts';
import { topLevel } from './paths.ts';
import type { Bound } from './placeholders.ts';
import type { Comparator, Condition, Operand } from './syntax.ts';

/** The place before the first entry with this token or, with `behind`, after the last one. */
export interface Bounds {
  readonly token: string;
  readonly behind: boolean;
}

export interface KeyRange {
  readonly partition: string;
  readonly from: Bounds | undefined;
  readonly to: Bounds | undefined;
}

type Comparison = Extract<Condition, { kind: 'compare' | 'between' | 'begins_with' }>;

const unsupported = (what = 'Query key condition not supported'): DynamoDbError => invalid(what);

const mirrored: Readonly<Record<Comparator, Comparator>> = {
  '=': '=',
  '<>': '<>',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

/** With the attribute on the left. */
const turned = (comparison: Extract<Comparison, { kind: 'compare' }>): Comparison => {
  const { by, left, right } = comparison;
  if (left.kind !== 'value' || right.kind === 'value') return comparison;
  return { kind: 'compare', by: mirrored[by], left: right, right: left };
};

const flattened = (condition: Condition): Comparison[] => {
  if (condition.kind === 'and') return [...flattened(condition.left), ...flattened(condition.right)];
  if (condition.kind === 'compare') return [turned(condition)];
  if (condition.kind === 'between' || condition.kind === 'begins_with') return [condition];
  const name = { or: 'OR', not: 'NOT', in: 'IN', type: 'attribute_type', contains: 'contains' };
  const shown = condition.kind in name ? name[condition.kind as keyof typeof name] : `attribute_${condition.kind}`;
  throw invalid(`Invalid operator used in KeyConditionExpression: ${shown}`);
};

const subject = (comparison: Comparison): Operand => (comparison.kind === 'compare' ? comparison.left : comparison.of);

const nameOf = (comparison: Comparison, bound: Bound): string => {
  const operand = subject(comparison);
  if (operand.kind === 'size') throw invalid('KeyConditionExpressions cannot contain nested operations');
  if (operand.kind !== 'path')
    throw invalid('Invalid condition in KeyConditionExpression: no key attribute is compared');
  if (operand.path.length > 1) throw invalid('KeyConditionExpressions cannot have conditions on nested attributes');
  return topLevel(operand.path, bound.names);
};

const literal = (operand: Operand, key: KeyAttribute, bound: Bound): AttributeValue => {
  const value = operand.kind === 'value' ? bound.values[operand.name] : undefined;
  if (value === undefined)
    throw invalid('Invalid KeyConditionExpression: a key attribute can be compared with values alone');
  if (typeOf(value) !== key.type) throw invalidParameter('Condition parameter type does not match schema type');
  if (isEmptyKey(value)) {
    throw invalid(
      `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${key.type === 'S' ? 'string' : 'binary'} value. Key: ${key.name}`,
    );
  }
  return value;
};

/** The smallest text that is greater than all that begin with `prefix`. */
const successor = (prefix: string): string | undefined => {
  for (let at = prefix.length - 1; at >= 0; at -= 1) {
    const unit = prefix.charCodeAt(at);
    if (unit < 0xffff) return prefix.slice(0, at) + String.fromCharCode(unit + 1);
  }
  return undefined;
};

const before = (token: string): Bounds => ({ token, behind: false });
const behind = (token: string): Bounds => ({ token, behind: true });

const sortRange = (comparison: Comparison, key: KeyAttribute, bound: Bound): Omit<KeyRange, 'partition'> => {
  const text = (operand: Operand): string => sortText(literal(operand, key, bound));
  if (comparison.kind === 'between') return { from: before(text(comparison.low)), to: behind(text(comparison.high)) };
  if (comparison.kind === 'begins_with') {
    if (key.type === 'N') {
      throw invalid(
        'Invalid KeyConditionExpression: Incorrect operand type for operator or function; operator or function: begins_with, operand type: N',
      );
    }
    const prefix = text(comparison.part);
    const end = successor(prefix);
    return { from: before(prefix), to: end === undefined ? undefined : before(end) };
  }
  const token = text(comparison.right);
  switch (comparison.by) {
    case '=':
      return { from: before(token), to: behind(token) };
    case '<':
      return { from: undefined, to: before(token) };
    case '<=':
      return { from: undefined, to: behind(token) };
    case '>':
      return { from: behind(token), to: undefined };
    case '>=':
      return { from: before(token), to: undefined };
    default:
      throw unsupported();
  }
};

export const keyRange = (parsed: ParsedCondition, schema: KeySchema, bound: Bound): KeyRange => {
  const comparisons = flattened(parsed.tree);
  const named = new Map<string, Comparison>();
  for (const comparison of comparisons) {
    const name = nameOf(comparison, bound);
    if (named.has(name)) throw invalid('KeyConditionExpressions must only contain one condition per key');
    named.set(name, comparison);
  }
  if (named.size > 2) throw invalid('Conditions can be of length 1 or 2 only');
  const { partition, sort } = schema;
  const first = named.get(partition.name);
  if (first === undefined) throw invalid(`Query condition missed key schema element: ${partition.name}`);
  if (first.kind !== 'compare' || first.by !== '=') throw unsupported();
  const name = partitionText(literal(first.right, partition, bound));
  const second = sort === undefined ? undefined : named.get(sort.name);
  if (named.size === 2 && second === undefined) {
    throw sort === undefined ? unsupported() : invalid(`Query condition missed key schema element: ${sort.name}`);
  }
  const range =
    second === undefined || sort === undefined ? { from: undefined, to: undefined } : sortRange(second, sort, bound);
  return { partition: name, ...range };
};
