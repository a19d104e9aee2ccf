// The protocol of a rotation: each step repeated, each interrupted, and each asked for by whoever should not.

import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type PlatformSecretName, platformSecrets } from '../../../contract/kernel/kms_keys.ts';
import { rotationLimits } from '../../../contract/rotation/limits.ts';
import { digests } from '../../../lambdas/kernel/crypto/digest.ts';
import { parseVersionedKeys } from '../../../lambdas/kernel/crypto/platform_secrets.ts';
import type { Answer } from '../../kit/aws/answered.ts';
import { secretArn } from '../../kit/aws/environment.ts';
import { dayMs, type MadeKey, openRotationFixture, periodMs, start, steps } from './rotation_fixture.ts';

const names = Object.keys(platformSecrets) as PlatformSecretName[];

describe('[SEC-1] a rotation', () => {
  it.each(names)('of %s adds one version of 256 bits, makes it the current one and keeps the others', async (name) => {
    const world = openRotationFixture();
    const before = world.keys(name);
    await world.rotate(name);
    const after = world.keys(name);
    expect(after.versions).toEqual(['1', after.current]);
    expect(after.key('1')?.equals(before.key('1') as never)).toBe(true);
    expect(Buffer.from(after.key(after.current)?.export().toString() ?? '', 'base64url')).toHaveLength(32);
    expect(after.key(after.current)?.equals(after.key('1') as never)).toBe(false);
  });

  it('of a secret leaves the others as they are', async () => {
    const world = openRotationFixture();
    const before = world.valueAt('digests');
    await world.rotate('peppers');
    expect(world.valueAt('digests')).toBe(before);
  });

  it('has versions whose names rise, even where the clock goes back', async () => {
    const world = openRotationFixture();
    for (const passed of [periodMs, -2 * periodMs, 0, periodMs]) {
      const before = world.keys();
      await world.rotate();
      const after = world.keys();
      expect([...after.versions].sort()).toEqual(after.versions);
      expect(after.versions.at(-1)).toBe(after.current);
      expect(after.current > before.current).toBe(true);
      world.pass(passed);
    }
  });

  it('leaves keys good before, while and after it runs, in processes of every age', async () => {
    const world = openRotationFixture();
    const [old, minting] = [world.process(), world.process()];
    const made = [await old.make(), await minting.make()];
    const token = world.begin();
    for (const step of steps) {
      await world.step(step, token);
      made.push(await minting.make(), await world.process().make());
      for (const key of made) {
        for (const process of [old, minting, world.process()]) expect(await process.accepts(key)).toBe(true);
      }
    }
    expect(new Set(made.map(({ stored }) => stored.split('.')[0])).size).toBe(2);
    await expect(old.accepts({ ...(made[0] as MadeKey), stored: made[1]?.stored ?? '' })).resolves.toBe(false);
  });

  it('leaves digests good that were made before it', async () => {
    const world = openRotationFixture();
    const reader = () => digests(async () => world.keys('digests'));
    const digest = await reader().of({ amount: 1 });
    for (let rotations = 0; rotations < 5; rotations += 1) {
      await world.rotate('digests');
      world.pass(periodMs);
      expect(await reader().matches({ amount: 1 }, digest)).toBe(true);
    }
    expect(await reader().of({ amount: 1 })).not.toBe(digest);
    expect(world.keys('digests').versions).toHaveLength(6);
  });

  it('adds one version however often each step is repeated, and late repetitions change nothing', async () => {
    const world = openRotationFixture();
    const token = world.begin();
    for (const step of steps) {
      for (let times = 0; times < 3; times += 1) await world.step(step, token);
    }
    const done = world.valueAt('peppers');
    expect(parseVersionedKeys(done).versions).toHaveLength(2);
    for (const step of steps) await world.step(step, token);
    expect(world.valueAt('peppers')).toBe(done);
  });

  it('adds one version where its steps run twice at the same time', async () => {
    const world = openRotationFixture();
    const token = world.begin();
    for (const step of steps.slice(0, 3)) await Promise.all([world.step(step, token), world.step(step, token)]);
    const finished = await Promise.allSettled([world.step('finishSecret', token), world.step('finishSecret', token)]);
    expect(finished.some(({ status }) => status === 'fulfilled')).toBe(true);
    expect(world.keys().versions).toHaveLength(2);
  });
});

describe('[SEC-1] a rotation that is interrupted', () => {
  /** The calls of one rotation from begin to end. */
  const callsOfOne = async (): Promise<number> => {
    const world = openRotationFixture();
    let count = 0;
    const answer: Answer = (call) => {
      count += 1;
      return world.plain(call);
    };
    await world.run('peppers', world.begin(), { answer });
    return count;
  };

  it('at any call, on its way there or back, is completed when it is attempted again, with one new version', async () => {
    const calls = await callsOfOne();
    expect(calls).toBeGreaterThan(8);
    for (let at = 0; at < calls; at += 1) {
      for (const lost of ['there', 'back'] as const) {
        const world = openRotationFixture();
        const process = world.process();
        const made = [await process.make()];
        const token = world.begin();
        let count = 0;
        const answer: Answer = async (call) => {
          const dies = count === at;
          count += 1;
          if (dies && lost === 'there') throw new Error('the process died');
          const answered = world.plain(call);
          if (!dies) return answered;
          await answered.catch(() => {});
          throw new Error('the process died');
        };
        await expect(world.run('peppers', token, { answer }), `${at} ${lost}`).rejects.toThrow();
        made.push(await world.process().make());
        await world.run('peppers', token);
        made.push(await world.process().make());
        expect(world.keys().versions, `${at} ${lost}`).toHaveLength(2);
        for (const key of made) expect(await process.accepts(key), `${at} ${lost}`).toBe(true);
      }
    }
  });

  it('and never completed is overtaken by the next one', async () => {
    const world = openRotationFixture();
    const abandoned = world.begin();
    await world.step('createSecret', abandoned);
    const SecretId = secretArn('peppers');
    world.call('UpdateSecretVersionStage', { SecretId, VersionStage: 'AWSPENDING', RemoveFromVersionId: abandoned });
    const before = world.keys();
    await world.rotate();
    expect(world.keys().versions).toHaveLength(before.versions.length + 1);
    const after = world.valueAt('peppers');
    for (const step of steps) await expect(world.step(step, abandoned)).rejects.toThrow('the step failed');
    expect(world.valueAt('peppers')).toBe(after);
  });
});

describe('[SEC-1] a value that waits', () => {
  const random = () => randomBytes(32).toString('base64url');
  const waiting = async (change: (value: Record<string, string>) => object | string, stored?: string) => {
    const world = openRotationFixture();
    await world.rotate();
    world.pass(periodMs);
    await world.rotate();
    world.pass(periodMs);
    const before = JSON.parse(world.valueAt('peppers')) as Record<string, string>;
    if (stored !== undefined)
      world.aws.database.call('PutItem', {
        TableName: 'tenants',
        Item: { pk: { S: 'key_us_x' }, sk: { S: 'key' }, secret_hmac: { S: `${stored}.x` } },
      });
    const token = world.begin();
    const next = change({ ...before, current: 'zzzzzzzzzz', zzzzzzzzzz: random() });
    world.put(token, typeof next === 'string' ? next : JSON.stringify(next));
    const unchanged = world.valueAt('peppers');
    const tested = await world.step('testSecret', token).then(
      () => 'passed',
      () => 'refused',
    );
    const finished = await world.step('finishSecret', token).then(
      () => 'passed',
      () => 'refused',
    );
    expect(world.valueAt('peppers') === unchanged).toBe(finished === 'refused');
    return [tested, finished];
  };

  it('that adds a version passes', async () => {
    expect(await waiting((value) => value, '1')).toEqual(['passed', 'passed']);
  });

  it.each<[string, (value: Record<string, string>) => object | string]>([
    ['is no JSON', () => 'x'],
    ['is not of the product’s form', () => ({ current: '9' })],
    ['adds nothing', ({ zzzzzzzzzz: _, ...value }) => ({ ...value, current: '1' })],
    ['adds two versions', (value) => ({ ...value, zzzzzzzzzy: random() })],
    ['adds a version that is not the current one', (value) => ({ ...value, current: '1' })],
    [
      'names its version so that it sorts before others',
      ({ zzzzzzzzzz, ...value }) => ({ ...value, current: '0', 0: zzzzzzzzzz }),
    ],
    ['changes a version', (value) => ({ ...value, 1: random() })],
    ['lacks all others', ({ zzzzzzzzzz }) => ({ current: 'zzzzzzzzzz', zzzzzzzzzz })],
    [
      'lacks the version that is current',
      (value) => {
        const [, , current = ''] = parseVersionedKeys(JSON.stringify(value)).versions;
        const { [current]: _, ...rest } = value;
        return rest;
      },
    ],
    [
      'lacks the version before it, under which somebody may still make something',
      (value) => {
        const [, previous = ''] = parseVersionedKeys(JSON.stringify(value)).versions;
        const { [previous]: _, ...rest } = value;
        return rest;
      },
    ],
  ])('that %s never becomes the current one', async (_, change) => {
    expect(await waiting(change)).toEqual(['refused', 'refused']);
  });

  it('that lacks a quiet version passes where nothing stored names it, and fails the test where something does', async () => {
    const without = ({ 1: _, ...value }: Record<string, string>) => value;
    expect(await waiting(without)).toEqual(['passed', 'passed']);
    expect((await waiting(without, '1'))[0]).toBe('refused');
    // Not the same version, though it begins alike.
    expect((await waiting(without, '10'))[0]).toBe('refused');
  });

  it('of a rotation that began from another value than is current by now never becomes the current one', async () => {
    const world = openRotationFixture();
    const first = world.begin();
    await world.step('createSecret', first);
    const late = JSON.parse(world.valueAt('peppers', 'AWSPENDING'));
    await world.run('peppers', first);
    const second = world.begin();
    world.put(
      second,
      JSON.stringify({ ...late, zzzzzzzzzz: late[late.current], current: 'zzzzzzzzzz', [late.current]: 'x' }),
    );
    await expect(world.step('finishSecret', second)).rejects.toThrow('the step failed');
    expect(world.lines.join()).toContain('"defect":"the value that waits may not become the current one: it changes');
  });
});

describe('[SEC-1] whoever asks for a step', () => {
  const token = 'a'.repeat(32);

  const SecretId = secretArn('peppers');
  const notOurs = { defect: 'it is no step of a rotation of ours' };
  const notWaiting = { object: 'peppers', defect: 'no such version waits to become the current one' };

  it.each<[string, unknown, object]>([
    ['nothing', undefined, { operation: 'unreadable', ...notOurs }],
    ['no step', { SecretId, ClientRequestToken: token }, { operation: 'unreadable', ...notOurs }],
    [
      'another step',
      { Step: 'deleteSecret', SecretId, ClientRequestToken: token },
      { operation: 'unreadable', ...notOurs },
    ],
    [
      'a step of every object',
      { Step: 'constructor', SecretId, ClientRequestToken: token },
      { operation: 'unreadable', ...notOurs },
    ],
    [
      'another secret',
      { Step: 'createSecret', SecretId: secretArn('of-others'), ClientRequestToken: token },
      { operation: 'createSecret', ...notOurs },
    ],
    [
      'a secret by the beginning of its name',
      { Step: 'createSecret', SecretId: 'peppers', ClientRequestToken: token },
      { operation: 'createSecret', ...notOurs },
    ],
    [
      'a version that does not wait',
      { Step: 'createSecret', SecretId, ClientRequestToken: token },
      { operation: 'createSecret', ...notWaiting },
    ],
  ])('with %s is refused in our own words, and nothing changes', async (_, event, fields) => {
    const world = openRotationFixture();
    await world.rotate();
    world.lines.length = 0;
    const before = world.valueAt('peppers');
    await expect(world.handle(event)).rejects.toThrow('the step failed');
    expect(world.valueAt('peppers')).toBe(before);
    expect(world.lines.map((line) => JSON.parse(line))).toEqual([['rotation_failed', fields]]);
  });

  it.each<[string, string, object]>([
    ['DescribeSecret', 'the secret is not to be rotated', {}],
    ['DescribeSecret', notWaiting.defect, { RotationEnabled: true }],
    ['GetSecretValue', 'Secrets Manager names no version', { SecretString: '{"current":"1","1":"x"}' }],
  ])('learns from an answer of %s that is no answer: %s', async (operation, defect, answered) => {
    const world = openRotationFixture();
    const token = world.begin();
    const answer: Answer = async (call) => (call.operation === operation ? answered : world.plain(call));
    await expect(world.run('peppers', token, { answer })).rejects.toThrow('the step failed');
    expect(world.lines.join()).toContain(`"defect":"${defect}"`);
  });

  it('out of order is refused: what has no value is neither tested nor made the current one', async () => {
    const world = openRotationFixture();
    const waits = world.begin();
    for (const step of ['testSecret', 'finishSecret']) {
      await expect(world.step(step, waits)).rejects.toThrow('the step failed');
      expect(world.lines.pop()).toContain('"defect":"no value waits to become the current one"');
    }
    await world.run('peppers', waits);
  });

  it('learns no value, neither of what went well nor of what failed', async () => {
    const world = openRotationFixture();
    await world.rotate();
    const waits = world.begin();
    await world.step('createSecret', waits);
    const pending = world.valueAt('peppers', 'AWSPENDING');
    world.aws.database.call('PutItem', {
      TableName: 'tenants',
      Item: { pk: { S: 'k' }, sk: { S: 'key' }, secret_hmac: { S: 'gone.x' } },
    });
    const failed = await world.step('testSecret', waits).catch((error: Error) => error);
    const said = world.lines.join() + String(failed) + (failed as Error).stack;
    expect(said).toContain('something stored names a version that is gone');
    const { current: _, ...values } = JSON.parse(pending) as Record<string, string>;
    for (const value of Object.values(values)) expect(said).not.toContain(value);
  });
});

describe('[SEC-1] bounds', () => {
  it('a secret that holds too many versions gets no more', async () => {
    const world = openRotationFixture();
    const many = Object.fromEntries(Array.from({ length: rotationLimits.versions }, (_, at) => [String(at + 1), 'x']));
    const SecretId = secretArn('digests');
    const value = {
      SecretId,
      ClientRequestToken: 'b'.repeat(32),
      SecretString: JSON.stringify({ current: '1', ...many }),
    };
    world.call('PutSecretValue', value);
    await expect(world.rotate('digests')).rejects.toThrow('the step failed');
    expect(world.lines.join()).toContain('too many versions');
  });

  it('a secret that is older than is promised is told of until it is rotated', async () => {
    const world = openRotationFixture();
    world.pass(periodMs + rotationLimits.graceDays * dayMs + 1);
    await world.process().make();
    expect(world.lines).toEqual(['["secret_overdue",{"object":"peppers"}]']);
    await world.rotate();
    world.lines.length = 0;
    await world.process().make();
    expect(world.lines).toEqual([]);
    expect(world.nowMs()).toBeGreaterThan(start);
  });
});
