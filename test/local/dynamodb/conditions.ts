// Condition expressions: every operator and function, what a missing attribute comes to, and what is refused outright.

import { b, type Deviations, type Group, type Item, invalid, key, n, plainTable, s, unmet } from './rows.ts';

const seed: Item = {
  ...key('conditions'),
  n: n(5),
  s: s('hello'),
  l: { L: [n(1), s('x')] },
  m: { M: { x: n(1) } },
  ss: { SS: ['a', 'b'] },
  bool: { BOOL: true },
  nu: { NULL: true },
  bin: b(0, 1, 2),
};

type Verdict = 'holds' | 'fails' | 'refused';
type Line = readonly [expression: string, values: Item, verdict: Verdict, deviates?: Deviations];

const v = (value: Item[string]): Item => ({ ':v': value });
const unchecked = { dynoxide: 'does not check the type of a literal operand' };
const sameOperand = { dynoxide: 'lets an attribute be compared with itself' };

const lines: readonly Line[] = [
  ['n = :v', v(n(5)), 'holds'],
  ['n = :v', v(n('5.0')), 'holds'],
  ['n = :v', v(s('5')), 'fails'],
  ['n <> :v', v(s('5')), 'holds'],
  ['n < :v', v(n(10)), 'holds'],
  ['n < :v', v(n(-10)), 'fails'],
  ['n <= :v', v(n(5)), 'holds'],
  ['n > :v', v(n('4.999999999999999999999999999999999999')), 'holds'],
  ['n >= :v', v(n('5.000000000000000000000000000000000001')), 'fails'],
  ['n < s', {}, 'fails'],
  ['s < :v', v(s('help')), 'holds'],
  ['bin < :v', v(b(0, 1, 255)), 'holds'],
  ['missing1 = :v', v(n(5)), 'fails'],
  ['missing1 <> :v', v(n(5)), 'holds'],
  ['NOT missing1 = :v', v(n(5)), 'holds'],
  ['missing1 < :v', v(n(5)), 'fails'],
  ['n BETWEEN :a AND :b', { ':a': n(5), ':b': n(5) }, 'holds'],
  ['n BETWEEN :a AND :b', { ':a': n(6), ':b': n(9) }, 'fails'],
  ['n BETWEEN :a AND :b', { ':a': n(6), ':b': n(1) }, 'refused'],
  ['n BETWEEN :a AND :b', { ':a': n(1), ':b': s('x') }, 'refused'],
  ['n IN (:a, :b)', { ':a': n(6), ':b': n(5) }, 'holds'],
  ['n IN (:a, :b)', { ':a': n(6), ':b': s('5') }, 'fails'],
  ['attribute_exists(n)', {}, 'holds'],
  ['attribute_exists(m.x)', {}, 'holds'],
  ['attribute_exists(m.x.y)', {}, 'fails'],
  ['attribute_exists(l[1])', {}, 'holds'],
  ['attribute_exists(l[2])', {}, 'fails'],
  ['attribute_not_exists(missing1)', {}, 'holds'],
  ['attribute_not_exists(n)', {}, 'fails'],
  ['attribute_type(nu, :v)', v(s('NULL')), 'holds'],
  ['attribute_type(s, :v)', v(s('N')), 'fails'],
  ['attribute_type(s, :v)', v(s('Q')), 'refused', { dynoxide: 'does not know which types there are' }],
  ['begins_with(s, :v)', v(s('hel')), 'holds'],
  ['begins_with(s, :v)', v(s('ell')), 'fails'],
  ['begins_with(bin, :v)', v(b(0, 1)), 'holds'],
  ['begins_with(n, :v)', v(s('5')), 'fails'],
  ['begins_with(s, :v)', v(n(1)), 'refused'],
  ['contains(s, :v)', v(s('ell')), 'holds'],
  ['contains(s, :v)', v(n(5)), 'fails'],
  ['contains(ss, :v)', v(s('b')), 'holds'],
  ['contains(ss, :v)', v(s('c')), 'fails'],
  ['contains(l, :v)', v(n(1)), 'holds'],
  ['contains(:v, s)', v(s('say hello')), 'holds'],
  ['size(s) = :v', v(n(5)), 'holds'],
  ['size(l) = :v', v(n(2)), 'holds'],
  ['size(ss) > :v', v(n(1)), 'holds'],
  ['size(bin) = :v', v(n(3)), 'holds'],
  ['size(n) >= :v', v(n(0)), 'fails'],
  ['size(missing1) >= :v', v(n(0)), 'fails'],
  ['ss = :v', v({ SS: ['b', 'a'] }), 'holds'],
  ['l = :v', v({ L: [n(1), s('x')] }), 'holds'],
  ['m = :v', v({ M: { x: n('1.00') } }), 'holds'],
  ['bin = :v', v(b(0, 1, 2)), 'holds'],
  ['n = :v OR n = :w AND s = :w', { ':v': n(5), ':w': n(9) }, 'holds'],
  ['(n = :v OR n = :w) AND s = :w', { ':v': n(5), ':w': n(9) }, 'fails'],
  ['NOT n = :w AND n = :v', { ':v': n(5), ':w': n(9) }, 'holds'],
  ['not (n = :w or n = :v)', { ':v': n(5), ':w': n(9) }, 'fails'],
  ['(n = :v) AND (s = :w)', { ':v': n(5), ':w': s('hello') }, 'holds'],
  ['((n = :v) AND (n = :v))', v(n(5)), 'holds'],
  ['((n = :v))', v(n(5)), 'refused'],
  ['n < :v', v({ BOOL: true }), 'refused', unchecked],
  ['n = n', {}, 'refused', sameOperand],
  ['begins_with(s, s)', {}, 'refused', sameOperand],
  ['attribute_exists(:v)', v(s('n')), 'refused'],
  ['attribute_exists(n, s)', {}, 'refused'],
  ['ATTRIBUTE_EXISTS(n)', {}, 'refused', { dynoxide: 'takes the names of functions in any case of letters' }],
  ['no_such_function(n)', {}, 'refused'],
  ['name = :v', v(n(5)), 'refused'],
  ['n = :v AND', v(n(5)), 'refused'],
  ['n == :v', v(n(5)), 'refused'],
  ['n = :undefined', {}, 'refused'],
  ['n = :v', { ':v': n(5), ':unused': n(5) }, 'refused'],
  ['#undefined = :v', v(n(5)), 'refused'],
  ['', {}, 'refused'],
  ['n = :v', v({ SS: [] }), 'refused'],
  ['n = :v', v({ NS: ['1', '1.0'] }), 'refused'],
  ['n = :v', v(n('five')), 'refused'],
];

const shown = (values: Item): string =>
  JSON.stringify(values, (_, value) => (value instanceof Uint8Array ? [...value] : value));

const outcome: Readonly<Record<Verdict, string | undefined>> = { holds: undefined, fails: unmet, refused: invalid };

export const conditions: Group = {
  name: 'conditions',
  table: plainTable,
  items: [seed],
  rows: () => [
    ...lines.map(([ConditionExpression, values, verdict, deviates]) => ({
      rule: `"${ConditionExpression}" ${verdict} with ${shown(values)}`,
      operation: 'PutItem',
      input: {
        Item: seed,
        ConditionExpression,
        ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
      },
      ...(outcome[verdict] === undefined ? { gives: {} } : { fails: outcome[verdict] }),
      ...(deviates !== undefined && { deviates }),
    })),
    {
      rule: 'a failed condition shows the item to whoever asks for it',
      operation: 'DeleteItem',
      input: {
        Key: key('conditions'),
        ConditionExpression: '#n = :v',
        ExpressionAttributeNames: { '#n': 'n' },
        ExpressionAttributeValues: { ':v': n(6) },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
      fails: unmet,
      fields: { Item: { ...seed, bin: { B: { base64: 'AAEC' } } } },
    },
    {
      rule: 'a failed condition on nothing shows nothing',
      operation: 'DeleteItem',
      input: {
        Key: key('nothing'),
        ConditionExpression: 'attribute_exists(pk)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
      fails: unmet,
      fields: {},
    },
    {
      rule: 'an unused name is refused',
      operation: 'PutItem',
      input: { Item: seed, ConditionExpression: 'attribute_exists(n)', ExpressionAttributeNames: { '#x': 'n' } },
      fails: invalid,
    },
    {
      rule: 'names without an expression are refused',
      operation: 'PutItem',
      input: { Item: seed, ExpressionAttributeNames: { '#x': 'n' } },
      fails: invalid,
    },
    {
      rule: 'a name is not a path, even if it looks like one',
      operation: 'PutItem',
      input: {
        Item: seed,
        ConditionExpression: 'attribute_not_exists(#x)',
        ExpressionAttributeNames: { '#x': 'm.x' },
      },
      gives: {},
    },
  ],
};
