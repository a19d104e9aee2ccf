// The one loop of every change: tried again after a conflict, a bounded number of times, each time after a longer pause.

import { expect, it } from 'vitest';
import { commitLimits } from '../../../contract/kernel/limits.ts';
import { conflict, untilCommitted } from '../../../lambdas/kernel/store/retry.ts';

/** A platform whose randomness is always this byte, and that notes its pauses. */
function platformOf(byte: number | undefined) {
  const pausesMs: number[] = [];
  const random = (bytes: number) => new Uint8Array(byte === undefined ? 0 : bytes).fill(byte ?? 0);
  const sleep = async (ms: number) => {
    pausesMs.push(ms);
  };
  return { pausesMs, platform: { random, sleep } };
}

it('gives what the first try without a conflict gave', async () => {
  const { platform, pausesMs } = platformOf(255);
  let tries = 0;
  const result = await untilCommitted(platform, async () => {
    tries += 1;
    return tries < 3 ? conflict : 'done';
  });
  expect([result, tries, pausesMs]).toEqual(['done', 3, [25, 50]]);
});

it('is refused for now after a bounded number of tries, each after a longer pause up to the last step', async () => {
  const { platform, pausesMs } = platformOf(255);
  const refused = untilCommitted(platform, async () => conflict, 20);
  await expect(refused).rejects.toMatchObject({ code: 'unavailable', details: { retryAfterSeconds: 20 } });
  expect(pausesMs).toEqual(Array.from({ length: commitLimits.tries }, (_, tries) => 25 * (1 + Math.min(tries, 8))));
});

it.each([
  [51, [5, 10]],
  [undefined, [0, 0]],
])('waits for a while that chance shortens (%s)', async (byte, expected) => {
  const { platform, pausesMs } = platformOf(byte);
  await untilCommitted(platform, async () => (pausesMs.length < 2 ? conflict : 'done'));
  expect(pausesMs).toEqual(expected);
});

it('passes on what a try throws', async () => {
  const { platform, pausesMs } = platformOf(255);
  const thrown = untilCommitted(platform, async () => Promise.reject(new TypeError('no')));
  await expect(thrown).rejects.toThrow(TypeError);
  expect(pausesMs).toEqual([]);
});
