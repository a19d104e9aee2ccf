// One write or one transaction per change, its fact on it; what DynamoDB answers to a race is told apart from what it
// answers to a mistake, and our own write that we never heard about is known again.

import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../../../lambdas/kernel/domain/refusal.ts';
import { readConfig } from '../../../lambdas/kernel/platform/config.ts';
import { base32, timeOrderedBody } from '../../../lambdas/kernel/platform/ids.ts';
import { type AuditContext, commit, foundRow } from '../../../lambdas/kernel/store/commit.ts';
import { type Item, toItem } from '../../../lambdas/kernel/store/row.ts';
import { modificationRow, paymentRow } from '../../../lambdas/payments/store.ts';
import { type AwsCall, answeredClients, sdkError } from '../../kit/aws/answered.ts';
import { environment } from '../../kit/aws/environment.ts';
import { memoryAws } from '../../kit/aws/memory.ts';
import { onlyRegion } from '../../kit/aws/writer.ts';
import { captured, processing, requested, start } from '../../payments/payment_states.ts';

const audit: AuditContext = {
  tenant: 'ten_us_a',
  mode: 'test',
  actor: { kind: 'key', id: 'key_1' },
  onBehalfOf: { kind: 'operator', id: 'opr_1' },
  requestId: 'req-1',
  address: new Uint8Array([7]),
};
const created = { type: 'payment.created', aggregateId: processing().id } as const;

interface Put {
  readonly Item: Item;
  readonly [other: string]: unknown;
}

const stamp = (number: number): Uint8Array => new Uint8Array(15).fill(number);

function given() {
  const aws = memoryAws({ now: () => start, random: (bytes) => randomBytes(bytes) });
  const calls: AwsCall[] = [];
  const answers: { instead?: (execute: () => object, call: AwsCall) => object } = {};
  const clients = answeredClients(async (call) => {
    calls.push(call);
    const execute = () => aws.answer(call);
    return answers.instead?.(execute, call) ?? execute();
  });
  let stamps = 0;
  const random = (bytes: number): Uint8Array => {
    stamps += 1;
    return new Uint8Array(bytes).fill(stamps);
  };
  const config = readConfig(environment('test', 'http://127.0.0.1:1'));
  return { platform: { ...clients, clock: () => start, random, config, writer: onlyRegion }, calls, answers };
}

type Given = ReturnType<typeof given>;

const create = (platform: Given['platform']) =>
  commit(platform, [{ type: paymentRow, before: null, next: processing() }], created, audit);

async function existing({ platform }: Given) {
  const done = await create(platform);
  if (done.kind !== 'committed') throw new Error('it was there');
  return done.rows[0];
}

describe('[PAY-1] a commit of one row', () => {
  it('is one put, of the value and its bookkeeping, where nothing was', async () => {
    const { platform, calls } = given();
    const done = await create(platform);
    const fact = {
      id: `fct_us_${timeOrderedBody(start, [processing().id, 1])}`,
      type: 'payment.created',
      aggregate_type: 'payment',
      aggregate_id: processing().id,
      sequence: 1,
      previous: null,
      tenant: 'ten_us_a',
      mode: 'test',
      actor: { kind: 'key', id: 'key_1' },
      on_behalf_of: { kind: 'operator', id: 'opr_1' },
      request_id: 'req-1',
      at: '2027-01-01T00:00:00.000Z',
      address: new Uint8Array([7]),
    };
    expect(done).toEqual({
      kind: 'committed',
      rows: [
        {
          ...{ value: processing(), version: 1, sequence: 1, sequence_at_ms: start, fact },
          ...{ written_by: base32(stamp(1)), writer_epoch: 1 },
        },
      ],
    });
    expect(calls.map(({ operation }) => operation)).toEqual(['PutItem']);
    const put = calls[0]?.input as Put;
    expect(put).toMatchObject({
      TableName: 'payments',
      ConditionExpression: 'attribute_not_exists(pk)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    expect(put.Item).toMatchObject({
      pk: { S: processing().id },
      sk: { S: 'payment' },
      version: { N: '1' },
      sequence: { N: '1' },
      origin_region: { S: 'us-east-1' },
      writer_epoch: { N: '1' },
      list_sk: { S: `2027-01-01T00:00:00.000Z#${processing().id}` },
      fact: { M: { type: { S: 'payment.created' } } },
    });
    expect(put.Item.written_by?.S).toHaveLength(24);
    expect(foundRow(paymentRow, put.Item)).toEqual({
      value: processing(),
      version: 1,
      written_by: base32(stamp(1)),
      writer_epoch: 1,
      sequence: 1,
      sequence_at_ms: start,
      fact,
    });
    expect(foundRow(paymentRow, undefined)).toBeUndefined();
  });

  it('raises the version, and without a fact neither the sequence nor the fact that is there', async () => {
    const world = given();
    const before = await existing(world);
    const done = await commit(world.platform, [{ type: paymentRow, before, next: captured() }], null, audit);
    expect(done).toEqual({
      kind: 'committed',
      rows: [{ ...before, value: captured(), version: 2, written_by: base32(stamp(2)) }],
    });
    expect(world.calls[1]?.input).toMatchObject({
      ConditionExpression: 'version = :version AND written_by = :written_by',
      ExpressionAttributeValues: { ':version': { N: '1' }, ':written_by': { S: before.written_by } },
    });
  });

  it('with another fact is the next in its sequence', async () => {
    const world = given();
    const before = await existing(world);
    const recording = { type: 'payment.captured', aggregateId: before.value.id } as const;
    const done = await commit(world.platform, [{ type: paymentRow, before, next: captured() }], recording, audit);
    const previous = before.fact?.id;
    expect(previous).toMatch(/^fct_us_/);
    expect(done).toMatchObject({
      rows: [{ version: 2, sequence: 2, fact: { sequence: 2, type: 'payment.captured', previous } }],
    });
  });

  it('with the first fact of what was written without one has none before it', async () => {
    const world = given();
    const write = (before: Awaited<ReturnType<typeof existing>> | null, recording: typeof created | null) =>
      commit(world.platform, [{ type: paymentRow, before, next: processing() }], recording, audit);
    const silent = await write(null, null);
    if (silent.kind !== 'committed') throw new Error('it was there');
    expect(silent.rows[0]).toMatchObject({ version: 1, sequence: 0, fact: null });
    expect(await write(silent.rows[0], created)).toMatchObject({
      rows: [{ version: 2, sequence: 1, fact: { sequence: 1, previous: null } }],
    });
  });

  it('meets what is there already, and tells it', async () => {
    const world = given();
    const before = await existing(world);
    const again = await create(world.platform);
    if (again.kind !== 'conflict') throw new Error('it was written twice');
    expect(again.found.map((item) => foundRow(paymentRow, item))).toEqual([before]);
  });

  it('changes nothing where the row is no longer as it was read', async () => {
    const world = given();
    const before = await existing(world);
    const change = () => commit(world.platform, [{ type: paymentRow, before, next: captured() }], null, audit);
    expect((await change()).kind).toBe('committed');
    expect(await change()).toMatchObject({ kind: 'conflict', found: [{ version: { N: '2' } }] });
  });

  it('that was carried out without our hearing of it is known by its stamp', async () => {
    const { platform, answers } = given();
    answers.instead = (execute) => {
      execute();
      return execute();
    };
    expect((await create(platform)).kind).toBe('committed');
  });

  it('that was carried out by another at the same time is a conflict, whatever it wrote', async () => {
    const { platform, answers } = given();
    answers.instead = () => {
      const Item = toItem({ written_by: 'another' });
      throw sdkError('ConditionalCheckFailedException', 'It is there.', { fields: { Item } });
    };
    expect(await create(platform)).toMatchObject({ kind: 'conflict', found: [{ written_by: { S: 'another' } }] });
    answers.instead = () => {
      throw sdkError('ConditionalCheckFailedException', 'It is there.');
    };
    expect(await create(platform)).toEqual({ kind: 'conflict', found: [undefined] });
  });

  it('that meets a transaction is a conflict of which nothing is told', async () => {
    const { platform, answers } = given();
    answers.instead = () => {
      throw sdkError('TransactionConflictException', 'Transaction is ongoing.');
    };
    expect(await create(platform)).toEqual({ kind: 'conflict', found: [undefined] });
  });

  it.each(['InternalServerError', 'ValidationException', 'ProvisionedThroughputExceededException'])(
    'whose outcome is not known, or that is a mistake, is no conflict (%s)',
    async (name) => {
      const { platform, answers } = given();
      answers.instead = () => {
        throw sdkError(name, 'No.');
      };
      await expect(create(platform)).rejects.toThrow('No.');
    },
  );

  it('records no fact of what it does not write', async () => {
    const { platform, calls } = given();
    const recording = { type: 'payment.created', aggregateId: 'pay_other' } as const;
    const refused = commit(platform, [{ type: paymentRow, before: null, next: processing() }], recording, audit);
    await expect(refused).rejects.toThrow('a fact was recorded without its aggregate');
    expect(calls).toEqual([]);
  });
});

describe('[PAY-1] a commit of two rows', () => {
  const { payment, modification } = requested(captured(), 'refund', 300, 'ref_1');
  const recording = { type: 'refund.created', aggregateId: payment.id } as const;
  const refund = async (world: Given) => {
    const before = await existing(world);
    const writes = [
      { type: paymentRow, before, next: payment },
      { type: modificationRow, before: null, next: modification },
    ] as const;
    return { before, commit: () => commit(world.platform, writes, recording, audit) };
  };

  it('is one transaction: the sequence on the aggregate’s row, the fact on the last', async () => {
    const world = given();
    const { before, commit } = await refund(world);
    const done = await commit();
    expect(done).toMatchObject({
      kind: 'committed',
      rows: [
        { value: payment, version: 2, sequence: 2 },
        { value: modification, version: 1, sequence: 0, fact: { type: 'refund.created', sequence: 2 } },
      ],
    });
    if (done.kind === 'committed') expect(done.rows[0].fact).toEqual(before.fact);
    const { operation, input } = world.calls[1] as AwsCall;
    const { TransactItems, ClientRequestToken } = input as {
      TransactItems: { Put: Put }[];
      ClientRequestToken: string;
    };
    expect(operation).toBe('TransactWriteItems');
    expect(TransactItems.map(({ Put }) => [Put.Item.sk?.S, Put.ConditionExpression])).toEqual([
      ['payment', 'version = :version AND written_by = :written_by'],
      ['ref_1', 'attribute_not_exists(pk)'],
    ]);
    for (const { Put } of TransactItems) expect(Put.Item.written_by?.S).toBe(ClientRequestToken);
  });

  it('writes both rows or none', async () => {
    const world = given();
    const { commit } = await refund(world);
    await commit();
    const again = await commit();
    expect(again).toMatchObject({ kind: 'conflict', found: [{ version: { N: '2' } }, { version: { N: '1' } }] });
  });

  const canceled = (...codes: (string | undefined)[]) => {
    const CancellationReasons = codes.map((Code) => ({ Code, Item: toItem({ found: Code ?? 'nothing' }) }));
    return sdkError('TransactionCanceledException', 'Canceled.', { fields: { CancellationReasons } });
  };
  const meeting = async (error: Error) => {
    const world = given();
    const { commit } = await refund(world);
    world.answers.instead = () => {
      throw error;
    };
    return commit();
  };

  it.each([
    [['None', 'ConditionalCheckFailed']],
    [['ConditionalCheckFailed', 'None']],
    [['TransactionConflict', 'None']],
    [['TransactionConflict', 'ConditionalCheckFailed']],
    [[undefined, 'ConditionalCheckFailed']],
  ])('that was canceled because another was faster is a conflict (%j)', async (codes) => {
    expect(await meeting(canceled(...codes))).toEqual({
      kind: 'conflict',
      found: codes.map((code) => toItem({ found: code ?? 'nothing' })),
    });
  });

  it.each([[['ThrottlingError', 'None']], [['None', 'ProvisionedThroughputExceeded']], [['ThrottlingError', 'Other']]])(
    'that was canceled because there were too many is refused for now (%j)',
    async (codes) => {
      const refused = await meeting(canceled(...codes)).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(Refusal);
      expect(refused).toMatchObject({ code: 'unavailable', details: { retryAfterSeconds: 1 } });
    },
  );

  it.each([[['ValidationError', 'None']], [['ConditionalCheckFailed', 'ItemCollectionSizeLimitExceeded']]])(
    'that was canceled for anything else is an error (%j)',
    async (codes) => {
      await expect(meeting(canceled(...codes))).rejects.toThrow('Canceled.');
    },
  );

  it('that was canceled without a reason wrote nothing, and is a conflict', async () => {
    const error = sdkError('TransactionCanceledException', 'Canceled.');
    expect(await meeting(error)).toEqual({ kind: 'conflict', found: [] });
  });

  it('that meets another transaction as a whole tells nothing of either row', async () => {
    const error = sdkError('TransactionConflictException', 'Transaction is ongoing.');
    expect(await meeting(error)).toEqual({ kind: 'conflict', found: [undefined, undefined] });
  });
});
