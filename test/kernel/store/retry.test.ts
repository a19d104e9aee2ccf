// The one loop of every change: tried again after a conflict, a bounded number of times, each time after a longer pause,
// and never too late to be answered.

import { expect, it } from 'vitest';
import { commitLimits } from '../../../contract/kernel/limits.ts';
import { conflict, untilCommitted } from '../../../lambdas/kernel/store/retry.ts';

/** A platform whose randomness is always this byte, and that notes its pauses. */
function platformOf(byte: number | undefined) {
  const pausesMs: number[] = [];
  let nowMs = 0;
  const random = (bytes: number) => new Uint8Array(byte === undefined ? 0 : bytes).fill(byte ?? 0);
  const sleep = async (ms: number) => {
    pausesMs.push(ms);
    nowMs += ms;
  };
  const pass = (ms: number) => {
    nowMs += ms;
  };
  return { pausesMs, pass, platform: { clock: () => nowMs, random, sleep } };
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
  // After the last try there is nothing to wait for.
  const pauses = commitLimits.tries - 1;
  expect(pausesMs).toEqual(Array.from({ length: pauses }, (_, tries) => 25 * (1 + Math.min(tries, 8))));
});

it('no try begins too late, however few there were', async () => {
  const { platform, pausesMs, pass } = platformOf(255);
  let tries = 0;
  const refused = untilCommitted(platform, async () => {
    tries += 1;
    pass(commitLimits.lastTryMs / 2 - 25);
    return conflict;
  });
  await expect(refused).rejects.toMatchObject({ code: 'unavailable', details: { retryAfterSeconds: 1 } });
  expect([tries, pausesMs]).toEqual([2, [25]]);
});

it('a first try that took all the time and was not raced is as good as any', async () => {
  const { platform, pass } = platformOf(255);
  const slow = untilCommitted(platform, async () => {
    pass(commitLimits.lastTryMs * 2);
    return 'done';
  });
  await expect(slow).resolves.toBe('done');
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
