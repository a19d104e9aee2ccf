// What our own engine can do beyond the API: stale reads, locks that are held, time that passes, streams in shards.

import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { Database, DynamoDbError } from '../../local/dynamodb/memory/database.ts';
import { Sorted } from '../../local/dynamodb/memory/sorted.ts';
import { attributes, type Item, index, key, n, plainTable, s } from './dynamodb/rows.ts';

const TableName = 'table';
let now = 0;
let database: Database;

const open = (more: { keepsHistory?: boolean; shards?: number } = {}): Database => {
  const opened = new Database({ region: 'us-east-1', account: '000000000000', now: () => now, ...more });
  opened.call('CreateTable', {
    TableName,
    ...plainTable,
    AttributeDefinitions: attributes('pk', 'sk', 'g'),
    GlobalSecondaryIndexes: [index('gsi', 'g', undefined, 'ALL')],
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
  });
  return opened;
};

beforeEach(() => {
  now = Date.UTC(2026, 0, 1);
  database = open();
});

const put = (item: Item, to = database): object => to.call('PutItem', { TableName, Item: item });
const get = (Key: Item, more?: { asOf: number }, to = database): object => to.call('GetItem', { TableName, Key }, more);
const failure = (call: () => unknown): DynamoDbError => {
  try {
    call();
  } catch (thrown) {
    if (thrown instanceof DynamoDbError) return thrown;
    throw thrown;
  }
  throw new Error('It was expected to be refused');
};

describe('the position', () => {
  it('rises by one with every call that wrote something, and with no other', () => {
    const from = database.position;
    put(key('a'));
    get(key('a'));
    failure(() => database.call('PutItem', { TableName, Item: key('a'), ConditionExpression: 'attribute_exists(x)' }));
    database.call('BatchWriteItem', {
      RequestItems: { [TableName]: [{ PutRequest: { Item: key('b') } }, { PutRequest: { Item: key('c') } }] },
    });
    const check = { TableName, Key: key('a'), ConditionExpression: 'attribute_exists(pk)' };
    database.call('TransactWriteItems', { TransactItems: [{ ConditionCheck: check }] });
    expect(database.position - from).toBe(2);
  });
});

describe('reads that are not consistent', () => {
  it('see every table and index as it was then, and consistent ones as it is', () => {
    const past = open({ keepsHistory: true });
    const seen: [number, unknown, unknown][] = [];
    const look = (asOf?: number) => {
      const more = asOf === undefined ? undefined : { asOf };
      const items = past.call('Scan', { TableName }, more);
      const query = { TableName, IndexName: 'gsi', KeyConditionExpression: 'g = :g' };
      return [items, past.call('Query', { ...query, ExpressionAttributeValues: { ':g': s('g') } }, more)];
    };
    const write = (operation: string, input: object): void => {
      past.call(operation, { TableName, ...input });
      const [items, indexed] = look();
      seen.push([past.position, items, indexed]);
    };
    write('PutItem', { Item: { ...key('a'), g: s('g'), n: n(1) } });
    write('PutItem', { Item: { ...key('b'), g: s('g') } });
    write('UpdateItem', { Key: key('a'), UpdateExpression: 'REMOVE g' });
    write('DeleteItem', { Key: key('b') });
    write('PutItem', { Item: { ...key('a'), g: s('g') } });
    write('UpdateItem', {
      Key: key('a'),
      UpdateExpression: 'SET g = :h',
      ExpressionAttributeValues: { ':h': s('h') },
    });
    write('PutItem', { Item: { ...key('b'), g: s('g'), n: n(2) } });
    for (const [position, items, indexed] of seen) expect(look(position)).toEqual([items, indexed]);
    const [first = 0] = seen[0] ?? [];
    expect(past.call('GetItem', { TableName, Key: key('b') }, { asOf: first })).toEqual({});
    const consistent = { TableName, Key: key('b'), ConsistentRead: true };
    expect(past.call('GetItem', consistent, { asOf: first })).toHaveProperty('Item');
  });

  it('are never stale without history', () => {
    put(key('a'));
    expect(get(key('a'), { asOf: 0 })).toHaveProperty('Item');
  });
});

describe('a transaction that is under way', () => {
  const begin = (...items: Item[]) =>
    database.begin({ TransactItems: items.map((Item) => ({ Put: { TableName, Item } })) });

  it('keeps all other writes off its items, and lets them be read', () => {
    put(key('a'));
    const transaction = begin({ ...key('a'), n: n(1) });
    const Key = key('a');
    for (const [operation, input] of [
      ['PutItem', { Item: key('a') }],
      ['UpdateItem', { Key }],
      ['DeleteItem', { Key }],
    ] as const) {
      expect(failure(() => database.call(operation, { TableName, ...input })).name).toBe(
        'TransactionConflictException',
      );
    }
    const conflict = [{ Code: 'None' }, expect.objectContaining({ Code: 'TransactionConflict' })];
    const other = failure(() => begin(key('b'), key('a')));
    expect(other).toMatchObject({ name: 'TransactionCanceledException', fields: { CancellationReasons: conflict } });
    const read = { TransactItems: [{ Get: { TableName, Key: key('b') } }, { Get: { TableName, Key } }] };
    expect(failure(() => database.call('TransactGetItems', read)).fields).toEqual({ CancellationReasons: conflict });
    const requests = [{ PutRequest: { Item: key('a') } }, { PutRequest: { Item: key('c') } }];
    expect(database.call('BatchWriteItem', { RequestItems: { [TableName]: requests } })).toEqual({
      UnprocessedItems: { [TableName]: [requests[0]] },
    });
    expect(get(Key)).toEqual({ Item: key('a') });
    transaction.commit();
    expect(get(Key)).toEqual({ Item: { ...key('a'), n: n(1) } });
    put(key('a'));
  });

  it('looks at its conditions only when it commits', () => {
    const Put = { TableName, Item: key('a'), ConditionExpression: 'attribute_exists(pk)' };
    const missing = database.begin({ TransactItems: [{ Put }] });
    expect(failure(() => missing.commit()).name).toBe('TransactionCanceledException');
    put(key('a'));
    database.begin({ TransactItems: [{ Put }] }).commit();
  });

  it('leaves nothing behind when it is aborted, and ends once', () => {
    const transaction = begin(key('a'));
    transaction.abort();
    put(key('a'));
    expect(() => transaction.commit()).toThrow(/ended/);
  });
});

describe('the meter', () => {
  it('is called with what every call consumes, failed conditions included, and answers stay the same', () => {
    const metered: [string, number][] = [];
    database = new Database({
      ...{ region: 'us-east-1', account: '000000000000', now: () => now },
      meter: (_, kind, units) => metered.push([kind, units]),
    });
    database.call('CreateTable', { TableName, ...plainTable });
    const large = { ...key('a'), text: s('x'.repeat(3_000)) };
    expect(put(large)).toEqual({});
    get(key('a'));
    failure(() => database.call('PutItem', { TableName, Item: key('a'), ConditionExpression: 'attribute_exists(x)' }));
    const Delete = { TableName, Key: key('a'), ConditionExpression: 'attribute_exists(x)' };
    failure(() => database.call('TransactWriteItems', { TransactItems: [{ Delete }] }));
    expect(metered).toEqual([
      ['Write', 3],
      ['Read', 0.5],
      ['Write', 3],
      ['Write', 6],
    ]);
  });
});

describe('client request tokens', () => {
  it('hold for ten minutes', () => {
    const add = { Key: key('a'), UpdateExpression: 'ADD n :one', ExpressionAttributeValues: { ':one': n(1) } };
    const input = { ClientRequestToken: 'token', TransactItems: [{ Update: { TableName, ...add } }] };
    database.call('TransactWriteItems', input);
    now += 10 * 60_000 - 1;
    database.call('TransactWriteItems', structuredClone(input));
    expect(get(key('a'))).toEqual({ Item: { ...key('a'), n: n(1) } });
    now += 1;
    database.call('TransactWriteItems', input);
    expect(get(key('a'))).toEqual({ Item: { ...key('a'), n: n(2) } });
  });
});

describe('time to live', () => {
  const seconds = (ms: number): Item[string] => n(Math.floor(ms / 1000));
  const enable = (): object =>
    database.call('UpdateTimeToLive', { TableName, TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true } });

  it('deletes what has expired, whenever it was written and however often it was changed', () => {
    put({ ...key('before'), ttl: seconds(now + 60_000) });
    enable();
    put({ ...key('after'), ttl: seconds(now + 60_000) });
    put({ ...key('later'), ttl: seconds(now + 60_000) });
    put({ ...key('later'), ttl: seconds(now + 120_000) });
    put({ ...key('text'), ttl: s('1') });
    put({ ...key('ancient'), ttl: n(1) });
    put(key('never'));
    expect(database.expire()).toBe(0);
    now += 61_000;
    const { position } = database;
    expect(database.expire()).toBe(2);
    expect(database.position).toBe(position + 1);
    expect(database.expire()).toBe(0);
    now += 60_000;
    expect(database.expire()).toBe(1);
    expect([...database.items(TableName)].map(({ pk }) => pk?.S).sort()).toEqual(['ancient', 'never', 'text']);
  });

  it('is marked in the stream as a deletion by the service', () => {
    enable();
    put({ ...key('a'), ttl: seconds(now) });
    now += 1_000;
    database.expire();
    expect(database.stream(TableName).at(-1)).toMatchObject({
      eventName: 'REMOVE',
      userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' },
      dynamodb: { ApproximateCreationDateTime: now / 1000, OldImage: key('a') },
    });
  });
});

describe('a stream', () => {
  it('keeps all records of a partition key in one shard, and uses all shards', () => {
    database = open({ shards: 4 });
    for (let at = 0; at < 100; at += 1) put(key(`p${at % 50}`, String(at)));
    const records = database.stream(TableName);
    const shards = Map.groupBy(records, ({ dynamodb }) => dynamodb.Keys.pk?.S);
    for (const of of shards.values()) expect(new Set(of.map(({ shard }) => shard)).size).toBe(1);
    expect(new Set(records.map(({ shard }) => shard)).size).toBe(4);
    expect(new Set(records.map(({ eventID }) => eventID)).size).toBe(100);
    const { Table } = database.call('DescribeTable', { TableName }) as { Table: { LatestStreamArn: string } };
    const StreamArn = Table.LatestStreamArn;
    const described = database.call('DescribeStream', { StreamArn }) as {
      StreamDescription: { Shards: { ShardId: string }[] };
    };
    const counts = described.StreamDescription.Shards.map(({ ShardId }) => {
      const iterator = database.call('GetShardIterator', { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' });
      return (database.call('GetRecords', iterator) as { Records: unknown[] }).Records.length;
    });
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(100);
  });

  it('can be trimmed by its reader; an older iterator is refused as trimmed', () => {
    const { Table } = database.call('DescribeTable', { TableName }) as { Table: { LatestStreamArn: string } };
    const StreamArn = Table.LatestStreamArn;
    const { StreamDescription } = database.call('DescribeStream', { StreamArn }) as {
      StreamDescription: { Shards: { ShardId: string }[] };
    };
    const ShardId = StreamDescription.Shards[0]?.ShardId;
    const old = database.call('GetShardIterator', { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' });
    for (const pk of ['a', 'b', 'c']) put(key(pk));
    const last = database.stream(TableName)[2]?.dynamodb.SequenceNumber ?? '';
    database.trimStream(TableName, last);
    expect(database.stream(TableName)).toHaveLength(1);
    expect(failure(() => database.call('GetRecords', old)).name).toBe('TrimmedDataAccessException');
    now += 15 * 60_000 + 1;
    expect(failure(() => database.call('GetRecords', old)).name).toBe('ExpiredIteratorException');
  });
});

describe('what callers pass and what the database stores', () => {
  it('items are shared with the caller, never copied, and never changed', () => {
    const item = Object.freeze({ ...key('a'), m: Object.freeze({ M: Object.freeze({ x: n(1) }) }) });
    put(item);
    expect((get(key('a')) as { Item: Item }).Item).toBe(item);
    const change = { UpdateExpression: 'SET m.x = :v', ExpressionAttributeValues: { ':v': n(2) } };
    database.call('UpdateItem', { TableName, Key: key('a'), ...change });
    expect(item).toEqual({ ...key('a'), m: { M: { x: n(1) } } });
  });

  it.each(['Expected', 'AttributeUpdates', 'ConditionalOperator'])(
    '%s, from before expressions, is refused',
    (name) => {
      expect(failure(() => database.call('UpdateItem', { TableName, Key: key('a'), [name]: {} })).message).toMatch(
        name,
      );
    },
  );

  it('an operation that is not known is refused', () => {
    expect(failure(() => database.call('ExecuteStatement', {})).name).toBe('UnknownOperationException');
  });
});

describe('scans', () => {
  it('see each item once, page by page and segment by segment', () => {
    for (let at = 0; at < 300; at += 1) put({ ...key(`p${at % 90}`, String(at)), g: s(`g${at % 7}`) });
    for (const TotalSegments of [1, 3]) {
      for (const IndexName of [undefined, 'gsi']) {
        const seen: string[] = [];
        for (let Segment = 0; Segment < TotalSegments; Segment += 1) {
          let ExclusiveStartKey: Item | undefined;
          do {
            const input = { TableName, IndexName, Segment, TotalSegments, Limit: 17, ExclusiveStartKey };
            const page = database.call('Scan', input) as { Items: Item[]; LastEvaluatedKey?: Item };
            seen.push(...page.Items.map(({ sk }) => sk?.S ?? ''));
            ExclusiveStartKey = page.LastEvaluatedKey;
          } while (ExclusiveStartKey !== undefined);
        }
        expect(seen).toHaveLength(300);
        expect(new Set(seen).size).toBe(300);
      }
    }
  });
});

describe('the order of sort keys', () => {
  it('of numbers is that of their values, however large or small', () => {
    database.call('CreateTable', {
      ...plainTable,
      TableName: 'numbers',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'N' },
      ],
    });
    const ordered = ['-1e125', '-12', '-1.25', '-1.2', '-1e-130', '0', '1e-130', '0.5', '9', '10', '1e38', '1e125'];
    for (const number of [...ordered].reverse()) {
      database.call('PutItem', { TableName: 'numbers', Item: { pk: s('p'), sk: n(number), at: s(number) } });
    }
    const all = { TableName: 'numbers', KeyConditionExpression: 'pk = :p' };
    const { Items } = database.call('Query', { ...all, ExpressionAttributeValues: { ':p': s('p') } }) as {
      Items: Item[];
    };
    expect(Items.map(({ at }) => at?.S)).toEqual(ordered);
  });

  it('of texts is that of their UTF-8 bytes', () => {
    const texts = fc.uniqueArray(fc.string({ unit: 'binary', minLength: 1, maxLength: 4 }), { maxLength: 20 });
    let run = 0;
    fc.assert(
      fc.property(texts, (sorts) => {
        run += 1;
        for (const sk of sorts) put(key(`run${run}`, sk));
        const query = { TableName, KeyConditionExpression: 'pk = :p' };
        const { Items } = database.call('Query', { ...query, ExpressionAttributeValues: { ':p': s(`run${run}`) } }) as {
          Items: Item[];
        };
        const wanted = sorts.sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
        expect(Items.map(({ sk }) => sk?.S)).toEqual(wanted);
      }),
      { numRuns: 200 },
    );
  });

  it('holds in lists of any length, after any additions and removals', () => {
    const list = new Sorted<{ token: string; tie: string }>();
    const held = new Map<string, { token: string; tie: string }>();
    let random = 1;
    for (let step = 0; step < 20_000; step += 1) {
      random = (random * 48_271) % 2_147_483_647;
      const token = String(random % 5_000).padStart(4, '0');
      const found = held.get(token);
      if (found === undefined) {
        const entry = { token, tie: '' };
        held.set(token, entry);
        list.add(entry);
      } else if (random % 3 === 0) {
        held.delete(token);
        list.remove(found);
      }
    }
    const ordered = [...held.keys()].sort();
    expect([...list.upwards()].map(({ token }) => token)).toEqual(ordered);
    expect([...list.downwards()].map(({ token }) => token)).toEqual([...ordered].reverse());
    expect([...list.upwards('2500')].map(({ token }) => token)).toEqual(ordered.filter((token) => token >= '2500'));
    expect([...list.downwards('2500')].map(({ token }) => token)).toEqual(
      ordered.filter((token) => token < '2500').reverse(),
    );
    expect(list.size).toBe(ordered.length);
  });
});
