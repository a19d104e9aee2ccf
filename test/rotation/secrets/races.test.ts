// A rotation beside processes that make and verify keys, their calls in every order that can be thought of: no key is ever
// refused, from the moment on at which it is stored.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cacheLimits } from '../../../contract/kernel/limits.ts';
import type { Answer } from '../../kit/aws/answered.ts';
import { secretArn } from '../../kit/aws/environment.ts';
import { type MadeKey, openRotationFixture, periodMs } from './rotation_fixture.ts';
import { turns } from './turns.ts';

const order = fc.array(fc.nat(1_000), { minLength: 40, maxLength: 120 });

const racing = (numbers: readonly number[]) => {
  const sequence = turns(numbers);
  const state = { on: false };
  const world = openRotationFixture({ between: async () => (state.on ? sequence.take() : undefined) });
  return {
    world,
    race<T>(work: () => Promise<T>): Promise<T> {
      state.on = true;
      return sequence.until(work()).finally(() => {
        state.on = false;
      });
    },
  };
};

describe('[SEC-1] races', () => {
  it('a key that was made while its pepper was rotated is accepted everywhere at once', async () => {
    let underNew = 0;
    const property = fc.asyncProperty(order, fc.nat(cacheLimits.secretMs - 1), async (numbers, agedMs) => {
      const { world, race } = racing(numbers);
      const [old, verifier] = [world.process(), world.process()];
      const first = await old.make();
      await verifier.accepts(first);
      world.pass(agedMs);
      // Read a moment before the rotation: what is asked for again only after a while is too late.
      const recent = world.process();
      await recent.accepts(first);
      const token = world.begin();
      const makes = async (): Promise<void> => {
        for (let keys = 0; keys < 5; keys += 1) {
          for (const key of [await world.process().make(), await old.make()]) {
            if (!key.stored.startsWith('1.')) underNew += 1;
            const accepted = await Promise.all([old, verifier, recent].map((each) => each.accepts(key)));
            expect(accepted).toEqual([true, true, true]);
          }
          expect(await verifier.accepts(first)).toBe(true);
        }
      };
      await race(() => Promise.all([world.run('peppers', token), makes(), makes()]));
      expect(world.keys().versions).toHaveLength(2);
    });
    await fc.assert(property, { numRuns: 40 });
    expect(underNew).toBeGreaterThan(0);
  });

  it('who is overtaken before any of its calls begins from the newer value or is refused: what was made since stays good', async () => {
    const SecretId = secretArn('peppers');
    const overtakenAt = async (at: number): Promise<number> => {
      const world = openRotationFixture();
      const [first, second] = [world.begin(), 'c'.repeat(32)];
      const made: MadeKey[] = [];
      let calls = 0;
      const answer: Answer = async (call) => {
        calls += 1;
        if (calls - 1 !== at) return world.plain(call);
        world.call('UpdateSecretVersionStage', { SecretId, VersionStage: 'AWSPENDING', RemoveFromVersionId: first });
        world.call('RotateSecret', { SecretId, ClientRequestToken: second });
        await world.run('peppers', second);
        made.push(await world.process().make());
        return world.plain(call);
      };
      const ended = await world.run('peppers', first, { answer }).then(
        () => 'completed',
        () => 'refused',
      );
      for (const key of made) expect(await world.process().accepts(key), `${at} ${ended}`).toBe(true);
      expect(world.keys().versions).toHaveLength(1 + made.length + (ended === 'completed' ? 1 : 0));
      ends.push(ended);
      return calls;
    };
    const ends: string[] = [];
    const calls = await overtakenAt(Number.POSITIVE_INFINITY);
    expect([calls > 8, ends.pop()]).toEqual([true, 'completed']);
    for (let at = 0; at < calls; at += 1) await overtakenAt(at);
    // From the test on it is too late to begin from another value.
    expect(ends.slice(-5)).toEqual(Array(5).fill('refused'));
  });

  it('two rotations at the same time leave every key good that was made meanwhile', async () => {
    const ended = { both: 0, one: 0 };
    const property = fc.asyncProperty(order, async (numbers) => {
      const { world, race } = racing(numbers);
      await world.rotate();
      world.pass(periodMs);
      const SecretId = secretArn('peppers');
      const [first, second] = [world.begin(), 'c'.repeat(32)];
      // As if somebody took the first for dead: the stage is taken from it while its steps still run.
      const overtakes = async () => {
        await world.step('setSecret', first);
        world.call('UpdateSecretVersionStage', { SecretId, VersionStage: 'AWSPENDING', RemoveFromVersionId: first });
        world.call('RotateSecret', { SecretId, ClientRequestToken: second });
        await world.run('peppers', second);
      };
      const made: MadeKey[] = [];
      const makes = async () => {
        for (let keys = 0; keys < 6; keys += 1) made.push(await world.process().make());
      };
      const refused = await race(async () => {
        const results = await Promise.allSettled([world.run('peppers', first), overtakes(), makes()]);
        return results.filter(({ status }) => status === 'rejected').length;
      });
      expect(refused).toBeLessThan(2);
      ended[refused === 0 ? 'both' : 'one'] += 1;
      const reader = world.process();
      for (const key of made) expect(await reader.accepts(key)).toBe(true);
      expect(world.keys().versions).toHaveLength(refused === 0 ? 4 : 3);
    });
    await fc.assert(property, { numRuns: 40 });
    expect(ended.one).toBeGreaterThan(0);
  });
});
