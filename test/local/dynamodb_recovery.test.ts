// Point-in-time recovery of the in-memory engine, as the DynamoDB API reference has it.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Database } from '../../local/dynamodb/memory/database.ts';
import { openJournal } from '../../local/dynamodb/memory/journal.ts';

const minuteMs = 60_000;
const start = Date.UTC(2027, 0, 1);

const definition = {
  TableName: 'things',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'due', AttributeType: 'S' },
  ],
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'due',
      KeySchema: [{ AttributeName: 'due', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
  DeletionProtectionEnabled: true,
};
const enabled = { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 7 } };

function opened() {
  let nowMs = start;
  const database = new Database({ region: 'us-east-1', account: '000000000000', now: () => nowMs });
  database.call('CreateTable', definition);
  database.call('UpdateContinuousBackups', { TableName: 'things', ...enabled });
  return {
    database,
    pass(minutes: number): Date {
      nowMs += minutes * minuteMs;
      return new Date(nowMs);
    },
    put: (pk: string, value: string) =>
      database.call('PutItem', { TableName: 'things', Item: { pk: { S: pk }, due: { S: value } } }),
    drop: (pk: string) => database.call('DeleteItem', { TableName: 'things', Key: { pk: { S: pk } } }),
    restore: (point: object, TargetTableName = 'again') =>
      database.call('RestoreTableToPointInTime', { SourceTableName: 'things', TargetTableName, ...point }),
    values: (table: string) => [...database.items(table)].map(({ pk, due }) => `${pk?.S}=${due?.S}`).sort(),
  };
}

describe('[BCK-1] a table that is restored', () => {
  test('has what was there at that second: changes after it are undone, deletions too', () => {
    const { database, pass, put, drop, restore, values } = opened();
    put('a', '1');
    put('b', '1');
    const at = pass(1);
    pass(1);
    put('a', '2');
    drop('b');
    put('c', '1');
    pass(10);
    restore({ RestoreDateTime: at });
    expect(values('again')).toEqual(['a=1', 'b=1']);
    const found = database.call('Query', {
      ...{ TableName: 'again', IndexName: 'due', KeyConditionExpression: 'due = :due' },
      ExpressionAttributeValues: { ':due': { S: '1' } },
    });
    expect(found).toMatchObject({ Count: 2 });
    expect(values('things')).toEqual(['a=2', 'c=1']);
  });

  test('has no stream, protection or recovery, and says what it was restored from', () => {
    const { database, pass, put, restore } = opened();
    put('a', '1');
    pass(10);
    restore({ UseLatestRestorableTime: true });
    const { Table } = database.call('DescribeTable', { TableName: 'again' }) as { Table: Record<string, unknown> };
    expect(Table.StreamSpecification).toBeUndefined();
    expect(Table.DeletionProtectionEnabled).toBe(false);
    expect(Table.RestoreSummary).toMatchObject({ RestoreDateTime: new Date(start + 5 * minuteMs) });
    const described = database.call('DescribeContinuousBackups', { TableName: 'again' });
    expect(described).toMatchObject({
      ContinuousBackupsDescription: { PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' } },
    });
    const StreamSpecification = { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' };
    database.call('UpdateTable', { TableName: 'again', StreamSpecification });
    database.call('PutItem', { TableName: 'again', Item: { pk: { S: 'z' } } });
    expect(database.stream('again')).toHaveLength(1);
    expect(() => database.call('UpdateTable', { TableName: 'again', StreamSpecification })).toThrow(/already enabled/);
  });

  test('is of the five minutes ago at the latest, and of the table’s own days', () => {
    const { pass, put, restore } = opened();
    put('a', '1');
    const early = pass(1);
    expect(() => restore({ RestoreDateTime: early })).toThrow(/must be between/);
    pass(5);
    restore({ RestoreDateTime: early });
    pass(8 * 24 * 60);
    expect(() => restore({ RestoreDateTime: early }, 'late')).toThrow(/must be between/);
  });

  test.each([
    ['a name that is taken', 'TableAlreadyExistsException', { TargetTableName: 'things' }],
    ['a table that is not there', 'TableNotFoundException', { SourceTableName: 'nothing' }],
    ['no point in time', 'ValidationException', { UseLatestRestorableTime: false }],
  ])('is refused for %s', (_, name, more) => {
    const { database, pass } = opened();
    pass(10);
    const input = { SourceTableName: 'things', TargetTableName: 'again', UseLatestRestorableTime: true, ...more };
    expect(() => database.call('RestoreTableToPointInTime', input)).toThrow(expect.objectContaining({ name }));
  });

  test('is refused where recovery is off', () => {
    const { database, pass, restore } = opened();
    const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: false };
    database.call('UpdateContinuousBackups', { TableName: 'things', PointInTimeRecoverySpecification });
    pass(10);
    expect(() => restore({ UseLatestRestorableTime: true })).toThrow(
      expect.objectContaining({ name: 'PointInTimeRecoveryUnavailableException' }),
    );
  });

  test('is there again after a restart, though the past that it was made of may not be', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'recovery-'));
    try {
      let nowMs = start;
      const options = { region: 'us-east-1', account: '000000000000', now: () => nowMs };
      const open = () =>
        openJournal(join(folder, 'journal'), options, (thrown) => {
          throw thrown;
        });
      const first = await open();
      first.call('CreateTable', definition);
      first.call('UpdateContinuousBackups', { TableName: 'things', ...enabled });
      first.call('PutItem', { TableName: 'things', Item: { pk: { S: 'a' } } });
      nowMs += 10 * minuteMs;
      const input = { SourceTableName: 'things', TargetTableName: 'again', UseLatestRestorableTime: true };
      first.call('RestoreTableToPointInTime', input);
      first.call('DeleteItem', { TableName: 'things', Key: { pk: { S: 'a' } } });
      await first.settled();
      await first.close();
      const second = await open();
      expect([...second.database.items('again')]).toEqual([{ pk: { S: 'a' } }]);
      expect([...second.database.items('things')]).toEqual([]);
      await second.close();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
