// Update expressions: every clause and function, which paths can be written, and what each kind of ReturnValues returns.

import { type Deviations, type Group, type Item, invalid, key, n, plainTable, s } from './rows.ts';

const at = key('updates');
const seed: Item = {
  ...at,
  n: n(5),
  s: s('hello'),
  l: { L: [n(1), s('x'), n(3)] },
  m: { M: { x: n(1), y: n(2) } },
  ss: { SS: ['a', 'b'] },
  ns: { NS: ['1', '2'] },
};

/** What the item holds instead afterwards (undefined: no more), or that nothing is changed and the update refused. */
type Line = readonly [
  expression: string,
  values: Item,
  changes: Readonly<Record<string, Item[string] | undefined>> | 'refused',
  deviates?: Deviations,
];

const v = (value: Item[string]): Item => ({ ':v': value });
const list = (...values: Item[string][]): Item[string] => ({ L: values });
const filled = { dynoxide: 'fills a list up with nulls instead of appending' };
const missingParent = { dynoxide: 'lets the path of a REMOVE lead nowhere' };

const lines: readonly Line[] = [
  ['SET n = :v', v(n('7.50')), { n: n('7.5') }, { 'DynamoDB Local': 'keeps the zero' }],
  ['SET n = n + :v', v(n(1)), { n: n(6) }],
  ['SET n = :v - n', v(n(1)), { n: n(-4) }],
  ['SET n = n + :v', v(n('0.1')), { n: n('5.1') }],
  ['SET a = n, n = :v', v(n(1)), { a: n(5), n: n(1) }],
  ['SET a = if_not_exists(a, :v)', v(n(1)), { a: n(1) }],
  ['SET n = if_not_exists(n, :v) + :v', v(n(1)), { n: n(6) }],
  ['SET l = list_append(l, :v)', v(list(n(9))), { l: list(n(1), s('x'), n(3), n(9)) }],
  ['SET a = list_append(if_not_exists(a, :v), :v)', v(list(n(9))), { a: list(n(9), n(9)) }],
  ['SET l[0] = :v', v(n(9)), { l: list(n(9), s('x'), n(3)) }],
  ['SET l[9] = :v', v(n(9)), { l: list(n(1), s('x'), n(3), n(9)) }, filled],
  ['SET l[8] = :v, l[7] = :w', { ':v': n(8), ':w': n(7) }, { l: list(n(1), s('x'), n(3), n(7), n(8)) }, filled],
  ['SET l[0] = l[1], l[1] = l[0]', {}, { l: list(s('x'), n(1), n(3)) }],
  ['SET m.z = :v', v(n(9)), { m: { M: { x: n(1), y: n(2), z: n(9) } } }],
  ['SET m.x = m.x + :v REMOVE m.y', v(n(9)), { m: { M: { x: n(10) } } }],
  ['SET m.z.z = :v', v(n(9)), 'refused'],
  ['SET a.z = :v', v(n(9)), 'refused'],
  ['SET l[3].x = :v', v(n(9)), 'refused', { dynoxide: 'makes the map that the path needs' }],
  ['SET n.x = :v', v(n(9)), 'refused'],
  ['SET a = b', {}, 'refused'],
  ['SET a = s + :v', v(n(1)), 'refused'],
  ['SET a = n + :v', v(s('1')), 'refused'],
  ['SET a = list_append(s, l)', {}, 'refused'],
  ['SET a = size(s)', {}, 'refused'],
  ['SET a = n + n + n', {}, 'refused'],
  ['SET pk = :v', v(s('x')), 'refused'],
  ['SET a = :v, a = :v', v(n(1)), 'refused'],
  ['SET m = :v, m.x = :v', v(n(1)), 'refused'],
  ['SET m.x = :v, m[0] = :v', v(n(1)), 'refused'],
  ['SET a = :v REMOVE a', v(n(1)), 'refused'],
  ['SET a = :v SET a2 = :v', v(n(1)), 'refused'],
  ['SET status = :v', v(n(1)), 'refused'],
  ['SET a = :v,', v(n(1)), 'refused'],
  ['set a = :v remove s', v(n(1)), { a: n(1), s: undefined }],
  ['REMOVE s, n', {}, { s: undefined, n: undefined }],
  ['REMOVE a', {}, {}],
  ['REMOVE l[1]', {}, { l: list(n(1), n(3)) }],
  ['REMOVE l[0], l[1]', {}, { l: list(n(3)) }, { dynoxide: 'removes from a list that has already shrunk' }],
  ['REMOVE l[9]', {}, {}],
  ['REMOVE m.x', {}, { m: { M: { y: n(2) } } }],
  ['REMOVE a.x', {}, 'refused', missingParent],
  ['REMOVE m.z.z', {}, 'refused', missingParent],
  ['ADD n :v', v(n('-0.5')), { n: n('4.5') }],
  ['ADD a :v', v(n(3)), { a: n(3) }],
  ['ADD m.x :v', v(n(3)), { m: { M: { x: n(4), y: n(2) } } }],
  ['ADD ss :v', v({ SS: ['c', 'a'] }), { ss: { SS: ['a', 'b', 'c'] } }],
  [
    'ADD ns :v',
    v({ NS: ['2.0', '3'] }),
    { ns: { NS: ['1', '2', '3'] } },
    { dynoxide: 'takes 2.0 and 2 for two numbers, and then refuses them' },
  ],
  ['ADD s :v', v(n(1)), 'refused'],
  ['ADD ss :v', v({ NS: ['1'] }), 'refused'],
  ['ADD n :v', v(s('x')), 'refused'],
  ['DELETE ss :v', v({ SS: ['a', 'z'] }), { ss: { SS: ['b'] } }],
  ['DELETE ss :v', v({ SS: ['a', 'b'] }), { ss: undefined }],
  ['DELETE a :v', v({ SS: ['a'] }), {}],
  ['DELETE n :v', v({ SS: ['a'] }), 'refused'],
  ['DELETE ss :v', v(s('a')), 'refused'],
  [
    'SET a = :v ADD n :v DELETE ss :w REMOVE s',
    { ':v': n(1), ':w': { SS: ['a'] } },
    { a: n(1), n: n(6), ss: { SS: ['b'] }, s: undefined },
  ],
  ['ADD n :v', v(n('0.12345678901234567890123456789012345678')), 'refused'],
  ['SET n = :v', v(n('123456789012345678901234567890123456789')), 'refused'],
];

const changed = (changes: Readonly<Record<string, Item[string] | undefined>>): Item =>
  Object.fromEntries(
    Object.entries({ ...seed, ...changes }).filter((entry): entry is [string, Item[string]] => entry[1] !== undefined),
  );

const whole = { 'DynamoDB Local': 'returns the whole of a map of which a part was written' };

const returned: readonly (readonly [string, string, object, Deviations?])[] = [
  ['NONE', 'SET n = :v', {}],
  ['ALL_OLD', 'SET n = :v', { Attributes: seed }],
  ['ALL_NEW', 'SET n = :v', { Attributes: changed({ n: n(9) }) }],
  ['UPDATED_OLD', 'SET n = :v, a = :v REMOVE s', { Attributes: { n: n(5), s: s('hello') } }],
  ['UPDATED_NEW', 'SET n = :v, a = :v REMOVE s', { Attributes: { n: n(9), a: n(9) } }],
  ['UPDATED_OLD', 'SET m.x = :v', { Attributes: { m: { M: { x: n(1) } } } }, whole],
  ['UPDATED_NEW', 'SET m.x = :v', { Attributes: { m: { M: { x: n(9) } } } }, whole],
  ['UPDATED_NEW', 'SET l[0] = :v', { Attributes: { l: list(n(9), s('x'), n(3)) } }],
  ['UPDATED_NEW', 'REMOVE s', {}],
  ['UPDATED_OLD', 'SET a = :v', {}],
];

const update = (UpdateExpression: string, values: Item, more: object = {}) => ({
  Key: at,
  UpdateExpression,
  ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
  ...more,
});

export const updates: Group = {
  name: 'updates',
  table: plainTable,
  rows: () => [
    ...lines.map(([expression, values, changes, deviates]) => ({
      rule: `"${expression}" ${changes === 'refused' ? 'is refused' : 'writes what it says'} with ${JSON.stringify(values)}`,
      before: [seed],
      operation: 'UpdateItem',
      input: update(expression, values),
      ...(changes === 'refused' ? { fails: invalid } : { gives: {} }),
      after: { key: at, item: changes === 'refused' ? seed : changed(changes) },
      ...(deviates !== undefined && { deviates }),
    })),
    ...returned.map(([ReturnValues, expression, gives, deviates]) => ({
      rule: `${ReturnValues} of "${expression}"`,
      before: [seed],
      operation: 'UpdateItem',
      input: update(expression, expression.includes(':v') ? { ':v': n(9) } : {}, { ReturnValues }),
      gives,
      ...(deviates !== undefined && { deviates }),
    })),
    {
      rule: 'an update of nothing makes the item',
      operation: 'UpdateItem',
      input: { Key: key('new'), UpdateExpression: 'ADD n :v', ExpressionAttributeValues: { ':v': n(1) } },
      gives: {},
      after: { key: key('new'), item: { ...key('new'), n: n(1) } },
    },
    {
      rule: 'an update without an expression makes the item, too',
      operation: 'UpdateItem',
      input: { Key: key('bare'), ReturnValues: 'ALL_NEW' },
      gives: { Attributes: key('bare') },
    },
    {
      rule: 'a new item had nothing before',
      operation: 'UpdateItem',
      input: { ...update('SET n = :v', { ':v': n(1) }, { ReturnValues: 'ALL_OLD' }), Key: key('fresh') },
      gives: {},
      deviates: { dynoxide: 'returns the key of an item that was not there' },
    },
    {
      rule: 'PutItem returns what was there',
      before: [seed],
      operation: 'PutItem',
      input: { Item: at, ReturnValues: 'ALL_OLD' },
      gives: { Attributes: seed },
    },
    {
      rule: 'DeleteItem returns what was there',
      before: [seed],
      operation: 'DeleteItem',
      input: { Key: at, ReturnValues: 'ALL_OLD' },
      gives: { Attributes: seed },
      after: { key: at, item: undefined },
    },
    {
      rule: 'deleting nothing is no error',
      operation: 'DeleteItem',
      input: { Key: key('nothing'), ReturnValues: 'ALL_OLD' },
      gives: {},
      deviates: { 'DynamoDB Local': 'tells the capacity unasked' },
    },
    {
      rule: 'PutItem has nothing new to return',
      operation: 'PutItem',
      input: { Item: at, ReturnValues: 'ALL_NEW' },
      fails: invalid,
    },
  ],
};
