// Rows that are created once: inserted for certain, and never changed by a second insert.

import { describe, expect, it } from 'vitest';
import { awsLimits } from '../../../contract/kernel/limits.ts';
import { readConfig } from '../../../lambdas/kernel/platform/config.ts';
import { insert, insertAll } from '../../../lambdas/kernel/store/batch.ts';
import { type Item, toItem } from '../../../lambdas/kernel/store/row.ts';
import { type AwsCall, answeredClients } from '../../kit/aws/answered.ts';
import { environment } from '../../kit/aws/environment.ts';
import { memoryAws } from '../../kit/aws/memory.ts';

const put = (at: number, text = 'first'): Item =>
  toItem({
    pk: 'ten_us_a#test#0',
    sk: `aud_${String(at).padStart(3, '0')}`,
    text,
    none: null,
    bytes: new Uint8Array([7]),
  });

function given(instead: (call: AwsCall, answer: () => object) => object = (_, answer) => answer()) {
  const aws = memoryAws({ now: () => 0, random: (bytes) => new Uint8Array(bytes) });
  const calls: AwsCall[] = [];
  const slept: number[] = [];
  const clients = answeredClients(async (call) => {
    calls.push(call);
    return instead(call, () => aws.answer(call));
  });
  return {
    platform: {
      ...clients,
      config: readConfig(environment('test', 'http://127.0.0.1:1')),
      sleep: async (ms: number) => void slept.push(ms),
    },
    calls,
    slept,
    rows: () => [...aws.database.items('audit')],
  };
}

const insertions = (items: readonly Item[]) => items.map((item) => ({ table: 'audit' as const, item }));

describe('an insert', () => {
  it('creates the row as it was given, and a second one leaves it so', async () => {
    const { platform, rows } = given();
    expect(await insert(platform, 'audit', put(1))).toBe(true);
    expect(await insert(platform, 'audit', put(1, 'second'))).toBe(false);
    expect(rows()).toEqual([put(1)]);
  });

  it('whose answer was lost is harmless when it is repeated', async () => {
    let lost = true;
    const { platform, rows } = given((_, answer) => {
      const answered = answer();
      if (!lost) return answered;
      lost = false;
      throw new Error('The call timed out.');
    });
    await expect(insert(platform, 'audit', put(1))).rejects.toThrow('timed out');
    expect(await insertAll(platform, insertions([put(1), put(2)]))).toBe(1);
    expect(rows()).toHaveLength(2);
  });

  it('of many goes in calls that DynamoDB takes, and names no key twice', async () => {
    const { platform, rows, calls } = given();
    const items = Array.from({ length: awsLimits.insertStatements + 1 }, (_, at) => put(at));
    expect(await insertAll(platform, insertions([...items, put(0, 'again')]))).toBe(0);
    expect(rows()).toHaveLength(items.length);
    expect(calls).toHaveLength(2);
    expect(await insertAll(platform, [])).toBe(0);
    expect(calls).toHaveLength(2);
  });

  it.each(['ThrottlingError', 'ProvisionedThroughputExceeded', 'InternalServerError', 'TransactionConflict'])(
    'that was put off (%s) is sent again after a pause, and the others are not',
    async (Code) => {
      let puts = 0;
      const { platform, rows, calls, slept } = given(({ input }, answer) => {
        puts += 1;
        if (puts > 1) return answer();
        return {
          Responses: (input as { Statements: object[] }).Statements.map((_, at) =>
            at === 1 ? { Error: { Code } } : {},
          ),
        };
      });
      expect(await insertAll(platform, insertions([put(1), put(2), put(3)]))).toBe(0);
      expect(calls).toHaveLength(2);
      expect(slept).toEqual([awsLimits.unprocessedBackoffMs]);
      expect(rows()).toEqual([put(2)]);
    },
  );

  it.each(['AccessDenied', 'ValidationError', 'ResourceNotFound', 'SomethingNew'])(
    'that is refused (%s) fails at once',
    async (Code) => {
      const { platform, calls } = given(() => ({ Responses: [{ Error: { Code } }] }));
      await expect(insert(platform, 'audit', put(1))).rejects.toThrow(`an insert into audit failed: ${Code}`);
      expect(calls).toHaveLength(1);
    },
  );

  it('of which nothing was said has failed', async () => {
    const { platform } = given(() => ({}));
    await expect(insert(platform, 'audit', put(1))).rejects.toThrow('did not say what became of an insert');
  });
});
