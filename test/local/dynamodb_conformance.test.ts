// One suite for every engine that stands in for DynamoDB: what AWS's documentation promises, row by row. A row in which an
// engine is known to differ says why, and fails once the engine doesn't differ any more.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { capacities } from './dynamodb/capacities.ts';
import { conditions } from './dynamodb/conditions.ts';
import { type Given, names, plain, runsHere, type Subject, startSubject } from './dynamodb/engines.ts';
import { inserts } from './dynamodb/inserts.ts';
import { reads } from './dynamodb/reads.ts';
import { type Group, type Item, key, n, plainTable, type Row, s } from './dynamodb/rows.ts';
import { definitions, lifetimes } from './dynamodb/tables.ts';
import { transactions } from './dynamodb/transactions.ts';
import { updates } from './dynamodb/updates.ts';
import { values } from './dynamodb/values.ts';

const groups: readonly Group[] = [conditions, updates, values, reads, capacities, inserts, transactions];
const withoutTable = new Set([
  'BatchExecuteStatement',
  'BatchGetItem',
  'BatchWriteItem',
  'TransactGetItems',
  'TransactWriteItems',
]);

const tableOf = (group: Group): string => `rules-${group.name}`;

const check = async (subject: Subject, tableName: string, row: Row): Promise<void> => {
  const { operation, input, gives, fails, fields, after } = row;
  for (const Item of row.before ?? []) await subject.call('PutItem', { TableName: tableName, Item });
  const given = await subject.call(operation, {
    ...(!withoutTable.has(operation) && { TableName: tableName }),
    ...input,
  });
  if (fails !== undefined) expect(given.error).toBe(fails);
  else expect(given.error).toBeUndefined();
  if (gives !== undefined) {
    // An absent expectation means an absent result; otherwise each field is exact, and an undefined field is absent.
    if (Object.keys(gives).length === 0) expect(given.output).toEqual({});
    for (const [name, wanted] of Object.entries(gives)) expect(outputOf(given)[name]).toEqual(plain(wanted));
  }
  if (fields !== undefined) expect(given.fields).toEqual(fields);
  if (after !== undefined) {
    const { output } = await subject.call('GetItem', { TableName: tableName, Key: after.key, ConsistentRead: true });
    expect(output).toEqual(after.item === undefined ? {} : { Item: plain(after.item) });
  }
};

const outputOf = ({ output }: Given): Readonly<Record<string, unknown>> => ({ ...(output ?? {}) });

const put = (subject: Subject, TableName: string, Item: Item) => subject.call('PutItem', { TableName, Item });

/** All start at once: the slowest takes seconds. */
const starting = new Map(names.filter(runsHere).map((name) => [name, startSubject(name)]));

describe.each(names)('DynamoDB as %s', (name) => {
  let subject: Subject;

  beforeAll(async () => {
    const started = await starting.get(name);
    if (started === undefined) return;
    subject = started;
    for (const group of groups) {
      const { error } = await subject.call('CreateTable', { TableName: tableOf(group), ...group.table });
      expect(error).toBeUndefined();
      for (const item of group.items ?? []) await put(subject, tableOf(group), item);
    }
  });
  afterAll(() => subject?.stop());

  describe.runIf(runsHere(name)).each(groups)('$name', (group) => {
    const rows = group.rows(tableOf(group)).map((row) => {
      const why = row.deviates?.[name];
      return { row, why, title: why === undefined ? row.rule : `${row.rule} (but ${name} ${why})` };
    });

    it.each(rows)('$title', async ({ row, why }) => {
      const checked = check(subject, tableOf(group), row);
      if (why === undefined) await checked;
      else await expect(checked, 'the deviation is gone: take it out of the row').rejects.toThrow();
    });
  });

  describe.runIf(runsHere(name))('tables', () => {
    it.each(definitions.map(([rule, input, error, deviates], at) => ({ rule, input, error, deviates, at })))(
      'with $rule',
      async ({ input, error, deviates, at }) => {
        const given = await subject.call('CreateTable', { TableName: `made-${at}`, ...input });
        if (deviates?.[name] === undefined) expect(given.error).toBe(error);
        else expect(given.error).not.toBe(error);
      },
    );

    it('are there once, are listed in order, and are gone when deleted', async () => {
      const TableName = 'once';
      expect(await subject.call('CreateTable', { TableName, ...plainTable })).toHaveProperty('output');
      expect(await subject.call('CreateTable', { TableName, ...plainTable })).toMatchObject({
        error: 'ResourceInUseException',
      });
      const described = { Table: { TableName, TableStatus: 'ACTIVE', KeySchema: plainTable.KeySchema } };
      expect((await subject.call('DescribeTable', { TableName })).output).toMatchObject(described);
      const list = { ExclusiveStartTableName: 'oncd', Limit: 1 };
      expect((await subject.call('ListTables', list)).output).toMatchObject({ TableNames: [TableName] });
      expect(await subject.call('DeleteTable', { TableName })).toHaveProperty('output');
      expect((await subject.call('DescribeTable', { TableName })).error).toBe('ResourceNotFoundException');
      expect((await subject.call('DeleteTable', { TableName })).error).toBe('ResourceNotFoundException');
    });

    it.each(lifetimes.map(([rule, specification, gives, deviates]) => ({ rule, specification, gives, deviates })))(
      'time to live $rule',
      async ({ specification, gives, deviates }) => {
        const TableName = tableOf(conditions);
        const given = await (specification === undefined
          ? subject.call('DescribeTimeToLive', { TableName })
          : subject.call('UpdateTimeToLive', { TableName, TimeToLiveSpecification: specification }));
        const found = given.error === undefined ? given.output : { error: given.error };
        if (deviates?.[name] === undefined) expect(found).toEqual(gives);
        else expect(found).not.toEqual(gives);
      },
    );
  });

  describe.runIf(runsHere(name))('pages of 1 MB', () => {
    const TableName = 'pages';
    /** Twenty of them just fit. */
    const o = s('x'.repeat(52_428 - 'pklargesk00o'.length));
    const read = (more: object) =>
      subject.call('Query', {
        TableName,
        KeyConditionExpression: 'pk = :p',
        ExpressionAttributeValues: { ':p': s('large') },
        ProjectionExpression: 'sk',
        ...more,
      });

    it('take thirty items of 52 KB', async () => {
      await subject.call('CreateTable', { TableName, ...plainTable });
      for (let at = 0; at < 30; at += 1) {
        const given = await put(subject, TableName, { ...key('large', String(at).padStart(2, '0')), o });
        expect(given.error).toBeUndefined();
      }
    });

    it('end where the next item would exceed it, and go on behind the last', async () => {
      // AWS's documentation leaves open whether the item that exceeds 1 MB still is in the page.
      const most = name === 'DynamoDB Local' ? 21 : 20;
      const first = (await read({})).output as { Items: Item[]; LastEvaluatedKey: Item };
      expect(first.Items).toHaveLength(most);
      expect(first.LastEvaluatedKey).toEqual(key('large', String(most - 1)));
      const second = (await read({ ExclusiveStartKey: first.LastEvaluatedKey })).output as { Items: Item[] };
      expect(second.Items).toHaveLength(30 - most);
      expect(second).not.toHaveProperty('LastEvaluatedKey');
    });

    it('count what the filter drops (but DynamoDB Local counts only what it lets through)', async () => {
      const { output } = await read({ FilterExpression: 'attribute_exists(zz)' });
      if (name === 'DynamoDB Local') expect(output).not.toHaveProperty('LastEvaluatedKey');
      else expect(output).toMatchObject({ Items: [], LastEvaluatedKey: { pk: s('large') } });
    });
  });

  describe.runIf(runsHere(name))('streams', () => {
    interface Found {
      readonly eventName: string;
      readonly dynamodb: { readonly Keys: Item; NewImage?: Item; OldImage?: Item; SequenceNumber: string };
    }

    const iterator = async (TableName: string, more: object): Promise<string> => {
      const { output: described } = await subject.call('DescribeTable', { TableName });
      const { Table } = described as { Table: { LatestStreamArn: string } };
      const StreamArn = Table.LatestStreamArn;
      const { output } = await subject.call('DescribeStream', { StreamArn });
      const { StreamDescription } = output as { StreamDescription: { Shards: { ShardId: string }[] } };
      const ShardId = StreamDescription.Shards[0]?.ShardId;
      const given = await subject.call('GetShardIterator', { StreamArn, ShardId, ...more });
      return (given.output as { ShardIterator: string }).ShardIterator;
    };
    const records = async (ShardIterator: string, more: object = {}) => {
      const { output } = await subject.call('GetRecords', { ShardIterator, ...more });
      return output as { Records: Found[]; NextShardIterator: string };
    };
    const streaming = (StreamViewType: string): object => ({
      StreamSpecification: { StreamEnabled: true, StreamViewType },
    });
    const fill = async (TableName: string, StreamViewType: string): Promise<void> => {
      await subject.call('CreateTable', { TableName, ...plainTable, ...streaming(StreamViewType) });
      const item = { ...key('a'), n: n(1) };
      await put(subject, TableName, item);
      await subject.call('UpdateItem', {
        TableName,
        Key: key('a'),
        UpdateExpression: 'SET n = :v',
        ExpressionAttributeValues: { ':v': n(2) },
      });
      await subject.call('DeleteItem', { TableName, Key: key('nothing') });
      await subject.call('TransactWriteItems', {
        TransactItems: [{ Delete: { TableName, Key: key('a') } }, { Put: { TableName, Item: key('b') } }],
      });
    };
    const views = ['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES'];

    it.each(views)('of %s hold a record for each change, and what the view shows of it', async (view) => {
      const TableName = `stream-${view}`;
      await fill(TableName, view);
      const { Records } = await records(await iterator(TableName, { ShardIteratorType: 'TRIM_HORIZON' }));
      const showsNew = view.startsWith('NEW');
      const showsOld = view.includes('OLD');
      const [one, two] = [1, 2].map((each) => ({ ...key('a'), n: n(each) }));
      expect(
        Records.map(({ eventName, dynamodb: { Keys, NewImage, OldImage } }) => ({
          eventName,
          Keys,
          ...(NewImage && { NewImage }),
          ...(OldImage && { OldImage }),
        })),
      ).toEqual([
        { eventName: 'INSERT', Keys: key('a'), ...(showsNew && { NewImage: one }) },
        {
          eventName: 'MODIFY',
          Keys: key('a'),
          ...(showsNew && { NewImage: two }),
          ...(showsOld && { OldImage: one }),
        },
        { eventName: 'REMOVE', Keys: key('a'), ...(showsOld && { OldImage: two }) },
        { eventName: 'INSERT', Keys: key('b'), ...(showsNew && { NewImage: key('b') }) },
      ]);
    });

    it('hold nothing of a write that changes nothing (but dynoxide has a record of each)', async () => {
      const TableName = 'stream-unchanged';
      await subject.call('CreateTable', { TableName, ...plainTable, ...streaming('KEYS_ONLY') });
      const item = { ...key('a'), n: n(1) };
      await put(subject, TableName, item);
      await put(subject, TableName, item);
      const { Records } = await records(await iterator(TableName, { ShardIteratorType: 'TRIM_HORIZON' }));
      expect(Records).toHaveLength(name === 'dynoxide' ? 2 : 1);
    });

    it('are read from where it was asked, and on from there', async () => {
      const TableName = 'stream-positions';
      await fill(TableName, 'NEW_IMAGE');
      const start = await iterator(TableName, { ShardIteratorType: 'TRIM_HORIZON' });
      const { Records, NextShardIterator } = await records(start, { Limit: 2 });
      const events = async (shardIterator: string) =>
        (await records(shardIterator)).Records.map((each) => each.eventName);
      expect(Records.map(({ eventName }) => eventName)).toEqual(['INSERT', 'MODIFY']);
      expect(await events(NextShardIterator)).toEqual(['REMOVE', 'INSERT']);
      const SequenceNumber = Records[1]?.dynamodb.SequenceNumber;
      const at = await iterator(TableName, { ShardIteratorType: 'AT_SEQUENCE_NUMBER', SequenceNumber });
      const behind = await iterator(TableName, { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber });
      const latest = await iterator(TableName, { ShardIteratorType: 'LATEST' });
      expect(await events(at)).toEqual(['MODIFY', 'REMOVE', 'INSERT']);
      expect(await events(behind)).toEqual(['REMOVE', 'INSERT']);
      expect(await events(latest)).toEqual([]);
      await put(subject, TableName, key('c'));
      expect(await events(latest)).toEqual(['INSERT']);
    });

    it('that are not there are not found', async () => {
      const StreamArn = 'arn:aws:dynamodb:us-east-1:000000000000:table/none/stream/2020-01-01T00:00:00.000';
      expect((await subject.call('DescribeStream', { StreamArn })).error).toBe('ResourceNotFoundException');
      expect((await subject.call('GetRecords', { ShardIterator: 'nonsense' })).error).toBe('ValidationException');
    });
  });
});
