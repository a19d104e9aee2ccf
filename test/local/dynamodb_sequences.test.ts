// For all writes and reads, in every order, our engine and another one that shares no line of code with it answer alike.

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Given, runsHere, type Subject, startSubject } from './dynamodb/engines.ts';
import { attributes, type Item, index, n, plainTable, s } from './dynamodb/rows.ts';

const TableName = 'sequences';
const table = {
  ...plainTable,
  TableName,
  AttributeDefinitions: attributes('pk', 'sk', 'g'),
  GlobalSecondaryIndexes: [index('gsi', 'g', 'sk', 'ALL')],
};

interface Call {
  readonly operation: string;
  readonly input: object;
  /** The order of what comes back means something. */
  readonly ordered: boolean;
}

const sorts = ['a', 'b', 'é', '\u{10000}', '\uffee'];
const keys = fc.record({ pk: fc.constantFrom('p', 'q').map(s), sk: fc.constantFrom(...sorts).map(s) });
const numbers = fc.constantFrom('0', '1', '-1', '7', '2.5', '-0.01', '1000', '12345678901234567890').map(n);
const texts = fc.constantFrom('', 'a', 'ab', 'b', 'ż').map(s);
const sets = fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { minLength: 1 }).map((SS) => ({ SS }));
const groups = fc.constantFrom('g', 'h').map(s);
const rest = fc.record(
  { n: numbers, t: texts, ss: sets, g: groups, m: fc.record({ x: numbers }).map((M) => ({ M })) },
  { requiredKeys: [] },
);

interface Expression {
  readonly text: string;
  readonly values: Item;
}

const using = (text: string, name: string, values: fc.Arbitrary<Item[string]>): fc.Arbitrary<Expression> =>
  values.map((value) => ({ text, values: { [name]: value } }));
const plain = (...expressions: readonly string[]): fc.Arbitrary<Expression> =>
  fc.constantFrom(...expressions).map((text) => ({ text, values: {} }));

const simple = fc.oneof(
  plain('attribute_exists(pk)', 'attribute_not_exists(pk)', 'attribute_exists(m.x)', 'attribute_not_exists(t)'),
  using('n < :n', ':n', numbers),
  using('n >= :n', ':n', numbers),
  using('n <> :n', ':n', numbers),
  using('m.x = :n', ':n', numbers),
  using('size(t) = :size', ':size', fc.constantFrom('0', '1', '2').map(n)),
  using(
    'begins_with(t, :t)',
    ':t',
    texts.filter(({ S }) => S !== ''),
  ),
  using('contains(ss, :e)', ':e', fc.constantFrom('a', 'b').map(s)),
  using('g IN (:g, t)', ':g', groups),
);
const conditions = fc.oneof(
  simple,
  simple.map(({ text, values }) => ({ text: `NOT ${text}`, values })),
  fc.tuple(simple, simple, fc.constantFrom('AND', 'OR')).map(([one, other, by]) => {
    const renamed = Object.entries(other.values).map(([name, value]): [string, Item[string]] => [`${name}2`, value]);
    const text = other.text.replace(/:\w+/g, (name) => `${name}2`);
    return { text: `${one.text} ${by} NOT ${text}`, values: { ...one.values, ...Object.fromEntries(renamed) } };
  }),
);
const updates = fc.oneof(
  using('SET n = if_not_exists(n, :by) + :by', ':by', numbers),
  using('SET n = n - :by REMOVE t', ':by', numbers),
  using('SET t = :by, m.x = :by', ':by', texts),
  using(
    'SET m = :by',
    ':by',
    fc.record({ x: numbers }).map((M) => ({ M })),
  ),
  using('SET g = :by', ':by', groups),
  using('ADD n :by', ':by', numbers),
  using('ADD ss :by', ':by', sets),
  using('DELETE ss :by REMOVE g', ':by', sets),
  plain('REMOVE g, t', 'SET t = g'),
);

const conditional = fc.option(conditions, { nil: undefined }).map((condition) => ({
  ...(condition !== undefined && {
    ConditionExpression: condition.text,
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    ...valuesOf(condition.values),
  }),
}));
const valuesOf = (values: Item): object =>
  Object.keys(values).length === 0 ? {} : { ExpressionAttributeValues: values };

const puts = fc.tuple(keys, rest, conditional).map(([key, more, condition]) => ({
  TableName,
  Item: { ...key, ...more },
  ...condition,
}));
const deletions = fc.tuple(keys, conditional).map(([Key, condition]) => ({ TableName, Key, ...condition }));
const changes = fc.tuple(keys, updates, fc.option(conditions, { nil: undefined })).map(([Key, update, condition]) => ({
  TableName,
  Key,
  UpdateExpression: update.text,
  ...(condition !== undefined && { ConditionExpression: condition.text }),
  ...valuesOf({ ...update.values, ...condition?.values }),
}));
const checks = fc.tuple(keys, conditions).map(([Key, { text, values }]) => ({
  TableName,
  Key,
  ConditionExpression: text,
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  ...valuesOf(values),
}));

const call = (operation: string, inputs: fc.Arbitrary<object>, ordered = true): fc.Arbitrary<Call> =>
  inputs.map((input) => ({ operation, input, ordered }));
const more = <Input extends object>(inputs: fc.Arbitrary<Input>, added: object): fc.Arbitrary<object> =>
  inputs.map((input) => ({ ...input, ...added }));

const transactions = fc
  .array(
    fc.oneof(
      puts.map((Put) => ({ Put })),
      deletions.map((Delete) => ({ Delete })),
      changes.map((Update) => ({ Update })),
      checks.map((ConditionCheck) => ({ ConditionCheck })),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((TransactItems) => ({ TransactItems }));

const queries = fc
  .record({
    p: fc.constantFrom('p', 'q').map(s),
    from: fc.constantFrom(...sorts).map(s),
    by: fc.constantFrom('<', '<=', '>', '>='),
    ScanIndexForward: fc.boolean(),
    Limit: fc.constantFrom(1, 2, 10),
  })
  .map(({ p, from, by, ...input }) => ({
    TableName,
    ...input,
    KeyConditionExpression: `pk = :p AND sk ${by} :from`,
    ExpressionAttributeValues: { ':p': p, ':from': from },
    ReturnConsumedCapacity: 'TOTAL',
  }));
const inIndex = groups.map((g) => ({
  TableName,
  IndexName: 'gsi',
  KeyConditionExpression: 'g = :g',
  ExpressionAttributeValues: { ':g': g },
}));

const calls = fc.oneof(
  { arbitrary: call('PutItem', more(puts, { ReturnValues: 'ALL_OLD', ReturnConsumedCapacity: 'INDEXES' })), weight: 4 },
  {
    arbitrary: call('UpdateItem', more(changes, { ReturnValues: 'ALL_NEW', ReturnConsumedCapacity: 'INDEXES' })),
    weight: 4,
  },
  {
    arbitrary: call('DeleteItem', more(deletions, { ReturnValues: 'ALL_OLD', ReturnConsumedCapacity: 'INDEXES' })),
    weight: 1,
  },
  { arbitrary: call('TransactWriteItems', transactions), weight: 3 },
  {
    arbitrary: call(
      'GetItem',
      keys.map((Key) => ({ TableName, Key })),
    ),
    weight: 1,
  },
  { arbitrary: call('Query', queries), weight: 2 },
  { arbitrary: call('Query', inIndex, false), weight: 1 },
);

/** Items in the order of their keys, whatever the order in which they came. */
const itemsOf = (given: Given | undefined): readonly Item[] => {
  const { Items = [] } = (given?.output ?? {}) as { Items?: readonly Item[] };
  const place = (item: Item): string => `${item.pk?.S}/${item.sk?.S}`;
  return [...Items].sort((one, other) => (place(one) < place(other) ? -1 : 1));
};

describe.runIf(runsHere('dynoxide'))('our engine and dynoxide', () => {
  let subjects: readonly Subject[] = [];

  beforeAll(async () => {
    subjects = await Promise.all([startSubject('in process'), startSubject('dynoxide')]);
  });
  afterAll(() => Promise.all(subjects.map((subject) => subject.stop())));

  const both = (operation: string, input: object) =>
    Promise.all(subjects.map((subject) => subject.call(operation, input)));

  it('answer alike for all writes and reads, in every order', async () => {
    const property = fc.asyncProperty(fc.array(calls, { minLength: 5, maxLength: 25 }), async (sequence) => {
      await both('DeleteTable', { TableName });
      await both('CreateTable', table);
      for (const { operation, input, ordered } of sequence) {
        const [ours, theirs] = await both(operation, input);
        if (ordered) expect(ours).toEqual(theirs);
        else expect(itemsOf(ours)).toEqual(itemsOf(theirs));
      }
      const [ours, theirs] = await both('Scan', { TableName });
      expect(itemsOf(ours)).toEqual(itemsOf(theirs));
    });
    await fc.assert(property, { numRuns: 150, interruptAfterTimeLimit: 4_000, markInterruptAsFailure: false });
  });
});
