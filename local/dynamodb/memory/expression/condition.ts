// Whether a condition holds for an item (DynamoDB developer guide, "Condition and filter expressions, operators, and
// functions"). An item that doesn't exist has no attributes; it is never an error that an attribute is missing.

import { compareValues, sameValue } from '../compare.ts';
import { type AttributeValue, bytesKey, type Item, typeOf } from '../value.ts';
import { valueAt } from './paths.ts';
import type { Bound } from './placeholders.ts';
import type { Comparator, Condition, Operand } from './syntax.ts';

const sizeOf = (value: AttributeValue): number | undefined => {
  if (value.S !== undefined) return value.S.length;
  if (value.B !== undefined) return value.B.byteLength;
  if (value.M !== undefined) return Object.keys(value.M).length;
  return (value.L ?? value.SS ?? value.NS ?? value.BS)?.length;
};

const operandValue = (operand: Operand, item: Item, bound: Bound): AttributeValue | undefined => {
  if (operand.kind === 'value') return bound.values[operand.name];
  if (operand.kind === 'path') return valueAt(item, operand.path, bound.names);
  const of = operandValue(operand.of, item, bound);
  const size = of === undefined ? undefined : sizeOf(of);
  return size === undefined ? undefined : { N: String(size) };
};

const compared = (by: Comparator, left: AttributeValue | undefined, right: AttributeValue | undefined): boolean => {
  if (by === '<>') return left === undefined || right === undefined || !sameValue(left, right);
  if (left === undefined || right === undefined) return false;
  if (by === '=') return sameValue(left, right);
  const order = compareValues(left, right);
  if (order === undefined) return false;
  if (by === '<') return order < 0;
  if (by === '<=') return order <= 0;
  return by === '>' ? order > 0 : order >= 0;
};

const beginsWith = (whole: AttributeValue, part: AttributeValue): boolean => {
  if (whole.S !== undefined && part.S !== undefined) return whole.S.startsWith(part.S);
  return whole.B !== undefined && part.B !== undefined && bytesKey(whole.B).startsWith(bytesKey(part.B));
};

const contains = (whole: AttributeValue, part: AttributeValue): boolean => {
  if (whole.S !== undefined) return part.S !== undefined && whole.S.includes(part.S);
  if (whole.B !== undefined) return part.B !== undefined && bytesKey(whole.B).includes(bytesKey(part.B));
  if (whole.L !== undefined) return whole.L.some((each) => sameValue(each, part));
  if (whole.SS !== undefined) return part.S !== undefined && whole.SS.includes(part.S);
  if (whole.NS !== undefined) return part.N !== undefined && whole.NS.includes(part.N);
  if (whole.BS === undefined || part.B === undefined) return false;
  const wanted = bytesKey(part.B);
  return whole.BS.some((each) => bytesKey(each) === wanted);
};

export const holds = (condition: Condition, item: Item, bound: Bound): boolean => {
  switch (condition.kind) {
    case 'and':
      return holds(condition.left, item, bound) && holds(condition.right, item, bound);
    case 'or':
      return holds(condition.left, item, bound) || holds(condition.right, item, bound);
    case 'not':
      return !holds(condition.of, item, bound);
    case 'exists':
      return valueAt(item, condition.path, bound.names) !== undefined;
    case 'not_exists':
      return valueAt(item, condition.path, bound.names) === undefined;
    case 'compare':
      return compared(
        condition.by,
        operandValue(condition.left, item, bound),
        operandValue(condition.right, item, bound),
      );
    case 'between': {
      const value = operandValue(condition.of, item, bound);
      return (
        compared('>=', value, operandValue(condition.low, item, bound)) &&
        compared('<=', value, operandValue(condition.high, item, bound))
      );
    }
    case 'in': {
      const value = operandValue(condition.of, item, bound);
      return condition.among.some((each) => compared('=', value, operandValue(each, item, bound)));
    }
    case 'type': {
      const value = operandValue(condition.of, item, bound);
      return value !== undefined && typeOf(value) === operandValue(condition.type, item, bound)?.S;
    }
    default: {
      const whole = operandValue(condition.of, item, bound);
      const part = operandValue(condition.part, item, bound);
      if (whole === undefined || part === undefined) return false;
      return condition.kind === 'begins_with' ? beginsWith(whole, part) : contains(whole, part);
    }
  }
};
