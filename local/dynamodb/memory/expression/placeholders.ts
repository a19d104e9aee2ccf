// Joins expressions with the names and values of a call. Every placeholder that is used must be defined, every one that
// is defined must be used (DynamoDB developer guide, "Expression attribute names" and "Expression attribute values").

import { compareValues } from '../compare.ts';
import { invalid } from '../error.ts';
import { type Input, optionalRecord, textOf } from '../input.ts';
import { type AttributeValue, attributeTypes, checkedItem, type Item, typeOf } from '../value.ts';
import type { Parsed } from './syntax.ts';

export interface Bound {
  readonly names: Readonly<Record<string, string>>;
  readonly values: Item;
}

const nothing: Bound = { names: {}, values: {} };

type Expressions = readonly (Parsed<unknown> | undefined)[];

const isUsed = (expressions: Expressions, of: 'names' | 'values', key: string): boolean => {
  for (const parsed of expressions) if (parsed?.[of].has(key) === true) return true;
  return false;
};

const unused = (
  kind: string,
  defined: Input,
  expressions: Expressions,
  of: 'names' | 'values',
  count: number,
): void => {
  if (count === 0) throw invalid(`${kind} can only be specified when using expressions`);
  let superfluous: string[] | undefined;
  let isEmpty = true;
  for (const key in defined) {
    isEmpty = false;
    if (!isUsed(expressions, of, key)) superfluous = [...(superfluous ?? []), key];
  }
  if (isEmpty) throw invalid(`${kind} must not be empty`);
  if (superfluous === undefined) return;
  const wrong = superfluous.find((key) => !(of === 'names' ? /^#\w+$/ : /^:\w+$/).test(key));
  if (wrong !== undefined) throw invalid(`${kind} contains invalid key: Syntax error; key: "${wrong}"`);
  throw invalid(`Value provided in ${kind} unused in expressions: keys: {${superfluous.join(', ')}}`);
};

const namesOf = (given: Input): Readonly<Record<string, string>> => {
  for (const name in given) textOf(given[name], 'expressionAttributeNames');
  // Each has just been looked at.
  return given as Readonly<Record<string, string>>;
};

const checkRules = (parsed: Parsed<unknown>, values: Item): void => {
  for (const { value, types, operator } of parsed.rules) {
    const type = typeOf(values[value] as AttributeValue);
    if (!types.includes(type)) {
      throw invalid(
        `Invalid ${parsed.kind}: Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${type}`,
      );
    }
    const named = values[value]?.S;
    if (operator === 'attribute_type' && named !== undefined && !attributeTypes.has(named)) {
      throw invalid(`Invalid ${parsed.kind}: Invalid attribute type name found; type: ${named}`);
    }
  }
  for (const { low, high } of parsed.orders) {
    const order = compareValues(values[low] as AttributeValue, values[high] as AttributeValue);
    if (order === undefined) {
      throw invalid(`Invalid ${parsed.kind}: The BETWEEN operator requires same data type for lower and upper bounds`);
    }
    if (order > 0) {
      throw invalid(
        `Invalid ${parsed.kind}: The BETWEEN operator requires upper bound to be greater than or equal to lower bound`,
      );
    }
  }
};

/** `expressions` may hold undefined where a parameter is absent. */
export const bind = (input: Input, expressions: Expressions): Bound => {
  const names = optionalRecord(input.ExpressionAttributeNames, 'expressionAttributeNames');
  const values = optionalRecord(input.ExpressionAttributeValues, 'expressionAttributeValues');
  const bound: Bound = {
    names: names === undefined ? nothing.names : namesOf(names),
    values: values === undefined ? nothing.values : checkedItem(values, 'expressionAttributeValues'),
  };
  let count = 0;
  for (const parsed of expressions) {
    if (parsed === undefined) continue;
    count += 1;
    checkDefined(parsed, bound);
    checkRules(parsed, bound.values);
  }
  if (names !== undefined) unused('ExpressionAttributeNames', names, expressions, 'names', count);
  if (values !== undefined) unused('ExpressionAttributeValues', values, expressions, 'values', count);
  return bound;
};

const checkDefined = (parsed: Parsed<unknown>, bound: Bound): void => {
  for (const name of parsed.names) {
    if (bound.names[name] !== undefined) continue;
    throw invalid(
      `Invalid ${parsed.kind}: An expression attribute name used in the document path is not defined; attribute name: ${name}`,
    );
  }
  for (const value of parsed.values) {
    if (bound.values[value] !== undefined) continue;
    throw invalid(
      `Invalid ${parsed.kind}: An expression attribute value used in expression is not defined; attribute value: ${value}`,
    );
  }
};
