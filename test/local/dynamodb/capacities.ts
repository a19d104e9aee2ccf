// Consumed capacity: what each call costs in the table and in each index that it touches.

import { attributes, type Deviations, type Group, type Item, index, key, n, plainTable, s } from './rows.ts';

const at = key('capacity');
const item = (more: Item): Item => ({ ...at, ...more });
/** An item of so many bytes. */
const sized = (bytes: number): Item => item({ o: s('x'.repeat(bytes - 'pkcapacityskao'.length)) });

type Costs = Readonly<Record<string, number>>;

const capacity = (table: number, indexes: Costs, more: object = {}): object => ({
  CapacityUnits: table + Object.values(indexes).reduce((sum, units) => sum + units, 0),
  Table: { CapacityUnits: table },
  ...(Object.keys(indexes).length > 0 && {
    GlobalSecondaryIndexes: Object.fromEntries(
      Object.entries(indexes).map(([name, CapacityUnits]) => [name, { CapacityUnits }]),
    ),
  }),
  ...more,
});

const C = { ReturnConsumedCapacity: 'INDEXES' };
const indexedItem = item({ gpk: s('g'), gsk: s('1') });

type Line = readonly [
  rule: string,
  before: readonly Item[],
  operation: string,
  input: object,
  table: number,
  indexes: Costs,
  Deviations?,
];

const update = (UpdateExpression: string, values: Item = {}): object => ({
  Key: at,
  UpdateExpression,
  ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
});

const writes: readonly Line[] = [
  ['a new small item', [], 'PutItem', { Item: at }, 1, {}],
  ['1024 bytes', [], 'PutItem', { Item: sized(1024) }, 1, {}],
  ['1025 bytes', [], 'PutItem', { Item: sized(1025) }, 2, {}],
  ['the larger image counts', [sized(3000)], 'PutItem', { Item: at }, 3, {}],
  ['so it does in deletions', [sized(3000)], 'DeleteItem', { Key: at }, 3, {}],
  ['deleting nothing', [], 'DeleteItem', { Key: key('nothing') }, 1, {}],
  ['a new item in all indexes', [at], 'PutItem', { Item: indexedItem }, 1, { all: 1, inc: 1, keys: 1 }],
  ['an item that lacks an index’s key', [at], 'PutItem', { Item: item({ gpk: s('g') }) }, 1, {}],
  ['the same item again', [indexedItem], 'PutItem', { Item: indexedItem }, 1, {}],
  [
    'another index key: out and in',
    [indexedItem],
    'UpdateItem',
    update('SET gsk = :v', { ':v': s('2') }),
    1,
    { all: 2, inc: 2, keys: 2 },
  ],
  [
    'an attribute that some project',
    [indexedItem],
    'UpdateItem',
    update('SET n = :v', { ':v': n(1) }),
    1,
    { all: 1, inc: 1 },
  ],
  ['an attribute that one projects', [indexedItem], 'UpdateItem', update('SET o = :v', { ':v': n(1) }), 1, { all: 1 }],
  ['out of all indexes', [indexedItem], 'UpdateItem', update('REMOVE gsk'), 1, { all: 1, inc: 1, keys: 1 }],
  [
    'a large attribute costs only where it is',
    [indexedItem],
    'UpdateItem',
    update('SET o = :v', { ':v': s('x'.repeat(2000)) }),
    2,
    { all: 2 },
  ],
];

const reads: readonly Line[] = [
  ['nothing, eventually', [], 'GetItem', { Key: key('nothing') }, 0.5, {}],
  ['nothing, consistently', [], 'GetItem', { Key: key('nothing'), ConsistentRead: true }, 1, {}],
  ['4096 bytes', [sized(4096)], 'GetItem', { Key: at, ConsistentRead: true }, 1, {}],
  ['4097 bytes', [sized(4097)], 'GetItem', { Key: at }, 1, {}],
  [
    '4097 bytes, consistently',
    [sized(4097)],
    'GetItem',
    { Key: at, ConsistentRead: true, ProjectionExpression: 'pk' },
    2,
    {},
    { dynoxide: 'counts the projected part alone' },
  ],
  [
    'a query rounds its sum up once',
    [sized(3000), { ...sized(3000), sk: s('b') }],
    'Query',
    { KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': s('capacity') }, ConsistentRead: true },
    2,
    {},
  ],
  [
    'a query of an index',
    [indexedItem],
    'Query',
    { IndexName: 'keys', KeyConditionExpression: 'gpk = :p', ExpressionAttributeValues: { ':p': s('g') } },
    0,
    { keys: 0.5 },
  ],
  [
    'a filter saves nothing',
    [sized(4097)],
    'Query',
    {
      KeyConditionExpression: 'pk = :p AND sk = :s',
      FilterExpression: 'attribute_exists(zz)',
      ExpressionAttributeValues: { ':p': s('capacity'), ':s': s('a') },
    },
    1,
    {},
  ],
  [
    'a query that finds nothing',
    [],
    'Query',
    { KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': s('nothing') } },
    0.5,
    {},
    { 'DynamoDB Local': 'says that it costs nothing' },
  ],
];

const twice = {
  dynoxide: 'counts an index once in a transaction, the table twice',
  'DynamoDB Local': 'does not tell write units apart, nor count checks',
};
const untold = { 'DynamoDB Local': 'does not tell read and write units apart, nor count checks' };
const transacted = (kind: 'Read' | 'Write', table: number, indexes: Costs): object => {
  const capacityOf = (units: number): object => ({ CapacityUnits: units, [`${kind}CapacityUnits`]: units });
  return {
    ...capacityOf(table + Object.values(indexes).reduce((sum, units) => sum + units, 0)),
    Table: capacityOf(table),
    ...(Object.keys(indexes).length > 0 && {
      GlobalSecondaryIndexes: Object.fromEntries(
        Object.entries(indexes).map(([name, units]) => [name, capacityOf(units)]),
      ),
    }),
  };
};

export const capacities: Group = {
  name: 'capacity',
  table: {
    ...plainTable,
    AttributeDefinitions: attributes('pk', 'sk', 'gpk', 'gsk'),
    GlobalSecondaryIndexes: [
      index('all', 'gpk', 'gsk', 'ALL'),
      index('inc', 'gpk', 'gsk', 'INCLUDE', 'n'),
      index('keys', 'gpk', 'gsk', 'KEYS_ONLY'),
    ],
  },
  rows: (TableName) => [
    ...[...writes, ...reads].map(([rule, before, operation, input, table, indexes, deviates]) => ({
      rule: `${operation}: ${rule}`,
      before: [at, ...before],
      operation,
      input: { ...input, ...C },
      gives: { ConsumedCapacity: capacity(table, indexes, { TableName }) },
      ...(deviates !== undefined && { deviates }),
    })),
    {
      rule: 'the total alone, to whoever asks for it',
      before: [at],
      operation: 'PutItem',
      input: { Item: indexedItem, ReturnConsumedCapacity: 'TOTAL' },
      gives: { ConsumedCapacity: { TableName, CapacityUnits: 4 } },
    },
    {
      rule: 'BatchWriteItem: the sum of its writes',
      before: [at],
      operation: 'BatchWriteItem',
      input: {
        RequestItems: {
          [TableName]: [{ PutRequest: { Item: indexedItem } }, { PutRequest: { Item: key('capacity', 'c') } }],
        },
        ...C,
      },
      gives: { ConsumedCapacity: [capacity(2, { all: 1, inc: 1, keys: 1 }, { TableName })] },
    },
    {
      rule: 'BatchGetItem: each item rounded up by itself',
      before: [sized(3000), { ...sized(3000), sk: s('b') }],
      operation: 'BatchGetItem',
      input: { RequestItems: { [TableName]: { Keys: [at, key('capacity', 'b')], ConsistentRead: true } }, ...C },
      gives: { ConsumedCapacity: [capacity(2, {}, { TableName })] },
    },
    {
      rule: 'TransactWriteItems: twice as much, checks included',
      before: [at, key('capacity', 'b')],
      operation: 'TransactWriteItems',
      input: {
        TransactItems: [
          { Put: { TableName, Item: indexedItem } },
          { ConditionCheck: { TableName, Key: key('capacity', 'b'), ConditionExpression: 'attribute_exists(pk)' } },
        ],
        ...C,
      },
      gives: { ConsumedCapacity: [{ TableName, ...transacted('Write', 4, { all: 2, inc: 2, keys: 2 }) }] },
      deviates: twice,
    },
    {
      rule: 'TransactGetItems: twice as much',
      before: [sized(4097)],
      operation: 'TransactGetItems',
      input: { TransactItems: [{ Get: { TableName, Key: at } }, { Get: { TableName, Key: key('nothing') } }], ...C },
      gives: { ConsumedCapacity: [{ TableName, ...transacted('Read', 6, {}) }] },
      deviates: untold,
    },
    ...[
      ['a number of 20 digits', n('12345678901234567890'), 11],
      ['a negative number', n('-1.25'), 4],
      ['a number with zeros', n('1e10'), 2],
      ['a text of more than ASCII', s('héllo'), 6],
      ['an empty list', { L: [] }, 3],
      ['a list', { L: [n(1), s('ab')] }, 9],
      ['a map', { M: { a: s('b'), c: n(1) } }, 10],
      ['a set', { SS: ['a', 'bc'] }, 3],
      ['a truth', { BOOL: true }, 1],
    ].flatMap(([what, value, bytes]) =>
      [0, 1].map((more) => ({
        rule: `${what} has ${bytes} bytes: a block of 1024 is ${more === 0 ? 'just full' : 'exceeded by one'}`,
        before: [at],
        operation: 'PutItem',
        input: {
          Item: item({
            v: value as Item[string],
            o: s('x'.repeat(1024 - 'pkcapacityskavo'.length - Number(bytes) + more)),
          }),
          ReturnConsumedCapacity: 'TOTAL',
        },
        gives: { ConsumedCapacity: { TableName, CapacityUnits: 1 + more } },
      })),
    ),
  ],
};
