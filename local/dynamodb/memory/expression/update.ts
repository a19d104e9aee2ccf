// The image that an update makes of an item (DynamoDB developer guide, "Using update expressions in DynamoDB"). Every
// operand is read from the item as it was before; the item itself is never changed, only copied along what is written.

import { invalid } from '../error.ts';
import { addNumbers, negateNumber } from '../number.ts';
import {
  type AttributeValue,
  attribute,
  bytesKey,
  type Item,
  type ItemDraft,
  setAttribute,
  without,
} from '../value.ts';
import { resolved, topLevel, valueAt } from './paths.ts';
import type { Bound } from './placeholders.ts';
import type { Path, SetOperand, Step, Update } from './syntax.ts';

const wrongType = () => invalid('An operand in the update expression has an incorrect data type');
const wrongPath = () => invalid('The document path provided in the update expression is invalid for update');

const operandOf = (operand: SetOperand, item: Item, bound: Bound): AttributeValue => {
  switch (operand.kind) {
    case 'value':
      // The placeholders have been checked to be defined.
      return bound.values[operand.name] as AttributeValue;
    case 'path': {
      const value = valueAt(item, operand.path, bound.names);
      if (value !== undefined) return value;
      throw invalid('The provided expression refers to an attribute that does not exist in the item');
    }
    case 'if_not_exists':
      return valueAt(item, operand.path, bound.names) ?? operandOf(operand.otherwise, item, bound);
    default: {
      const left = operandOf(operand.left, item, bound);
      const right = operandOf(operand.right, item, bound);
      if (operand.kind === 'list_append') {
        if (left.L === undefined || right.L === undefined) throw wrongType();
        return { L: [...left.L, ...right.L] };
      }
      if (left.N === undefined || right.N === undefined) throw wrongType();
      return { N: addNumbers(left.N, operand.kind === '+' ? right.N : negateNumber(right.N)) };
    }
  }
};

/** `value` with the part at `steps` replaced. */
const replaced = (value: AttributeValue | undefined, steps: readonly Step[], to: AttributeValue): AttributeValue => {
  const [step, ...rest] = steps;
  if (step === undefined) return to;
  if (typeof step === 'number') {
    if (value?.L === undefined) throw wrongPath();
    const L = [...value.L];
    // An element beyond the end is appended.
    if (step < L.length) L[step] = replaced(L[step], rest, to);
    else if (rest.length === 0) L.push(to);
    else throw wrongPath();
    return { L };
  }
  if (value?.M === undefined) throw wrongPath();
  const inner = attribute(value.M, step);
  if (inner === undefined && rest.length > 0) throw wrongPath();
  const M = { ...value.M };
  setAttribute(M, step, replaced(inner, rest, to));
  return { M };
};

const removed = (value: AttributeValue | undefined, steps: readonly Step[]): AttributeValue => {
  const [step, ...rest] = steps;
  if (value === undefined || step === undefined) throw wrongPath();
  if (typeof step === 'number') {
    if (value.L === undefined) throw wrongPath();
    if (step >= value.L.length && rest.length === 0) return value;
    const L = [...value.L];
    if (rest.length === 0) L.splice(step, 1);
    else L[step] = removed(L[step], rest);
    return { L };
  }
  if (value.M === undefined) throw wrongPath();
  if (rest.length === 0) return { M: without(value.M, step) };
  const M = { ...value.M };
  setAttribute(M, step, removed(attribute(value.M, step), rest));
  return { M };
};

const setAt = (draft: ItemDraft, path: Path, names: Bound['names'], to: AttributeValue): void => {
  const name = topLevel(path, names);
  if (path.length === 1) {
    setAttribute(draft, name, to);
    return;
  }
  const inner = attribute(draft, name);
  if (inner === undefined) throw wrongPath();
  setAttribute(draft, name, replaced(inner, innerSteps(path, names), to));
};

const innerSteps = (path: Path, names: Bound['names']): Step[] => path.slice(1).map((step) => resolved(step, names));

const removeAt = (draft: ItemDraft, path: Path, names: Bound['names']): ItemDraft => {
  const name = topLevel(path, names);
  if (path.length === 1) return attribute(draft, name) === undefined ? draft : without(draft, name);
  setAttribute(draft, name, removed(attribute(draft, name), innerSteps(path, names)));
  return draft;
};

const union = <Element>(one: readonly Element[], other: readonly Element[], key: (each: Element) => string) => [
  ...new Map([...one, ...other].map((each) => [key(each), each])).values(),
];

const itself = (text: string): string => text;

const added = (to: AttributeValue | undefined, value: AttributeValue): AttributeValue => {
  if (to === undefined) return value;
  if (to.N !== undefined && value.N !== undefined) return { N: addNumbers(to.N, value.N) };
  if (to.SS !== undefined && value.SS !== undefined) return { SS: union(to.SS, value.SS, itself) };
  if (to.NS !== undefined && value.NS !== undefined) return { NS: union(to.NS, value.NS, itself) };
  if (to.BS !== undefined && value.BS !== undefined) return { BS: union(to.BS, value.BS, bytesKey) };
  throw wrongType();
};

/** Undefined once nothing is left: a set is never empty. */
const subtracted = (from: AttributeValue, value: AttributeValue): AttributeValue | undefined => {
  if (from.SS !== undefined && value.SS !== undefined) {
    const SS = from.SS.filter((each) => !value.SS.includes(each));
    return SS.length === 0 ? undefined : { SS };
  }
  if (from.NS !== undefined && value.NS !== undefined) {
    const NS = from.NS.filter((each) => !value.NS.includes(each));
    return NS.length === 0 ? undefined : { NS };
  }
  if (from.BS !== undefined && value.BS !== undefined) {
    const gone = new Set(value.BS.map(bytesKey));
    const BS = from.BS.filter((each) => !gone.has(bytesKey(each)));
    return BS.length === 0 ? undefined : { BS };
  }
  throw wrongType();
};

/** Of two paths into one list, the later element is removed first, so that the earlier keeps its position. */
const fromTheEnd = (one: Path, other: Path): number => {
  for (let at = 1; at < one.length && at < other.length; at += 1) {
    const [a, b] = [one[at], other[at]];
    if (a !== b) return typeof a === 'number' && typeof b === 'number' ? b - a : 0;
  }
  return 0;
};

export const updated = (update: Update, before: Item, bound: Bound): Item => {
  const { names, values } = bound;
  let draft: ItemDraft = { ...before };
  // Elements beyond the end of a list are appended in the order of their places.
  const sets =
    update.sets.length > 1 ? [...update.sets].sort((one, other) => fromTheEnd(other.path, one.path)) : update.sets;
  for (const { path, to } of sets) setAt(draft, path, names, operandOf(to, before, bound));
  for (const { path, value } of update.adds) {
    const by = values[value];
    if (by !== undefined) setAt(draft, path, names, added(valueAt(before, path, names), by));
  }
  const emptied: Path[] = [];
  for (const { path, value } of update.deletes) {
    const from = valueAt(before, path, names);
    const by = values[value];
    const left = from === undefined || by === undefined ? undefined : subtracted(from, by);
    if (left !== undefined) setAt(draft, path, names, left);
    else if (from !== undefined) emptied.push(path);
  }
  for (const path of [...update.removes, ...emptied].sort(fromTheEnd)) draft = removeAt(draft, path, names);
  return draft;
};
