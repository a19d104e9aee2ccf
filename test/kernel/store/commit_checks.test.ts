// What must hold in a commit’s own transaction, of rows that it does not write: it is written with it, or nothing is.

import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../lambdas/kernel/platform/config.ts';
import { type AuditContext, commit } from '../../../lambdas/kernel/store/commit.ts';
import type { Check } from '../../../lambdas/kernel/store/guard.ts';
import { toItem } from '../../../lambdas/kernel/store/row.ts';
import { paymentRow } from '../../../lambdas/payments/store.ts';
import { type AwsCall, answeredClients, sdkError } from '../../kit/aws/answered.ts';
import { environment } from '../../kit/aws/environment.ts';
import { memoryAws } from '../../kit/aws/memory.ts';
import { onlyRegion } from '../../kit/aws/writer.ts';
import { processing, start } from '../../payments/payment_states.ts';

const audit: AuditContext = {
  tenant: 'ten_us_a',
  mode: 'live',
  actor: { kind: 'key', id: 'key_1' },
  onBehalfOf: null,
  requestId: 'req-1',
  address: null,
};
const created = { type: 'payment.created', aggregateId: processing().id } as const;
const key = { pk: 'tcap_0_ten_us_a', sk: 'capability' };
const check: Check = { table: 'tenants', key, attribute: 'charges', refused: 'tenant_not_found' };

function given() {
  const aws = memoryAws({ now: () => start, random: (bytes) => randomBytes(bytes) });
  const calls: AwsCall[] = [];
  const answers: { instead?: (execute: () => object) => object } = {};
  const clients = answeredClients(async (call) => {
    calls.push(call);
    const execute = () => aws.answer(call);
    return answers.instead?.(execute) ?? execute();
  });
  const config = readConfig(environment('test', 'http://127.0.0.1:1'));
  const platform = { ...clients, clock: () => start, random: randomBytes, config, writer: onlyRegion };
  const allow = (charges: unknown) => {
    const input = { TableName: config.table('tenants'), Item: toItem({ ...key, charges }) };
    aws.answer({ service: 'dynamodb', operation: 'PutItem', input } as unknown as AwsCall);
  };
  const create = () =>
    commit(platform, [{ type: paymentRow, before: null, next: processing() }], created, audit, [check]);
  return { calls, answers, allow, create };
}

describe('[PAY-1] a commit with a check', () => {
  it('is one transaction even of one row, in which the check comes last', async () => {
    const { allow, create, calls } = given();
    allow(true);
    expect((await create()).kind).toBe('committed');
    const { TransactItems: parts } = (calls[0] as AwsCall).input as { TransactItems: object[] };
    expect(parts.map((part) => Object.keys(part))).toEqual([['Put'], ['ConditionCheck']]);
  });

  it.each([false, null, 'true', undefined])('writes nothing where what it asks for is not true (%j)', async (value) => {
    const { allow, create } = given();
    if (value !== undefined) allow(value);
    expect(await create()).toMatchObject({ kind: 'unmet', refused: 'tenant_not_found' });
    allow(true);
    expect((await create()).kind).toBe('committed');
  });

  it('that was carried out before is found by its row, whatever the check says by now', async () => {
    const { allow, create } = given();
    allow(true);
    await create();
    allow(false);
    expect(await create()).toMatchObject({ kind: 'conflict', found: [{ id: { S: processing().id } }] });
  });

  it('that was carried out without our hearing of it is committed, whatever the check says by now', async () => {
    const { allow, create, answers } = given();
    allow(true);
    answers.instead = (execute) => {
      execute();
      allow(false);
      return execute();
    };
    expect((await create()).kind).toBe('committed');
  });

  it.each([
    [['None', 'TransactionConflict'], { kind: 'conflict', found: [undefined] }],
    [['TransactionConflict', 'ConditionalCheckFailed'], { kind: 'conflict', found: [undefined] }],
    [['ConditionalCheckFailed', 'ConditionalCheckFailed'], { kind: 'conflict', found: [undefined] }],
    [['None', 'ConditionalCheckFailed'], { kind: 'unmet', refused: 'tenant_not_found' }],
  ])(
    'decides again where another held or changed a row, and refuses where the check alone failed (%j)',
    async (codes, result) => {
      const { create, answers } = given();
      const CancellationReasons = codes.map((Code) => ({ Code }));
      answers.instead = () => {
        throw sdkError('TransactionCanceledException', 'Canceled.', { fields: { CancellationReasons } });
      };
      expect(await create()).toMatchObject(result);
    },
  );
});
