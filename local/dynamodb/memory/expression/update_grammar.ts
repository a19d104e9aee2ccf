// The grammar of update expressions (DynamoDB developer guide, "Using update expressions in DynamoDB"): SET, REMOVE, ADD
// and DELETE in any order, each at most once.

import type { Reader } from './reader.ts';
import type { Path, SetOperand, Update } from './syntax.ts';

type Draft = {
  sets: { path: Path; to: SetOperand }[];
  removes: Path[];
  adds: { path: Path; value: string }[];
  deletes: { path: Path; value: string }[];
  targets: Path[];
};

const functions = new Set(['if_not_exists', 'list_append']);

const operand = (reader: Reader): SetOperand => {
  if (reader.peek().kind === 'value') return { kind: 'value', name: reader.value() };
  const called = reader.takeFunction();
  if (called === undefined) return { kind: 'path', path: reader.path() };
  if (!functions.has(called)) throw reader.refusal(`Invalid function name; function: ${called}`);
  const left = operand(reader);
  reader.expect(',');
  const right = operand(reader);
  reader.expect(')');
  if (called === 'list_append') {
    for (const each of [left, right]) if (each.kind === 'value') reader.rule(each, called, ['L']);
    return { kind: 'list_append', left, right };
  }
  if (left.kind === 'path') return { kind: 'if_not_exists', path: left.path, otherwise: right };
  throw reader.refusal(`Operator or function requires a document path; operator or function: ${called}`);
};

const sum = (reader: Reader): SetOperand => {
  if (reader.take('(')) {
    const inner = sum(reader);
    reader.expect(')');
    return inner;
  }
  const left = operand(reader);
  const kind = reader.take('+') ? '+' : reader.take('-') ? '-' : undefined;
  if (kind === undefined) return left;
  reader.operator();
  const right = operand(reader);
  for (const each of [left, right]) if (each.kind === 'value') reader.rule(each, kind, ['N']);
  return { kind, left, right };
};

const addable = ['N', 'SS', 'NS', 'BS'];
const deletable = ['SS', 'NS', 'BS'];

const target = (reader: Reader, draft: Draft): Path => {
  const path = reader.path();
  draft.targets.push(path);
  return path;
};

const clauses: Readonly<Record<string, (reader: Reader, draft: Draft) => void>> = {
  SET(reader, draft) {
    const path = target(reader, draft);
    reader.expect('=');
    draft.sets.push({ path, to: sum(reader) });
  },
  REMOVE(reader, draft) {
    draft.removes.push(target(reader, draft));
  },
  ADD(reader, draft) {
    const path = target(reader, draft);
    const value = reader.value();
    reader.rule({ kind: 'value', name: value }, 'ADD', addable);
    draft.adds.push({ path, value });
  },
  DELETE(reader, draft) {
    const path = target(reader, draft);
    const value = reader.value();
    reader.rule({ kind: 'value', name: value }, 'DELETE', deletable);
    draft.deletes.push({ path, value });
  },
};

export const readUpdate = (reader: Reader): Update => {
  const draft: Draft = { sets: [], removes: [], adds: [], deletes: [], targets: [] };
  const seen = new Set<string>();
  while (reader.peek().kind !== 'end') {
    const keyword = Object.keys(clauses).find((each) => reader.sees(each));
    const clause = keyword === undefined ? undefined : clauses[keyword];
    if (keyword === undefined || clause === undefined) throw reader.unexpected();
    if (seen.has(keyword)) {
      throw reader.refusal(`The "${keyword}" section can only be used once in an update expression;`);
    }
    seen.add(keyword);
    reader.take(keyword);
    do {
      reader.operator();
      clause(reader, draft);
    } while (reader.take(','));
  }
  return draft;
};
