// The grammar of conditions (DynamoDB developer guide, "Condition and filter expressions, operators, and functions"):
// NOT binds closer than AND, AND closer than OR.

import type { Reader } from './reader.ts';
import type { Comparator, Condition, Operand } from './syntax.ts';

const comparators: readonly Comparator[] = ['=', '<>', '<=', '>=', '<', '>'];
const ordered = ['S', 'N', 'B'];
/** Developer guide, "Constraints in Amazon DynamoDB": operands of IN. */
const mostAmong = 100;

const operand = (reader: Reader): Operand => {
  if (reader.peek().kind === 'value') return { kind: 'value', name: reader.value() };
  const called = reader.takeFunction();
  if (called === undefined) return { kind: 'path', path: reader.path() };
  if (called !== 'size') throw wrongFunction(reader, called);
  const of = operand(reader);
  reader.expect(')');
  if (of.kind === 'size') throw wrongFunction(reader, called);
  reader.rule(of, 'size', ['S', 'B', 'SS', 'NS', 'BS', 'L', 'M']);
  return { kind: 'size', of };
};

const functions = new Set([
  'attribute_exists',
  'attribute_not_exists',
  'attribute_type',
  'begins_with',
  'contains',
  'size',
]);

const wrongFunction = (reader: Reader, name: string): Error =>
  functions.has(name)
    ? reader.refusal(`The function is not allowed to be used this way in an expression; function: ${name}`)
    : reader.refusal(`Invalid function name; function: ${name}`);

const pathOf = (reader: Reader, found: Operand, name: string) => {
  if (found.kind === 'path') return found.path;
  throw reader.refusal(`Operator or function requires a document path; operator or function: ${name}`);
};

const refuseSame = (reader: Reader, name: string, one: Operand, other: Operand): void => {
  if (one.kind !== 'path' || other.kind !== 'path' || one.path.join() !== other.path.join()) return;
  throw reader.refusal(
    `The first operand must be distinct from the remaining operands for this operator or function; operator: ${name}, first operand: [${one.path.join(', ')}]`,
  );
};

const called = (reader: Reader, name: string): Condition => {
  if (!functions.has(name) || name === 'size') throw wrongFunction(reader, name);
  const given = [operand(reader)];
  while (reader.take(',')) given.push(operand(reader));
  reader.expect(')');
  const [first, second] = given;
  const wanted = name === 'attribute_exists' || name === 'attribute_not_exists' ? 1 : 2;
  if (first === undefined || given.length !== wanted) {
    throw reader.refusal(
      `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${given.length}`,
    );
  }
  if (second === undefined) {
    return { kind: name === 'attribute_exists' ? 'exists' : 'not_exists', path: pathOf(reader, first, name) };
  }
  if (name === 'attribute_type') {
    pathOf(reader, first, name);
    reader.rule(second, name, ['S']);
    return { kind: 'type', of: first, type: second };
  }
  refuseSame(reader, name, first, second);
  if (name === 'begins_with') {
    for (const each of given) reader.rule(each, name, ['S', 'B']);
    return { kind: 'begins_with', of: first, part: second };
  }
  return { kind: 'contains', of: first, part: second };
};

const comparison = (reader: Reader): Condition => {
  const left = operand(reader);
  const by = comparators.find((each) => reader.take(each));
  if (by !== undefined) {
    reader.operator();
    const right = operand(reader);
    refuseSame(reader, by, left, right);
    if (by !== '=' && by !== '<>') for (const each of [left, right]) reader.rule(each, by, ordered);
    return { kind: 'compare', by, left, right };
  }
  if (reader.take('BETWEEN')) {
    reader.operator();
    const low = operand(reader);
    reader.expect('AND');
    const high = operand(reader);
    for (const each of [left, low, high]) reader.rule(each, 'BETWEEN', ordered);
    reader.order(low, high);
    return { kind: 'between', of: left, low, high };
  }
  if (!reader.take('IN')) throw reader.unexpected();
  reader.operator();
  reader.expect('(');
  const among = [operand(reader)];
  while (reader.take(',')) among.push(operand(reader));
  reader.expect(')');
  if (among.length > mostAmong) {
    throw reader.refusal(`The IN operator is provided with too many operands; number of operands: ${among.length}`);
  }
  return { kind: 'in', of: left, among };
};

const primary = (reader: Reader): Condition => {
  const from = reader.at;
  if (reader.take('(')) {
    const inner = disjunction(reader);
    const [open, close] = reader.group;
    if (open === from + 1 && close === reader.at - 1) {
      throw reader.refusal('The expression has redundant parentheses;');
    }
    reader.group = [from, reader.at];
    reader.expect(')');
    return inner;
  }
  const { kind, text } = reader.peek();
  if (kind === 'word' && reader.sees('(', 1) && text !== 'size') return called(reader, reader.takeFunction() ?? '');
  return comparison(reader);
};

const negation = (reader: Reader): Condition => {
  if (!reader.take('NOT')) return primary(reader);
  reader.operator();
  return { kind: 'not', of: negation(reader) };
};

const conjunction = (reader: Reader): Condition => {
  let left = negation(reader);
  while (reader.take('AND')) {
    reader.operator();
    left = { kind: 'and', left, right: negation(reader) };
  }
  return left;
};

const disjunction = (reader: Reader): Condition => {
  let left = conjunction(reader);
  while (reader.take('OR')) {
    reader.operator();
    left = { kind: 'or', left, right: conjunction(reader) };
  }
  return left;
};

export const readCondition = disjunction;
