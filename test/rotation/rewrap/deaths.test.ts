// The rewrapper's process dies at every call that it makes to AWS, before the call took effect, after it did, or with the call
// under way; one death at a time and several in a row, with keys that rotate again meanwhile. Requests seal and open all the
// time, each in a process that has nothing in memory. Whatever happens: nothing becomes unreadable, everything ends under the
// newest material, and each rotation has one certificate with figures that are true.

import { describe, expect, it } from 'vitest';
import { type WrappingKey, wrappingKeys } from '../../../contract/kernel/kms_keys.ts';
import { rewrapLimits } from '../../../contract/rotation/limits.ts';
import { drawFrom } from '../../../proof/simulation/draw.ts';
import type { AwsCall } from '../../kit/aws/answered.ts';
import { type Fault, type World, worldOf } from './world.ts';

const rows = { tenant: 7, pii: 2 };
const rotating = ['tenant', 'pii'] as const;

/** Rotated long enough ago, with requests in between. */
async function rotatedWorld(): Promise<World> {
  const world = await worldOf({ rows, pageRows: 3 });
  for (const key of rotating) world.rotate(key);
  world.nowMs += rewrapLimits.settleMs;
  let calls = 0;
  world.meanwhile = async () => {
    calls += 1;
    await world.open(calls);
    // Now and then a tenant's first request of the day.
    if (calls % 16 === 0 && calls < 50)
      await world.seal(calls % 32 === 0 ? 'pii' : 'tenant', `ten_us_meanwhile${calls}`);
  };
  return world;
}

const under = (world: World, key: WrappingKey): number[] => Object.keys(world.materials(key)).map(Number);

async function holds(world: World): Promise<void> {
  await world.openAll();
  for (const key of rotating) {
    expect(under(world, key)).toEqual([1]);
    const certificates = await world.certificates(key);
    expect(certificates).toMatchObject([{ records_before: rows[key], rewrapped: rows[key], left: 0 }]);
    expect(certificates[0]?.records).toBeGreaterThanOrEqual(rows[key]);
    expect(certificates[0]?.records).toBeLessThanOrEqual(world.rows(key).length);
  }
  expect(await world.certificates('secrets')).toEqual([]);
}

const callsOfOneRun = await (async () => {
  const world = await rotatedWorld();
  await world.run();
  await holds(world);
  return world.calls.map(({ operation }, index) => [index, operation] as const);
})();

const deaths = ['dies_before', 'dies_after', 'arrives_late'] as const satisfies Fault[];

describe('[ENC-3] a rewrapper that dies', () => {
  it('makes calls of every kind', () => {
    const kinds = new Set(callsOfOneRun.map(([, operation]) => operation));
    expect([...kinds].sort()).toEqual(['ListKeyRotations', 'PutItem', 'Query', 'ReEncrypt', 'Scan', 'UpdateItem']);
    expect(callsOfOneRun.length).toBeGreaterThan(40);
  });

  describe.each(deaths)('%s', (death) => {
    it.each(callsOfOneRun)('at call %i, %s', async (at) => {
      const world = await rotatedWorld();
      expect(await world.run((_, index) => (index === at ? death : undefined))).toBe('died');
      world.nowMs += 3_600_000;
      await world.runToTheEnd();
      await holds(world);
    });
  });

  it.each(Array.from({ length: 60 }, (_, seed) => [seed]))('several times, wherever: %i', async (seed) => {
    const draw = drawFrom(seed);
    const world = await rotatedWorld();
    for (let death = 0; death < 4; death += 1) {
      const at = draw.integer(`at ${death}`, callsOfOneRun.length * 0.7);
      const how = draw.pick(`how ${death}`, deaths);
      await world.run((_: AwsCall, index: number) => (index === at ? how : undefined));
      world.nowMs += draw.integer(`after ${death}`, 3_600_000);
    }
    await world.runToTheEnd();
    await holds(world);
  });

  it.each(Array.from({ length: 60 }, (_, seed) => [seed]))('while keys rotate again: %i', async (seed) => {
    const draw = drawFrom(1_000 + seed);
    const world = await rotatedWorld();
    const meanwhile = world.meanwhile;
    let [calls, rotations] = [0, 1];
    const rotatesAt = draw.integer('rotates at', 60);
    world.meanwhile = async (call) => {
      calls += 1;
      if (calls === rotatesAt) {
        rotations += 1;
        for (const key of wrappingKeys) world.rotate(key);
      }
      await meanwhile(call);
    };
    for (let death = 0; death < 3; death += 1) {
      const at = draw.integer(`at ${death}`, callsOfOneRun.length * 0.7);
      const how = draw.pick(`how ${death}`, deaths);
      await world.run((_: AwsCall, index: number) => (index === at ? how : undefined));
      world.nowMs += draw.integer(`after ${death}`, 3_600_000);
    }
    await world.runToTheEnd();
    await world.openAll();
    for (const key of rotating) {
      expect(under(world, key)).toEqual([rotations]);
      const certificates = await world.certificates(key);
      expect(certificates).toHaveLength(rotations);
      for (const { records_before, rewrapped } of certificates) expect(rewrapped).toBe(records_before);
      expect(certificates[0]).toMatchObject({ records_before: rows[key] });
    }
  });
});
