// GetItem, Query and Scan: projections, key conditions, order, paging, filters, indexes, and what each costs to name.

import {
  attributes,
  type Deviations,
  type Group,
  type Item,
  index,
  invalid,
  key,
  n,
  plainTable,
  s,
  schema,
} from './rows.ts';

const document: Item = {
  ...key('document'),
  n: n(1),
  m: { M: { x: n(1), y: { M: { z: n(3) } } } },
  l: { L: [n(0), { M: { a: n(1), b: n(2) } }, n(2)] },
};

/** Ten items of one partition, every other in the indexes, where their order is the reverse. */
const ten = Array.from(
  { length: 10 },
  (_, at): Item => ({
    ...key('ten', `0${at}`),
    n: n(at),
    ...(at % 2 === 0 && { gpk: s('g'), gsk: s(`g${9 - at}`) }),
  }),
);
const unsorted: Item = { ...key('other', '00'), gpk: s('g') };

const map = (M: Item): Item[string] => ({ M });

const projections: readonly (readonly [string, Item | 'refused', Deviations?])[] = [
  ['n', { n: n(1) }],
  ['m.x', { m: map({ x: n(1) }) }],
  ['m.y.z, n', { n: n(1), m: map({ y: map({ z: n(3) }) }) }],
  ['l[2], l[0]', { l: { L: [n(0), n(2)] } }],
  ['l[1].a, l[1].b', { l: { L: [map({ a: n(1), b: n(2) })] } }],
  ['l[9], m.missing1, missing1', {}],
  ['m, m.x', 'refused'],
  ['n, n', 'refused'],
  ['n,', 'refused'],
  ['status', 'refused'],
  ['#undefined', 'refused'],
];

const P = { ':p': s('ten') };
const sorts = (...at: number[]): readonly Item[] => at.map((each) => ({ sk: s(`0${each}`) }));
const untyped = { dynoxide: 'does not check the type of a key in a condition' };

type QueryLine = readonly [condition: string, values: Item, found: readonly number[] | 'refused', Deviations?];

const keyConditions: readonly QueryLine[] = [
  ['pk = :p', {}, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
  ['pk = :p AND sk = :s', { ':s': s('03') }, [3]],
  ['pk = :p AND sk < :s', { ':s': s('03') }, [0, 1, 2]],
  ['pk = :p AND sk <= :s', { ':s': s('03') }, [0, 1, 2, 3]],
  ['pk = :p AND sk > :s', { ':s': s('07') }, [8, 9]],
  ['pk = :p AND sk >= :s', { ':s': s('07') }, [7, 8, 9]],
  ['pk = :p AND :s > sk', { ':s': s('02') }, [0, 1]],
  ['pk = :p AND sk BETWEEN :s AND :t', { ':s': s('02'), ':t': s('04') }, [2, 3, 4]],
  ['pk = :p AND begins_with(sk, :s)', { ':s': s('0') }, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
  ['pk = :p AND begins_with(sk, :s)', { ':s': s('07') }, [7]],
  ['(pk = :p) AND (sk = :s)', { ':s': s('03') }, [3]],
  ['sk = :s AND pk = :p', { ':s': s('03') }, [3], { dynoxide: 'wants the partition key first' }],
  ['pk = :p AND sk BETWEEN :t AND :s', { ':s': s('02'), ':t': s('04') }, 'refused'],
  ['pk = :p AND sk <> :s', { ':s': s('03') }, 'refused'],
  ['pk = :p AND sk IN (:s)', { ':s': s('03') }, 'refused'],
  ['pk = :p AND NOT sk = :s', { ':s': s('03') }, 'refused'],
  ['pk = :p OR sk = :s', { ':s': s('03') }, 'refused'],
  ['pk = :p AND contains(sk, :s)', { ':s': s('03') }, 'refused'],
  ['pk = :p AND attribute_exists(sk)', {}, 'refused'],
  ['pk = :p AND size(sk) = :s', { ':s': n(2) }, 'refused'],
  ['pk = :p AND n = :s', { ':s': n(1) }, 'refused'],
  ['pk = :p AND sk > :s AND sk < :t', { ':s': s('01'), ':t': s('04') }, 'refused'],
  ['pk > :p', {}, 'refused'],
  ['begins_with(pk, :p)', {}, 'refused'],
  ['pk = :p AND sk = :s', { ':s': n(3) }, 'refused', untyped],
  ['pk = :p AND sk = :s', { ':s': s('') }, 'refused', untyped],
];

const atSort = (at: number): Item => key('ten', `0${at}`);
const anyStart = { dynoxide: 'takes a start key from outside what is asked' };

const pages: readonly (readonly [rule: string, input: object, gives: object | 'refused', Deviations?])[] = [
  ['backwards', { ScanIndexForward: false, Limit: 2 }, { Items: sorts(9, 8), LastEvaluatedKey: atSort(8) }],
  ['the first three', { Limit: 3 }, { Items: sorts(0, 1, 2), Count: 3, ScannedCount: 3, LastEvaluatedKey: atSort(2) }],
  ['behind a key', { Limit: 2, ExclusiveStartKey: atSort(4) }, { Items: sorts(5, 6), LastEvaluatedKey: atSort(6) }],
  [
    'behind a key, backwards',
    { Limit: 2, ExclusiveStartKey: atSort(4), ScanIndexForward: false },
    { Items: sorts(3, 2), LastEvaluatedKey: atSort(2) },
  ],
  ['behind a key that is not there', { Limit: 1, ExclusiveStartKey: key('ten', '045') }, { Items: sorts(5) }],
  [
    'a limit that is just reached does not say that it is the end',
    { Limit: 10 },
    { Count: 10, LastEvaluatedKey: atSort(9) },
  ],
  ['a limit that is not reached is the end', { Limit: 11 }, { Count: 10, LastEvaluatedKey: undefined }],
  [
    'the limit counts before the filter',
    { Limit: 7, FilterExpression: 'n > :n', ExpressionAttributeValues: { ...P, ':n': n(5) } },
    { Count: 1, ScannedCount: 7, Items: sorts(6) },
  ],
  [
    'counts alone',
    { Select: 'COUNT', ProjectionExpression: undefined },
    { Count: 10, ScannedCount: 10, Items: undefined },
  ],
  ['no limit of nothing', { Limit: 0 }, 'refused'],
  [
    'no filter on the key',
    { FilterExpression: 'sk > :n', ExpressionAttributeValues: { ...P, ':n': s('5') } },
    'refused',
  ],
  ['no start from a part of the key', { ExclusiveStartKey: { pk: s('ten') } }, 'refused'],
  ['no start from more than the key', { ExclusiveStartKey: { ...atSort(3), n: n(3) } }, 'refused'],
  ['no start from another partition', { ExclusiveStartKey: key('nine', '04') }, 'refused', anyStart],
  [
    'no start from beyond the range',
    {
      KeyConditionExpression: 'pk = :p AND sk < :s',
      ExpressionAttributeValues: { ...P, ':s': s('03') },
      ExclusiveStartKey: atSort(4),
    },
    'refused',
    anyStart,
  ],
];

const G = { ':g': s('g') };
const inIndex = (at: number): Item => ({ ...key('ten', `0${at}`), gpk: s('g'), gsk: s(`g${9 - at}`) });

const indexed: readonly (readonly [rule: string, input: object, gives: object | 'refused', Deviations?])[] = [
  ['is sparse, and in the order of its own keys', {}, { Items: [8, 6, 4, 2, 0].map(inIndex), Count: 5 }],
  ['projects keys alone', { Limit: 1 }, { Items: [inIndex(8)], LastEvaluatedKey: inIndex(8) }],
  [
    'goes on behind its own keys and the table’s',
    { Limit: 2, ExclusiveStartKey: inIndex(6) },
    { Items: [4, 2].map(inIndex), LastEvaluatedKey: inIndex(2) },
  ],
  [
    'goes on backwards',
    { Limit: 2, ExclusiveStartKey: inIndex(6), ScanIndexForward: false },
    { Items: [8].map(inIndex) },
  ],
  [
    'can be filtered by the table’s key',
    { FilterExpression: 'sk < :n', ExpressionAttributeValues: { ...G, ':n': s('03') } },
    { Items: [2, 0].map(inIndex), ScannedCount: 5 },
  ],
  ['does not start from the table’s key alone', { ExclusiveStartKey: key('ten', '06') }, 'refused'],
  ['is never consistent', { ConsistentRead: true }, 'refused'],
  [
    'gives no attribute that it does not project',
    { ProjectionExpression: 'n' },
    'refused',
    { dynoxide: 'gives items without the attribute' },
  ],
  [
    'can’t be filtered by what it does not project',
    { FilterExpression: 'n > :n', ExpressionAttributeValues: { ...G, ':n': n(1) } },
    'refused',
    { dynoxide: 'filters everything out' },
  ],
  ['does not give all attributes', { Select: 'ALL_ATTRIBUTES' }, 'refused'],
  ['is queried by its own key', { KeyConditionExpression: 'pk = :g' }, 'refused'],
  ['must be there', { IndexName: 'none' }, 'refused'],
  [
    'includes what it is told to',
    { IndexName: 'inc', Limit: 1, KeyConditionExpression: 'gsk = :g', ExpressionAttributeValues: { ':g': s('g9') } },
    { Items: [{ ...key('ten', '00'), gsk: s('g9'), n: n(0) }] },
  ],
  ['holds items without a sort key where it has none', { IndexName: 'all', Select: 'COUNT' }, { Count: 6 }],
  [
    'gives everything where everything is projected',
    { IndexName: 'all', FilterExpression: 'pk = :o', ExpressionAttributeValues: { ...G, ':o': s('other') } },
    { Items: [unsorted] },
  ],
];

const scans: readonly (readonly [rule: string, input: object, gives: object | 'refused', Deviations?])[] = [
  ['everything', { Select: 'COUNT' }, { Count: 12, ScannedCount: 12 }],
  ['consistently', { Select: 'COUNT', ConsistentRead: true }, { Count: 12 }],
  ['an index', { Select: 'COUNT', IndexName: 'gsi' }, { Count: 5 }],
  [
    'what the filter lets through',
    { FilterExpression: 'pk = :p AND n >= :n', ExpressionAttributeValues: { ...P, ':n': n(8) }, Select: 'COUNT' },
    { Count: 2, ScannedCount: 12 },
  ],
  ['no segment without their number', { Segment: 0 }, 'refused'],
  ['no number of segments without a segment', { TotalSegments: 2 }, 'refused'],
  ['no segment beyond their number', { Segment: 2, TotalSegments: 2 }, 'refused'],
  ['no index consistently', { IndexName: 'gsi', ConsistentRead: true }, 'refused'],
];

const outcome = (gives: object | 'refused', deviates?: Deviations) => ({
  ...(gives === 'refused' ? { fails: invalid } : { gives }),
  ...(deviates !== undefined && { deviates }),
});

export const reads: Group = {
  name: 'reads',
  table: {
    ...plainTable,
    AttributeDefinitions: attributes('pk', 'sk', 'gpk', 'gsk'),
    GlobalSecondaryIndexes: [
      index('gsi', 'gpk', 'gsk', 'KEYS_ONLY'),
      index('inc', 'gsk', undefined, 'INCLUDE', 'n'),
      index('all', 'gpk', undefined, 'ALL'),
    ],
    LocalSecondaryIndexes: [
      { IndexName: 'lsi', KeySchema: schema('pk', 'gsk'), Projection: { ProjectionType: 'KEYS_ONLY' } },
    ],
  },
  items: [document, ...ten, unsorted],
  rows: () => [
    { rule: 'an item that is there', operation: 'GetItem', input: { Key: key('document') }, gives: { Item: document } },
    { rule: 'an item that is not', operation: 'GetItem', input: { Key: key('nothing') }, gives: { Item: undefined } },
    ...projections.map(([ProjectionExpression, item, deviates]) => ({
      rule: `the projection "${ProjectionExpression}"`,
      operation: 'GetItem',
      input: { Key: key('document'), ProjectionExpression },
      ...outcome(item === 'refused' ? item : { Item: item }, deviates),
    })),
    ...keyConditions.map(([KeyConditionExpression, values, found, deviates]) => ({
      rule: `the query "${KeyConditionExpression}" with ${JSON.stringify(values)}`,
      operation: 'Query',
      input: {
        KeyConditionExpression,
        ExpressionAttributeValues: { ...P, ...values },
        ProjectionExpression: 'sk',
      },
      ...outcome(found === 'refused' ? found : { Items: sorts(...found), LastEvaluatedKey: undefined }, deviates),
    })),
    ...pages.map(([rule, input, gives, deviates]) => ({
      rule: `a page: ${rule}`,
      operation: 'Query',
      input: {
        KeyConditionExpression: 'pk = :p',
        ExpressionAttributeValues: P,
        ProjectionExpression: 'sk',
        ...input,
      },
      ...outcome(gives, deviates),
    })),
    ...indexed.map(([rule, input, gives, deviates]) => ({
      rule: `an index ${rule}`,
      operation: 'Query',
      input: { IndexName: 'gsi', KeyConditionExpression: 'gpk = :g', ExpressionAttributeValues: G, ...input },
      ...outcome(gives, deviates),
    })),
    {
      rule: 'a local index fetches what it does not project',
      operation: 'Query',
      input: {
        IndexName: 'lsi',
        KeyConditionExpression: 'pk = :p AND gsk >= :s',
        ExpressionAttributeValues: { ...P, ':s': s('g7') },
        ProjectionExpression: 'n',
        ConsistentRead: true,
      },
      gives: { Items: [{ n: n(2) }, { n: n(0) }] },
      deviates: { dynoxide: 'gives items without the attribute' },
    },
    ...scans.map(([rule, input, gives, deviates]) => ({
      rule: `a scan: ${rule}`,
      operation: 'Scan',
      input,
      ...outcome(gives, deviates),
    })),
    { rule: 'a query needs a condition', operation: 'Query', input: {}, fails: invalid },
    {
      rule: 'no table, no query',
      operation: 'Query',
      input: { TableName: 'no-such-table', KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: P },
      fails: 'ResourceNotFoundException',
    },
  ],
};
