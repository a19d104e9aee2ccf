// When a pepper goes: once nothing stored names it any more, and nobody can still make something under it; not before.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cacheLimits } from '../../../contract/kernel/limits.ts';
import { rotationLimits } from '../../../contract/rotation/limits.ts';
import { nextVersion } from '../../../lambdas/rotation/secrets/versions.ts';
import { secretArn } from '../../kit/aws/environment.ts';
import { dayMs, type MadeKey, openRotationFixture, periodMs } from './rotation_fixture.ts';

describe('[SEC-1] a pepper', () => {
  it('is retired when its last key is gone, and not before', async () => {
    const world = openRotationFixture();
    const process = world.process();
    const keys = [await process.make(), await process.make()];
    const rotations = async (count: number) => {
      for (let done = 0; done < count; done += 1) {
        world.pass(periodMs);
        await world.rotate();
      }
    };
    await rotations(4);
    expect(world.keys().key('1')).toBeDefined();
    world.forget(keys[0] as MadeKey);
    await rotations(1);
    expect(world.keys().key('1')).toBeDefined();
    expect(await process.accepts(keys[1] as MadeKey)).toBe(true);
    world.forget(keys[1] as MadeKey);
    await rotations(1);
    expect(world.keys().key('1')).toBeUndefined();
    // Those in between had no keys at all: what is left was current lately.
    expect(world.keys().versions).toHaveLength(3);
  });

  it('is kept while a process may hold an older copy of the secret, though nothing names it yet', async () => {
    const world = openRotationFixture();
    const late = world.process();
    await world.rotate();
    world.pass(1);
    await late.make();
    await world.rotate();
    world.pass(1);
    await world.rotate();
    const key = await late.make();
    world.pass(cacheLimits.secretMs);
    for (let times = 0; times < 3; times += 1) await world.rotate();
    expect(await world.process().accepts(key)).toBe(true);
    world.pass(rotationLimits.quietMs - cacheLimits.secretMs - 1);
    await world.rotate();
    expect(world.keys().versions).toHaveLength(8);
  });

  it('is one of a bounded number that go at once, the oldest first', async () => {
    const world = openRotationFixture();
    const names = Array.from({ length: rotationLimits.retired + 3 }, (_, at) =>
      nextVersion(world.keys(), world.nowMs() - periodMs + at),
    );
    const values = Object.fromEntries(names.map((name) => [name, 'x']));
    const SecretId = secretArn('peppers');
    const SecretString = JSON.stringify({ current: names.at(-1), ...values });
    world.call('PutSecretValue', { SecretId, ClientRequestToken: 'c'.repeat(32), SecretString });
    await world.rotate();
    expect(world.keys().versions).toEqual([...names.slice(rotationLimits.retired), world.keys().current]);
  });

  it('is kept where there is no time to see whether something names it', async () => {
    const world = openRotationFixture();
    await world.rotate();
    world.pass(periodMs);
    await world.rotate();
    world.pass(periodMs);
    const token = world.begin();
    await world.step('createSecret', token, 'peppers', rotationLimits.retireReserveMs);
    await world.step('testSecret', token);
    await world.step('finishSecret', token);
    expect(world.keys().versions).toHaveLength(4);
  });

  it('is looked for on every page, with a pause before each but the first', async () => {
    const world = openRotationFixture();
    const filler = { S: 'x'.repeat(300_000) };
    const put = (at: number, stored: string) =>
      world.aws.database.call('PutItem', {
        TableName: 'tenants',
        Item: { pk: { S: `key_us_${at}` }, sk: { S: 'key' }, secret_hmac: { S: stored }, filler },
      });
    await world.rotate();
    world.pass(periodMs);
    await world.rotate();
    world.pass(periodMs);
    const [, second] = world.keys().versions;
    for (let at = 0; at < 20; at += 1) put(at, `${second}.x`);
    world.aws.database.call('PutItem', { TableName: 'tenants', Item: { pk: { S: 'a tenant' }, sk: { S: 'tenant' } } });
    const rows = world.aws.database.items('tenants');
    await world.rotate();
    expect(world.keys().key('1')).toBeUndefined();
    // Twice through the table: once for the version that may go, once for what is left.
    const pages = world.sleptMs() / rotationLimits.pagePauseMs + 2;
    expect(pages).toBeGreaterThanOrEqual(10);
    expect(world.aws.database.items('tenants')).toEqual(rows);
  });

  it('that is not there is never taken for one that nothing names: the test fails where there is no time to see', async () => {
    const world = openRotationFixture();
    const token = world.begin();
    await world.step('createSecret', token);
    await expect(world.step('testSecret', token, 'peppers', rotationLimits.reserveMs)).rejects.toThrow(
      'the step failed',
    );
    await world.step('testSecret', token, 'peppers', rotationLimits.reserveMs + 1);
  });
});

describe('[SEC-1] whatever happens, in whatever order', () => {
  const act = fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('make' as const), process: fc.nat(2) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('rotate' as const), process: fc.constant(0) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('forget' as const), process: fc.nat(20) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('pass' as const),
        process: fc.constantFrom(1, 4_000, cacheLimits.secretMs - 1, cacheLimits.secretMs, dayMs, periodMs),
      }),
    },
  );

  it('a key that is stored is accepted by every process, and what is retired is named by none', async () => {
    let retired = 0;
    const property = fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 30 }), async (acts) => {
      const world = openRotationFixture();
      const processes = [world.process(), world.process(), world.process()];
      const keys: MadeKey[] = [];
      let rotations = 0;
      for (const { do: what, process: at } of acts) {
        if (what === 'make')
          keys.push(...(await Promise.all([processes[at % 3]?.make()])).filter((key) => key !== undefined));
        if (what === 'pass') world.pass(at);
        if (what === 'forget') for (const key of keys.splice(at, 1)) world.forget(key);
        if (what === 'rotate') {
          await world.rotate();
          rotations += 1;
        }
        for (const key of keys) {
          for (const process of processes) expect(await process.accepts(key)).toBe(true);
        }
      }
      retired += rotations + 1 - world.keys().versions.length;
    });
    await fc.assert(property, { numRuns: 60 });
    // Otherwise this would have shown nothing of retirement.
    expect(retired).toBeGreaterThan(0);
  });
});
