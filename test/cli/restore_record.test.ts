// The dated record of backups, copies and restore tests, from the events that AWS Backup sends: an account that a loopback server plays.

import { describe, expect, test } from 'vitest';
import { createAws } from '../../cli/aws/client.ts';
import { endedIn, overdueDays, readRecord, recordLines, recordOf } from '../../cli/restore/record.ts';
import { type TableName, tables } from '../../contract/capabilities.ts';
import type { Table } from '../../contract/kernel/table.ts';
import { homeOf } from '../../lib/derive/names.ts';
import { referenceConfig } from '../../lib/reference_config.ts';
import { type Answers, refused, startAwsStub } from './aws_stub.ts';

const { production } = referenceConfig.stages;
if (production === undefined) throw new Error('production is missing');
const deployment = homeOf('production', production, 'us');
const now = new Date('2027-05-10T12:00:00Z');
const backedUp = (Object.entries(tables) as [TableName, Table][]).flatMap(([name, { unbackedBecause }]) =>
  unbackedBecause === undefined ? [name] : [],
);
const arn = (table: string): string =>
  `arn:aws:dynamodb:us-east-1:111111111111:table/strongroom-production-us-${table}`;
const event = (type: string, time: string, detail: object): { message: string } => ({
  message: JSON.stringify({ time, 'detail-type': `${type} State Change`, detail }),
});
const good = backedUp.flatMap((table) => [
  event('Backup Job', '2027-05-10T05:10:00Z', { state: 'COMPLETED', resourceArn: arn(table) }),
  event('Copy Job', '2027-05-10T05:40:00Z', { state: 'COMPLETED', resourceArn: arn(table) }),
  event('Restore Job', '2027-04-03T03:00:00Z', { status: 'COMPLETED', sourceResourceArn: arn(table) }),
]);

async function recorded(answers: Answers) {
  const stub = await startAwsStub(answers);
  try {
    const aws = createAws({ accessKeyId: 'AKIA', secretAccessKey: 'secret' }, stub.endpoint);
    return { ended: await readRecord(aws, deployment, now), asked: stub.asked };
  } finally {
    await stub.close();
  }
}
const wrongIn = async (events: readonly object[]): Promise<string[]> => {
  const { ended } = await recorded({ 'logs FilterLogEvents': { events } });
  return recordOf(ended, deployment, now).flatMap(({ table, wrong }) => wrong.map((each) => `${table}: ${each}`));
};

describe('[BCK-2] the record of recovery', () => {
  test('shows of each table the day of its last backup, copy and restore test', async () => {
    const { ended } = await recorded({ 'logs FilterLogEvents': { events: good } });
    const records = recordOf(ended, deployment, now);
    expect(records.map(({ table }) => table)).toEqual(backedUp);
    expect(records.flatMap(({ wrong }) => wrong)).toEqual([]);
    const lines = recordLines(records, deployment, now);
    expect(lines[0]).toContain('as of 2027-05-10T12:00:00.000Z');
    expect(lines.join('\n')).toMatch(/\| payments\s+\| 2027-05-10\s+\| 2027-05-10\s+\| 2027-04-03\s+\|/);
  });

  test('reads every page', async () => {
    const pages = [good.slice(0, 5), good.slice(5)];
    const { asked, ended } = await recorded({
      'logs FilterLogEvents': ({ body }) =>
        JSON.parse(body).nextToken === undefined ? { events: pages[0], nextToken: 'more' } : { events: pages[1] },
    });
    expect(asked).toHaveLength(2);
    expect(ended).toHaveLength(good.length);
  });

  test('says what failed last, though it went well before', async () => {
    const detail = { status: 'FAILED', sourceResourceArn: arn('payments'), statusMessage: 'Access denied' };
    expect(await wrongIn([...good, event('Restore Job', '2027-05-01T03:00:00Z', detail)])).toEqual([
      'payments: restore test: FAILED on 2027-05-01 Access denied',
    ]);
  });

  test('says what is late, and what never was', async () => {
    const old = good.filter(({ message }) => !message.includes('Restore Job') || !message.includes('-payments"'));
    const late = event('Restore Job', '2027-01-03T03:00:00Z', {
      status: 'COMPLETED',
      sourceResourceArn: arn('payments'),
    });
    expect(await wrongIn([...old, late])).toEqual(['payments: restore test: none for 127 days']);
    expect(overdueDays['restore test']).toBeLessThan(127);
    expect(await wrongIn(old)).toEqual(['payments: restore test: none on record']);
  });

  test('takes a log that can’t be read for no answer', async () => {
    await expect(recorded({ 'logs FilterLogEvents': refused('ResourceNotFoundException') })).rejects.toThrow(
      'ResourceNotFoundException',
    );
    await expect(recorded({ 'logs FilterLogEvents': { events: [], nextToken: 'again' } })).rejects.toThrow(/more than/);
  });

  test.each(['no JSON', '{}', '{"detail-type":"Something else","detail":{}}'])('passes over %s', (message) => {
    expect(endedIn(message)).toBeNull();
  });
});
