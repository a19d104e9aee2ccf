// What can be stored: numbers, keys, sets, and how large and deep an item may be.

import {
  attributes,
  b,
  type Deviations,
  type Group,
  type Item,
  index,
  invalid,
  key,
  n,
  plainTable,
  s,
} from './rows.ts';

type NumberLine = readonly [written: string, stored: string | 'refused', Deviations?];

const zeros = (count: number): string => '0'.repeat(count);

const numbers: readonly NumberLine[] = [
  ['1.0', '1'],
  ['+5', '5'],
  ['-0', '0'],
  ['00012', '12'],
  ['1e3', '1000'],
  ['1.5e-3', '0.0015'],
  ['.5', '0.5'],
  ['1e100', `1${zeros(100)}`],
  ['9.9e125', `99${zeros(124)}`],
  ['1e-130', `0.${zeros(129)}1`],
  ['12345678901234567890123456789012345678', '12345678901234567890123456789012345678'],
  ['123456789012345678901234567890123456789', 'refused'],
  ['1e126', 'refused'],
  ['1e-131', 'refused'],
  ['', 'refused'],
  ['five', 'refused'],
  ['0x10', 'refused'],
  ['NaN', 'refused'],
];

const sums: readonly NumberLine[] = [
  ['9007199254740993', '9007199254740994'],
  ['0.1', '1.1'],
  ['99999999999999999999999999999999999999', `1${zeros(38)}`],
  ['1e38', 'refused'],
];

const held = key('values');
const item = (more: Item): Item => ({ ...held, ...more });

const nested = (levels: number): Item[string] => (levels === 0 ? s('x') : { M: { a: nested(levels - 1) } });

const emptyName = { 'in process': '', memory: '', dynoxide: 'lets an attribute have no name' };

type ItemLine = readonly [rule: string, item: Item, verdict: 'kept' | 'refused', Deviations?];

/** An item of exactly 400 KB: the key and `x` take six bytes of names and values. */
const largest = 400 * 1024 - ('pk'.length + 'values'.length + 'sk'.length + 'a'.length + 'x'.length);

const items: readonly ItemLine[] = [
  ['an empty string', item({ x: s('') }), 'kept'],
  ['empty binary', item({ x: b() }), 'kept'],
  ['an empty list', item({ x: { L: [] } }), 'kept'],
  ['an empty map', item({ x: { M: {} } }), 'kept'],
  ['an empty string in a set', item({ x: { SS: [''] } }), 'kept'],
  ['null', item({ x: { NULL: true } }), 'kept'],
  ['null that is not', item({ x: { NULL: false } as unknown as Item[string] }), 'refused'],
  ['an empty set', item({ x: { SS: [] } }), 'refused'],
  ['a set with duplicates', item({ x: { SS: ['a', 'a'] } }), 'refused'],
  ['a set with equal numbers', item({ x: { NS: ['1', '1.0'] } }), 'refused'],
  ['a set with equal bytes', item({ x: { BS: [Uint8Array.of(1), Uint8Array.of(1)] } }), 'refused'],
  ['32 levels', item({ x: nested(31) }), 'kept'],
  ['33 levels', item({ x: nested(32) }), 'refused'],
  ['400 KB', item({ x: s('y'.repeat(largest)) }), 'kept'],
  ['400 KB and a byte', item({ x: s('y'.repeat(largest + 1)) }), 'refused'],
  ['a key that is not whole', { pk: s('a') }, 'refused'],
  ['a key of another type', { pk: s('a'), sk: n(1) }, 'refused'],
  ['an empty partition key', key('', 'a'), 'refused'],
  ['an empty sort key', key('a', ''), 'refused'],
  ['a partition key of 2048 bytes', key('x'.repeat(2048)), 'kept'],
  ['a partition key of 2049 bytes', key('x'.repeat(2049)), 'refused'],
  ['a sort key of 1024 bytes', key('x', 'x'.repeat(1024)), 'kept'],
  ['a sort key of 1025 bytes', key('x', 'x'.repeat(1025)), 'refused'],
  ['an index key of another type', item({ gpk: n(1) }), 'refused'],
  ['an empty index key', item({ gpk: s('') }), 'refused'],
  ['an attribute without a name', item({ '': s('x') }), 'refused', { dynoxide: emptyName.dynoxide }],
  ['a name that every object has', item({ constructor: s('x'), toString: s('y') } as unknown as Item), 'kept'],
];

const keyCalls: readonly (readonly [string, Item])[] = [
  ['a part of the key', { pk: s('a') }],
  ['another type', { pk: s('a'), sk: n(1) }],
  ['more than the key', { ...held, x: s('a') }],
  ['an empty key', key('')],
];

export const values: Group = {
  name: 'values',
  table: {
    ...plainTable,
    AttributeDefinitions: attributes('pk', 'sk', 'gpk'),
    GlobalSecondaryIndexes: [index('gsi', 'gpk', undefined, 'KEYS_ONLY')],
  },
  rows: () => [
    ...numbers.map(([written, stored, deviates]) => ({
      rule: `the number "${written}" is ${stored === 'refused' ? stored : `kept as ${stored}`}`,
      operation: 'PutItem',
      input: { Item: item({ n: n(written) }) },
      ...(stored === 'refused' ? { fails: invalid } : { after: { key: held, item: item({ n: n(stored) }) } }),
      ...(deviates !== undefined && { deviates }),
    })),
    ...sums.map(([one, sum, deviates]) => ({
      rule: `${one} + 1 is ${sum}`,
      before: [item({ n: n(one) })],
      operation: 'UpdateItem',
      input: {
        Key: held,
        UpdateExpression: 'SET n = n + :v',
        ExpressionAttributeValues: { ':v': n(1) },
        ReturnValues: 'UPDATED_NEW',
      },
      ...(sum === 'refused' ? { fails: invalid } : { gives: { Attributes: { n: n(sum) } } }),
      ...(deviates !== undefined && { deviates }),
    })),
    ...items.map(([rule, given, verdict, deviates]) => ({
      rule: `${rule} is ${verdict}`,
      operation: 'PutItem',
      input: { Item: given },
      ...(verdict === 'refused'
        ? { fails: invalid }
        : { after: { key: { pk: given.pk ?? s(''), sk: given.sk ?? s('') }, item: given } }),
      ...(deviates !== undefined && { deviates }),
    })),
    ...keyCalls.flatMap(([rule, Key]) =>
      ['GetItem', 'DeleteItem', 'UpdateItem'].map((operation) => ({
        rule: `${operation} refuses ${rule}`,
        operation,
        input: { Key },
        fails: invalid,
      })),
    ),
  ],
};
