// The rewrapper that wraps data keys again after a rotation: what it does, in which order, how fast, and what it leaves alone.

import { describe, expect, it } from 'vitest';
import { functions } from '../../../contract/capabilities.ts';
import { kmsKeys, wrappingKeys } from '../../../contract/kernel/kms_keys.ts';
import { rewrapLimits } from '../../../contract/rotation/limits.ts';
import type { Item } from '../../../lambdas/kernel/store/row.ts';
import { beginRun } from '../../../lambdas/rotation/domain/rewrap.ts';
import { putRun } from '../../../lambdas/rotation/store/runs.ts';
import { sdkError } from '../../kit/aws/answered.ts';
import { keyArn } from '../../kit/aws/environment.ts';
import { dayMs, type World, worldOf } from './world.ts';

const statesOf = (results: Awaited<ReturnType<World['run']>>): string[] =>
  results === 'died' ? ['died'] : results.map(({ key, state }) => `${key} ${state}`);
const asked = (world: World, operation: string): number =>
  world.calls.filter((call) => call.operation === operation).length;
const settle = (world: World): void => {
  world.nowMs += rewrapLimits.settleMs;
};

describe('[ENC-3] after a rotation', () => {
  it('every data key is wrapped under the new material, and a certificate says so in figures that are true', async () => {
    const world = await worldOf({ rows: { tenant: 120, pii: 3, secrets: 2 } });
    const rotatedAt = new Date(world.nowMs).toISOString();
    world.rotate('tenant');
    world.nowMs += 3_600_000;
    await world.seal('tenant', 'ten_us_later');
    const startedAt = new Date(world.nowMs).toISOString();
    expect(statesOf(await world.run())).toEqual(['tenant certified']);
    expect(world.materials('tenant')).toEqual({ 1: 121 });
    expect(world.materials('pii')).toEqual({ 0: 3 });
    await world.openAll();
    expect(await world.certificates('tenant')).toEqual([
      expect.objectContaining({
        object: 'certificate',
        of: 'rewrap',
        zone: 'us',
        key: 'tenant',
        key_arn: keyArn('tenant'),
        rotated_at: rotatedAt,
        started_at: startedAt,
        // Three pages, twice: the last one is not waited for.
        ended_at: new Date(Date.parse(startedAt) + 1_000).toISOString(),
        unused_since: new Date(Date.parse(startedAt) + 600).toISOString(),
        table: 'data_keys',
        passes: 2,
        records: 121,
        records_before: 120,
        rewrapped: 120,
        left: 0,
      }),
    ]);
    for (const other of ['pii', 'secrets'] as const) expect(await world.certificates(other)).toEqual([]);
    const before = asked(world, 'ReEncrypt');
    expect(await world.run()).toEqual([]);
    expect(asked(world, 'ReEncrypt')).toBe(before);
  });

  it('every key gets a certificate of its own, also one that wraps nothing', async () => {
    const world = await worldOf({ rows: { tenant: 2, pii: 1 } });
    for (const key of wrappingKeys) world.rotate(key);
    settle(world);
    expect(statesOf(await world.run())).toEqual(['tenant certified', 'pii certified', 'secrets certified']);
    for (const [key, records] of [
      ['tenant', 2],
      ['pii', 1],
      ['secrets', 0],
    ] as const) {
      expect(await world.certificates(key)).toEqual([
        expect.objectContaining({ key, passes: 2, records, records_before: records, rewrapped: records }),
      ]);
    }
  });

  it('nothing of a row changes but its wrapping and when that was', async () => {
    const world = await worldOf({ rows: { secrets: 60 } });
    const before = world.rows('secrets').map(({ item }) => structuredClone(item));
    world.rotate('secrets');
    settle(world);
    await world.run();
    for (const [at, { item }] of world.rows('secrets').entries()) {
      expect(item.wrapped).not.toEqual(before[at]?.wrapped);
      expect(item.wrapped_at?.S && item.wrapped_at.S > (before[at]?.wrapped_at?.S ?? '')).toBe(true);
      expect({ ...item, wrapped: 0, wrapped_at: 0 }).toEqual({ ...before[at], wrapped: 0, wrapped_at: 0 });
    }
  });

  it('no plaintext comes out of KMS, whatever happens: the rewrapper asks for none', async () => {
    const world = await worldOf({ rows: { tenant: 60, pii: 60, secrets: 1 }, recorded: true });
    for (const key of wrappingKeys) world.rotate(key);
    settle(world);
    await world.run();
    const operations = new Set(world.calls.map(({ service, operation }) => `${service}:${operation}`));
    expect([...operations].sort()).toEqual([
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:Scan',
      'dynamodb:UpdateItem',
      'kms:ListKeyRotations',
      'kms:ReEncrypt',
    ]);
    const verbs = Object.values(functions.rewrapper.keys).flat();
    expect(new Set(verbs)).toEqual(new Set(['ListKeyRotations', 'ReEncryptFrom', 'ReEncryptTo']));
  });

  it('a key wraps for its own context alone, before and after', async () => {
    const world = await worldOf({ rows: { tenant: 1 } });
    world.rotate('tenant');
    settle(world);
    await world.run();
    for (const { operation, input } of world.calls) {
      if (operation !== 'ReEncrypt') continue;
      const { SourceKeyId, SourceEncryptionContext, DestinationKeyId, DestinationEncryptionContext } = input as Record<
        string,
        unknown
      >;
      expect([SourceKeyId, DestinationKeyId]).toEqual([keyArn('tenant'), keyArn('tenant')]);
      expect(SourceEncryptionContext).toEqual({
        zone: 'us',
        tenant: 'ten_us_tenant0',
        purpose: 'tenant',
        key: '20819.0',
      });
      expect(DestinationEncryptionContext).toEqual(SourceEncryptionContext);
    }
    expect(asked(world, 'ReEncrypt')).toBe(2);
  });
});

describe('[ENC-3] a run that takes all the time there is', () => {
  it('holds up no other key: each hour another comes first', async () => {
    const world = await worldOf({ rows: { tenant: 120, pii: 120, secrets: 120 } });
    for (const key of wrappingKeys) world.rotate(key);
    settle(world);
    // Time for the first page of a key, and its pause, and for nothing else.
    const runMs = rewrapLimits.reserveMs + 1;
    for (const [hour, key] of wrappingKeys.entries()) {
      world.nowMs = Date.UTC(2027, 0, 2, wrappingKeys.length * 4 + hour);
      await world.run(undefined, runMs);
      expect(world.materials(key)[1]).toBeGreaterThan(0);
      for (const other of wrappingKeys.slice(hour + 1)) expect(world.materials(other)).toEqual({ 0: 120 });
    }
  });
});

describe('[ENC-3] what is certified', () => {
  it('is looked at when nothing wrapped before the rotation can come to be stored any more', async () => {
    const world = await worldOf({ rows: { tenant: 3 } });
    world.rotate('tenant');
    const results = await world.run();
    const until = new Date(world.nowMs + rewrapLimits.settleMs).toISOString();
    expect(statesOf(results)).toEqual(['tenant waiting']);
    expect(results[0]).toMatchObject({ until: expect.stringMatching(until.slice(0, 18)) });
    // Wrapped anew at once all the same.
    expect(world.materials('tenant')).toEqual({ 1: 3 });
    expect(await world.certificates('tenant')).toEqual([]);
    settle(world);
    expect(statesOf(await world.run())).toEqual(['tenant certified']);
  });

  it('everything has settled after any function that makes data keys has ended', () => {
    const making = Object.values(functions).filter(({ keys }) =>
      Object.values(keys).some((verbs: readonly string[]) => verbs.includes('GenerateDataKey')),
    );
    expect(making.length).toBeGreaterThan(3);
    for (const { timeoutMs } of making) expect(timeoutMs * 3).toBeLessThanOrEqual(rewrapLimits.settleMs);
  });

  it('a row that comes late, under older material, is found by the next pass, and another pass follows', async () => {
    const world = await worldOf({ rows: { tenant: 60 } });
    const [late] = world.rows('tenant').map(({ item }) => structuredClone(item));
    world.rotate('tenant');
    settle(world);
    let passes = 0;
    world.meanwhile = ({ operation, input }) => {
      if (operation !== 'Scan' || ('ExclusiveStartKey' in input && input.ExclusiveStartKey !== undefined)) return;
      passes += 1;
      // Behind the first pass somebody stores what was wrapped before.
      if (passes === 2)
        world.answer({ service: 'dynamodb', operation: 'PutItem', input: { TableName: 'data_keys', Item: late } });
    };
    expect(statesOf(await world.run())).toEqual(['tenant running']);
    expect(world.materials('tenant')).toEqual({ 1: 60 });
    expect(statesOf(await world.run())).toEqual(['tenant certified']);
    expect(passes).toBe(3);
    expect(await world.certificates('tenant')).toMatchObject([{ passes: 3, records: 60, records_before: 60, left: 0 }]);
  });

  it('is nothing while a row is there that KMS refuses: the others are wrapped anew, and it is told', async () => {
    const world = await worldOf({ rows: { tenant: 60 } });
    const [{ item: bad } = { item: {} as Item }] = world.rows('tenant');
    const Item = { ...bad, wrapped: { B: Buffer.alloc(184) } };
    world.answer({ service: 'dynamodb', operation: 'PutItem', input: { TableName: 'data_keys', Item } });
    world.rotate('tenant');
    settle(world);
    expect(statesOf(await world.run())).toEqual(['tenant running']);
    expect(await world.certificates('tenant')).toEqual([]);
    expect(world.logged).toContainEqual({
      message: 'rewrap_failed',
      fields: { object: `${bad.pk?.S} ${bad.sk?.S}`, defect: 'InvalidCiphertextException' },
    });
    // Two passes a run and no more: what nothing mends is no reason to go round and round.
    expect(world.calls.filter(({ operation }) => operation === 'Scan').length).toBeLessThanOrEqual(6);
  });

  it.each([
    ['of no wrapping key', { pk: { S: 'ten_us_1#other' }, sk: { S: '20819.0' } }],
    ['of no owner', { pk: { S: 'ten_us_1' }, sk: { S: '20819.0' } }],
    ['without a name', { pk: { S: 'ten_us_1#tenant' }, sk: { S: 'today' } }],
    ['without times', { pk: { S: 'ten_us_1#tenant' }, sk: { S: '20819.9' }, wrapped: { B: Buffer.alloc(9) } }],
  ])('is nothing while there is a row %s', async (_, Item) => {
    const world = await worldOf({ rows: { tenant: 1 } });
    world.answer({ service: 'dynamodb', operation: 'PutItem', input: { TableName: 'data_keys', Item } });
    world.rotate('tenant');
    settle(world);
    expect(statesOf(await world.run())).toEqual(['tenant running']);
    expect(world.logged.map(({ message }) => message)).toContain('rewrap_failed');
  });

  it('is never written again', async () => {
    const world = await worldOf({ rows: { tenant: 3 } });
    world.rotate('tenant');
    settle(world);
    // The run that issues it dies when it has; its record says that the run has ended, so the next run issues it again.
    const put = ({ input }: { readonly input: object }) => JSON.stringify(input).includes('certificate.issued');
    expect(await world.run((call) => (put(call) ? 'dies_after' : undefined))).toBe('died');
    const [first] = await world.certificates('tenant');
    world.nowMs += dayMs;
    await world.run();
    expect(await world.certificates('tenant')).toEqual([first]);
  });

  it('leaves an audit entry of the zone: a fact of the system’s', async () => {
    const world = await worldOf({ rows: { pii: 1 } });
    world.rotate('pii');
    settle(world);
    await world.run();
    const put = world.calls.findLast(({ operation }) => operation === 'PutItem');
    expect(put?.input).toMatchObject({
      TableName: 'maintenance',
      ConditionExpression: 'attribute_not_exists(pk)',
      Item: {
        fact: {
          M: {
            type: { S: 'certificate.issued' },
            tenant: { S: 'platform' },
            actor: { M: { kind: { S: 'system' }, id: { S: 'rewrapper' } } },
          },
        },
      },
    });
  });
});

describe('[ENC-3] rotations', () => {
  it('that follow each other each get their certificate, the oldest first', async () => {
    const world = await worldOf({ rows: { tenant: 5 } });
    world.rotate('tenant');
    world.nowMs += dayMs;
    await world.seal('tenant', 'ten_us_between');
    world.rotate('tenant');
    world.nowMs += dayMs;
    expect(statesOf(await world.run())).toEqual(['tenant certified', 'tenant certified']);
    expect(world.materials('tenant')).toEqual({ 2: 6 });
    const certificates = await world.certificates('tenant');
    expect(certificates.map(({ records_before, rewrapped, records }) => [records_before, rewrapped, records])).toEqual([
      [5, 5, 6],
      [1, 1, 6],
    ]);
  });

  it('that follow each other at once have their runs one after the other, so that no run counts another’s work', async () => {
    const world = await worldOf({ rows: { tenant: 5 } });
    world.rotate('tenant');
    await world.seal('tenant', 'ten_us_between');
    world.nowMs += 1_000;
    world.rotate('tenant');
    expect(statesOf(await world.run())).toEqual(['tenant waiting']);
    settle(world);
    expect(statesOf(await world.run())).toEqual(['tenant certified', 'tenant certified']);
    const certificates = await world.certificates('tenant');
    expect(certificates.map(({ records_before, rewrapped }) => [records_before, rewrapped])).toEqual([
      [5, 5],
      [1, 1],
    ]);
  });

  it('one during a run: the run ends with its own, and the next one follows', async () => {
    const world = await worldOf({ rows: { tenant: 120 } });
    world.rotate('tenant');
    settle(world);
    let rewraps = 0;
    world.meanwhile = async ({ operation }) => {
      if (operation !== 'ReEncrypt') return;
      rewraps += 1;
      if (rewraps !== 40) return;
      world.rotate('tenant');
      // New from the first moment: KMS names a material that the rewrapper did not know when it began.
      await world.seal('tenant', 'ten_us_new');
    };
    expect(statesOf(await world.run())).toEqual(['tenant certified']);
    settle(world);
    expect(statesOf(await world.run())).toEqual(['tenant certified']);
    expect(world.materials('tenant')).toEqual({ 2: 121 });
    await world.openAll();
    const [first, second, ...more] = await world.certificates('tenant');
    expect(more).toEqual([]);
    expect(first).toMatchObject({ records_before: 120, rewrapped: 120 });
    expect(second?.records_before).toBeGreaterThan(0);
    expect(second?.records_before).toBeLessThan(120);
    expect(second?.rewrapped).toBe(second?.records_before);
  });

  it('whose certificate is late are told of, until there is one', async () => {
    const world = await worldOf({ rows: { tenant: 3 } });
    world.rotate('tenant');
    const away = sdkError('KMSInternalException', 'away', { status: 500 });
    const failing = ({ operation }: { readonly operation: string }) => (operation === 'ReEncrypt' ? away : undefined);
    const overdue = () => world.logged.filter(({ message }) => message === 'rewrap_overdue');
    const rotatedAt = new Date(world.nowMs).toISOString();
    world.nowMs += kmsKeys.tenant.rewrapDays * dayMs;
    expect(statesOf(await world.run(failing))).toEqual(['tenant failed']);
    expect(overdue()).toEqual([]);
    world.nowMs += 1;
    await world.run(failing);
    expect(overdue()).toEqual([
      { message: 'rewrap_overdue', fields: { object: 'tenant', at: rotatedAt, request_id: 'req-1' } },
    ]);
    await world.run();
    expect(overdue()).toHaveLength(1);
    expect(await world.certificates('tenant')).toHaveLength(1);
  });
});

describe('[ENC-3] on its way the rewrapper', () => {
  it('goes no faster than its rate', async () => {
    const world = await worldOf({ rows: { tenant: 400 } });
    world.rotate('tenant');
    settle(world);
    const times: number[] = [];
    world.meanwhile = ({ operation }) => {
      if (operation === 'ReEncrypt') times.push(world.nowMs);
    };
    await world.run();
    expect(times).toHaveLength(800);
    // In any second, whenever it begins; a page is the grain.
    for (const [at, time] of times.entries()) {
      const within = times.slice(at).filter((other) => other < time + 1_000).length;
      expect(within).toBeLessThanOrEqual(rewrapLimits.rowsPerSecond);
    }
    // And not much slower, where nothing else holds it up.
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeLessThanOrEqual(
      (800 / rewrapLimits.rowsPerSecond) * 1_000 + 1_000,
    );
  });

  it('ends its run in time, and the next one goes on where it stood', async () => {
    const world = await worldOf({ rows: { tenant: 400 } });
    world.rotate('tenant');
    settle(world);
    const runMs = rewrapLimits.reserveMs + 700;
    const began = world.nowMs;
    expect(statesOf(await world.run(undefined, runMs))).toEqual(['tenant running']);
    expect(world.nowMs - began).toBeLessThan(runMs);
    const { 1: done = 0, 0: left = 0 } = world.materials('tenant');
    expect([done > 0, left > 0, done + left]).toEqual([true, true, 400]);
    const before = asked(world, 'ReEncrypt');
    expect(statesOf(await world.run())).toEqual(['tenant certified']);
    expect(asked(world, 'ReEncrypt') - before).toBe(left + 400);
    expect(await world.certificates('tenant')).toMatchObject([{ records_before: 400, rewrapped: 400, records: 400 }]);
  });

  it('leaves a row to whoever was faster, and counts it all the same', async () => {
    const world = await worldOf({ rows: { tenant: 60 } });
    world.rotate('tenant');
    settle(world);
    const rivals = [world.run(), world.run(), world.run()];
    await Promise.all(rivals);
    // Whose record another has moved goes no further: no two of them continue it side by side.
    expect(asked(world, 'ReEncrypt')).toBeLessThanOrEqual(2 * 60 + 2 * rewrapLimits.pageRows);
    await world.runToTheEnd();
    expect(world.materials('tenant')).toEqual({ 1: 60 });
    expect(await world.certificates('tenant')).toMatchObject([
      { records_before: 60, rewrapped: 60, records: 60, left: 0 },
    ]);
    await world.openAll();
  });

  it('moves its record from the version that it read, and never back', async () => {
    const world = await worldOf({ rows: {} });
    const about = { id: 'crt_us_1', key: 'tenant', key_arn: 'arn', material: 'a', table: 'data_keys' } as const;
    const first = beginRun({ ...about, rotated_at: new Date(world.nowMs).toISOString() }, world.nowMs);
    const put = (version: number) => world.freshly('rewrapper', (platform) => putRun(platform, { ...first, version }));
    const moved: boolean[] = [];
    for (const version of [2, 1, 1, 3, 2, 2, 3, 5, 2, 4]) moved.push(await put(version));
    expect(moved).toEqual([false, true, false, false, true, false, true, false, false, true]);
  });

  it('knows its own writes again where it had to ask twice', async () => {
    const world = await worldOf({ rows: { tenant: 60 } });
    world.rotate('tenant');
    settle(world);
    expect(statesOf(await world.run(() => 'asked_again'))).toEqual(['tenant certified']);
    expect(await world.certificates('tenant')).toMatchObject([{ records_before: 60, rewrapped: 60, records: 60 }]);
  });

  it('is held up by a throttle, not harmed: the next run goes on', async () => {
    const world = await worldOf({ rows: { tenant: 120, pii: 60 } });
    for (const key of ['tenant', 'pii'] as const) world.rotate(key);
    settle(world);
    const busy = sdkError('ThrottlingException', 'Rate exceeded');
    let runs = 0;
    for (let results: Awaited<ReturnType<World['run']>> = []; runs < 60; runs += 1) {
      // Each run gets a little further before it is throttled.
      results = await world.run((_, index) => (index === 20 + 20 * runs ? busy : undefined));
      if (results !== 'died' && runs > 0 && results.every(({ state }) => state === 'certified')) break;
    }
    expect(runs).toBeGreaterThan(2);
    expect(world.materials('tenant')).toEqual({ 1: 120 });
    expect(world.materials('pii')).toEqual({ 1: 60 });
    expect(await world.certificates('tenant')).toMatchObject([{ records_before: 120, rewrapped: 120 }]);
    expect(await world.certificates('pii')).toMatchObject([{ records_before: 60, rewrapped: 60 }]);
  });

  it('is not stopped at one key by what it may not do with another', async () => {
    const world = await worldOf({ rows: { tenant: 3, secrets: 3 } });
    for (const key of wrappingKeys) world.rotate(key);
    settle(world);
    const denied = sdkError('AccessDeniedException', 'no');
    const results = await world.run((call) =>
      JSON.stringify(call.input).includes(keyArn('tenant')) && call.service === 'kms' ? denied : undefined,
    );
    expect(statesOf(results)).toEqual(['tenant failed', 'pii certified', 'secrets certified']);
  });
});
