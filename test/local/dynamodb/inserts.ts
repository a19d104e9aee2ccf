// INSERT statements of PartiQL: what is not there is created, and what is there stays as it is.

import { b, type Group, type Item, invalid, key, n, plainTable, type Row, s } from './rows.ts';

const there: Item = { ...key('there'), n: n(1) };
const full: Item = {
  ...key('full'),
  bytes: b(0, 1, 255),
  nothing: { NULL: true },
  nested: { M: { list: { L: [n(1), s('')] } } },
};
const many = (count: number): readonly Item[] => Array.from({ length: count }, (_, each) => key(`many${each}`));

export const inserts: Group = {
  name: 'inserts',
  table: plainTable,
  items: [there],
  rows: (TableName) => {
    const into = (table: string, item: Item): object => ({
      Statement: `INSERT INTO "${table}" VALUE {${Object.keys(item).map((name) => `'${name}':?`)}}`,
      Parameters: Object.values(item),
    });
    const insert = (rule: string, Statements: readonly object[], more: Partial<Row>): Row => ({
      rule: `BatchExecuteStatement: ${rule}`,
      operation: 'BatchExecuteStatement',
      input: { Statements },
      ...more,
    });
    const one = (item: Item): object => into(TableName, item);
    const duplicate = { TableName, Error: { Code: 'DuplicateItem', Message: 'Duplicate primary key exists in table' } };
    return [
      insert('creates a row of all kinds of values', [one(full)], {
        gives: { Responses: [{ TableName }] },
        after: { key: key('full'), item: full },
      }),
      insert('leaves what is there as it is', [one({ ...there, n: n(2) })], {
        before: [there],
        gives: { Responses: [duplicate] },
        after: { key: key('there'), item: there },
      }),
      insert('each by itself, answered in its order', [one({ ...there, n: n(2) }), one(key('beside'))], {
        before: [there],
        gives: { Responses: [duplicate, { TableName }] },
        after: { key: key('beside'), item: key('beside') },
      }),
      insert('one key twice is refused', [one(key('twice')), one(key('twice'))], {
        fails: invalid,
        after: { key: key('twice'), item: undefined },
        deviates: { 'DynamoDB Local': 'has inserted the first of them when it refuses' },
      }),
      insert('25 at once', many(25).map(one), { gives: { Responses: many(25).map(() => ({ TableName })) } }),
      insert('more than 25 are refused', many(26).map(one), { fails: invalid }),
      insert('none is refused', [], { fails: invalid }),
    ];
  },
};
