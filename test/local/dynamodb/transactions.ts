// Transactions and batches: all or nothing, and why not; bounds, duplicates, tokens.

import {
  attributes,
  cancelled,
  type Deviations,
  type Group,
  type Item,
  index,
  invalid,
  key,
  n,
  plainTable,
  type Row,
  s,
} from './rows.ts';

const at = key('one');
const other = key('two');
const seed: Item = { ...at, n: n(5), s: s('x') };

const many = (count: number): readonly Item[] => Array.from({ length: count }, (_, each) => key(`m${each}`));

type Reasons = readonly (string | { readonly Code: string; readonly Item: Item })[];
const reasons = (...codes: Reasons): object => ({
  CancellationReasons: codes.map((code) => (typeof code === 'string' ? { Code: code } : code)),
});

export const transactions: Group = {
  name: 'transactions',
  table: {
    ...plainTable,
    AttributeDefinitions: attributes('pk', 'sk', 'gpk'),
    GlobalSecondaryIndexes: [index('gsi', 'gpk', undefined, 'KEYS_ONLY')],
  },
  items: [seed],
  rows: (TableName) => {
    const put = (Item: Item, more: object = {}) => ({ Put: { TableName, Item, ...more } });
    const gone = (Key: Item, more: object = {}) => ({ Delete: { TableName, Key, ...more } });
    const update = (Key: Item, UpdateExpression: string, value: Item[string]) => ({
      Update: { TableName, Key, UpdateExpression, ExpressionAttributeValues: { ':v': value } },
    });
    const check = (Key: Item, ConditionExpression: string) => ({
      ConditionCheck: { TableName, Key, ConditionExpression },
    });
    const write = (rule: string, TransactItems: readonly object[], more: Partial<Row>, token?: string): Row => ({
      rule: `TransactWriteItems: ${rule}`,
      before: [seed],
      operation: 'TransactWriteItems',
      input: { TransactItems, ...(token !== undefined && { ClientRequestToken: token }) },
      ...more,
    });
    const get = (rule: string, TransactItems: readonly object[], more: Partial<Row>): Row => ({
      rule: `TransactGetItems: ${rule}`,
      before: [seed],
      operation: 'TransactGetItems',
      input: { TransactItems },
      ...more,
    });
    const batch = (rule: string, requests: readonly object[], more: Partial<Row>): Row => ({
      rule: `BatchWriteItem: ${rule}`,
      before: [seed],
      operation: 'BatchWriteItem',
      input: { RequestItems: { [TableName]: requests } },
      ...more,
    });
    const batchGet = (rule: string, Keys: readonly Item[], more: Partial<Row>, request: object = {}): Row => ({
      rule: `BatchGetItem: ${rule}`,
      before: [seed],
      operation: 'BatchGetItem',
      input: { RequestItems: { [TableName]: { Keys, ...request } } },
      ...more,
    });
    const absent = 'attribute_not_exists(pk)';
    const early: Deviations = { 'DynamoDB Local': 'answers with a validation error instead of a reason' };
    return [
      write('all kinds at once', [put(other), update(at, 'SET n = n + :v', n(1)), check(key('three'), absent)], {
        gives: {},
        after: { key: at, item: { ...seed, n: n(6) } },
      }),
      write('an update makes the item', [update(key('made'), 'ADD n :v', n(1))], {
        gives: {},
        after: { key: key('made'), item: { ...key('made'), n: n(1) } },
      }),
      write(
        'one failed condition cancels all, with a reason for each',
        [put(at, { ConditionExpression: absent }), gone(key('four')), check(key('three'), absent)],
        {
          fails: cancelled,
          fields: reasons('ConditionalCheckFailed', 'None', 'None'),
          after: { key: at, item: seed },
        },
      ),
      write('a check that fails cancels what is written before it', [put(key('six')), check(at, absent)], {
        fails: cancelled,
        fields: reasons('None', 'ConditionalCheckFailed'),
        after: { key: key('six'), item: undefined },
      }),
      write(
        'the reason shows the item to whoever asks for it',
        [put(key('five')), put(at, { ConditionExpression: absent, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' })],
        {
          fails: cancelled,
          fields: reasons('None', { Code: 'ConditionalCheckFailed', Item: seed }),
          after: { key: key('five'), item: undefined },
        },
      ),
      write(
        'all failed conditions are told',
        [put(at, { ConditionExpression: absent }), gone(key('four'), { ConditionExpression: 'attribute_exists(pk)' })],
        {
          fails: cancelled,
          fields: reasons('ConditionalCheckFailed', 'ConditionalCheckFailed'),
        },
      ),
      write('a path that leads nowhere is a reason', [put(other), update(at, 'SET zz.y = :v', n(1))], {
        fails: cancelled,
        fields: reasons('None', 'ValidationError'),
        deviates: early,
      }),
      write('a missing operand is a reason', [put(other), update(at, 'SET n = zz + :v', n(1))], {
        fails: cancelled,
        fields: reasons('None', 'ValidationError'),
        deviates: early,
      }),
      write('an operand of another type is a reason', [put(other), update(at, 'SET n = s + :v', n(1))], {
        fails: cancelled,
        fields: reasons('None', 'ValidationError'),
        deviates: early,
      }),
      write('an index key of another type is a reason', [put(other), update(at, 'SET gpk = :v', n(1))], {
        fails: cancelled,
        fields: reasons('None', 'ValidationError'),
      }),
      write(
        'an item that grows too large is a reason',
        [put(other), update(at, 'SET n = :v', s('x'.repeat(409_600)))],
        {
          fails: cancelled,
          fields: reasons('None', 'ValidationError'),
          deviates: early,
        },
      ),
      write('no item twice', [put(at), gone(at)], { fails: invalid }),
      write(
        '100 items',
        many(100).map((each) => put(each)),
        { gives: {} },
      ),
      write(
        'not 101',
        many(101).map((each) => put(each)),
        { fails: invalid },
      ),
      write('not none', [], { fails: invalid }),
      write('nothing to do', [{}], { fails: invalid }),
      write('not two at once', [{ ...put(other), ...gone(key('six')) }], {
        fails: invalid,
        deviates: { dynoxide: 'does one of them' },
      }),
      write(
        'not more than 4 MB',
        many(13).map((each) => put({ ...each, x: s('x'.repeat(390_000)) })),
        { fails: invalid },
      ),
      write('no key attribute is updated', [update(at, 'SET sk = :v', s('b'))], {
        fails: invalid,
        deviates: { dynoxide: 'changes the key under the item', 'DynamoDB Local': 'gives a reason instead' },
      }),
      write('a check without a condition', [{ ConditionCheck: { TableName, Key: at } }], { fails: invalid }),
      write('a table that is not there', [{ Put: { TableName: 'no-such-table', Item: at } }], {
        fails: 'ResourceNotFoundException',
      }),
      write(
        'a token',
        [update(at, 'SET n = n + :v', n(1))],
        { gives: {}, after: { key: at, item: { ...seed, n: n(6) } } },
        'token',
      ),
      write(
        'the same token does nothing again',
        [update(at, 'SET n = n + :v', n(1))],
        { gives: {}, after: { key: at, item: seed } },
        'token',
      ),
      write(
        'the same token is of the same request',
        [update(at, 'SET n = n + :v', n(2))],
        { fails: 'IdempotentParameterMismatchException' },
        'token',
      ),
      write('a token is not longer than 36', [put(other)], { fails: invalid }, 'x'.repeat(37)),
      write('a token that failed is free', [put(at, { ConditionExpression: absent })], { fails: cancelled }, 'failing'),
      write('so that another request may take it', [put(other)], { gives: {} }, 'failing'),

      get(
        'in the order that was asked',
        [{ Get: { TableName, Key: key('nothing') } }, { Get: { TableName, Key: at } }],
        {
          gives: { Responses: [{}, { Item: seed }] },
        },
      ),
      get('a part', [{ Get: { TableName, Key: at, ProjectionExpression: 'n' } }], {
        gives: { Responses: [{ Item: { n: n(5) } }] },
        deviates: { dynoxide: 'adds the key' },
      }),
      get('no item twice', [{ Get: { TableName, Key: at } }, { Get: { TableName, Key: at } }], { fails: invalid }),
      get(
        'not 101',
        many(101).map((Key) => ({ Get: { TableName, Key } })),
        { fails: invalid },
      ),
      get('not none', [], { fails: invalid }),

      batch('puts and deletions', [{ PutRequest: { Item: { ...other, n: n(1) } } }, { DeleteRequest: { Key: at } }], {
        gives: { UnprocessedItems: {} },
        after: { key: at, item: undefined },
      }),
      batch(
        '25',
        many(25).map((Item) => ({ PutRequest: { Item } })),
        { gives: { UnprocessedItems: {} } },
      ),
      batch(
        'not 26',
        many(26).map((Item) => ({ PutRequest: { Item } })),
        { fails: invalid },
      ),
      batch('no item twice', [{ PutRequest: { Item: at } }, { DeleteRequest: { Key: at } }], { fails: invalid }),
      batch('not none', [], { fails: invalid }),
      batch('not both at once', [{ PutRequest: { Item: at }, DeleteRequest: { Key: at } }], {
        fails: invalid,
        deviates: { dynoxide: 'does one of them' },
      }),
      batch(
        'one bad key refuses all',
        [{ PutRequest: { Item: key('seven') } }, { DeleteRequest: { Key: { pk: s('a') } } }],
        {
          fails: invalid,
          after: { key: key('seven'), item: undefined },
        },
      ),

      batchGet('what is there', [at, key('nothing')], {
        gives: { Responses: { [TableName]: [seed] }, UnprocessedKeys: {} },
      }),
      batchGet('a part', [at], { gives: { Responses: { [TableName]: [{ n: n(5) }] } } }, { ProjectionExpression: 'n' }),
      batchGet('no key twice', [at, at], { fails: invalid }),
      batchGet('not 101', many(101), { fails: invalid }),
      batchGet('not none', [], { fails: invalid }),
    ];
  },
};
