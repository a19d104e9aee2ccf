// What `strongroom restore run` does when something is in its way: it finds that before it makes anything, and goes on where it stopped.

import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { restorePlan } from '../../cli/restore/plan.ts';
import { runRestore } from '../../cli/restore/run.ts';
import { type TableName, tables } from '../../contract/capabilities.ts';
import { homeOf } from '../../lib/derive/names.ts';
import { referenceConfig } from '../../lib/reference_config.ts';
import { type AwsCall, answeredClients } from '../kit/aws/answered.ts';
import { memoryAws } from '../kit/aws/memory.ts';

const start = Date.UTC(2027, 0, 31, 9);
const at = new Date(start + 60_000);
const names = Object.keys(tables) as TableName[];

function opened() {
  const { production } = referenceConfig.stages;
  if (production === undefined) throw new Error('production is missing');
  let nowMs = start;
  const aws = memoryAws({ now: () => nowMs, random: (bytes) => randomBytes(bytes) });
  for (const TableName of names)
    aws.database.call('UpdateContinuousBackups', {
      TableName,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
  nowMs += 600_000;
  const calls: AwsCall[] = [];
  const faults: { before?: (call: AwsCall) => void } = {};
  const { dynamodb } = answeredClients(async (call) => {
    calls.push(call);
    faults.before?.(call);
    return aws.answer(call);
  });
  const { otherRegion: _, ...home } = homeOf('production', production, 'us');
  const tableNames = Object.fromEntries(names.map((name) => [name, name]));
  const planAt = (point: Date) => restorePlan({ ...home, zoneConfig: { ...home.zoneConfig, tableNames } }, point);
  const ports = { dynamodb, say: () => {}, sleep: async () => {}, elapsedMs: () => nowMs };
  return {
    aws,
    calls,
    faults,
    plan: planAt(at),
    run: (point = at) => runRestore(ports, planAt(point)),
    restores: () => calls.filter(({ operation }) => operation === 'RestoreTableToPointInTime').length,
    isThere: (name: string) => {
      const { TableNames } = aws.database.call('ListTables', {}) as { TableNames: string[] };
      return TableNames.includes(name);
    },
  };
}

describe('[BCK-1] restore run', () => {
  test('goes on where it stopped, and restores no table twice', async () => {
    const zone = opened();
    zone.faults.before = ({ operation }) => {
      if (operation === 'RestoreTableToPointInTime' && zone.restores() > 3) throw new Error('out of reach');
    };
    await expect(zone.run()).rejects.toThrow(/The same command goes on/);
    delete zone.faults.before;
    zone.calls.length = 0;
    await zone.run();
    expect(zone.restores()).toBe(zone.plan.restored.length - 3);
    await zone.run();
    expect(zone.restores()).toBe(zone.plan.restored.length - 3);
    for (const { to } of zone.plan.restored) expect(zone.isThere(to), to).toBe(true);
  });

  test('takes an answer that was lost for what it may be: the table is there', async () => {
    const zone = opened();
    let lost = 0;
    zone.faults.before = (call) => {
      if (call.operation !== 'RestoreTableToPointInTime' || lost > 0) return;
      lost += 1;
      zone.aws.answer(call);
    };
    await zone.run();
    expect(lost).toBe(1);
  });

  test.each([
    ['a time before the first that can be restored', new Date(start - 1), /can be restored from/],
    ['a time after the last', new Date(start + 400_000), /can be restored from/],
  ])('makes nothing for %s', async (_, point, words) => {
    const zone = opened();
    await expect(zone.run(point)).rejects.toThrow(words);
    expect(zone.restores()).toBe(0);
  });

  test('makes nothing where one table has no recovery, or is gone, and names each', async () => {
    const zone = opened();
    const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: false };
    zone.aws.database.call('UpdateContinuousBackups', { TableName: 'webhooks', PointInTimeRecoverySpecification });
    zone.aws.database.call('DeleteTable', { TableName: 'events' });
    await expect(zone.run()).rejects.toThrow(/events is not there: .*\n.*webhooks has no point-in-time recovery/);
    expect(zone.restores()).toBe(0);
  });

  test('takes no table of the new name that it did not restore', async () => {
    const zone = opened();
    const to = zone.plan.tableNames.payments ?? '';
    const { Table } = zone.aws.database.call('DescribeTable', { TableName: 'payments' }) as { Table: never };
    const { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes } = Table as Record<string, never>;
    const asked = { KeySchema, AttributeDefinitions, BillingMode: 'PAY_PER_REQUEST' };
    const indexes = (
      GlobalSecondaryIndexes as unknown as { IndexName: string; KeySchema: object; Projection: object }[]
    ).map(({ IndexName, KeySchema: keys, Projection }) => ({ IndexName, KeySchema: keys, Projection }));
    zone.aws.database.call('CreateTable', { TableName: to, ...asked, GlobalSecondaryIndexes: indexes });
    await expect(zone.run()).rejects.toThrow(/is there, and is not payments of that time/);
    expect(zone.restores()).toBe(0);
  });
});
