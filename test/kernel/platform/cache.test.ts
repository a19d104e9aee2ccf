// What a process keeps for a while: until its time, and at most so many.

import { expect, it } from 'vitest';
import { cache } from '../../../lambdas/kernel/platform/cache.ts';

it('keeps a value until its time and no millisecond longer', () => {
  let now = 0;
  const kept = cache<string>(() => now, 10);
  kept.keep('a', 'one', 100);
  now = 99;
  expect(kept.get('a')).toBe('one');
  now = 100;
  expect(kept.get('a')).toBeUndefined();
  // Gone for good, even if the clock is put back.
  now = 50;
  expect(kept.get('a')).toBeUndefined();
});

it('keeps no more than so many; what was kept first goes first, and being read saves nothing', () => {
  const kept = cache<number>(() => 0, 3);
  for (const [at, name] of ['a', 'b', 'c', 'a'].entries()) kept.keep(name, at, 1);
  expect(kept.get('b')).toBe(1);
  kept.keep('d', 4, 1);
  expect(['a', 'b', 'c', 'd'].map((name) => kept.get(name))).toEqual([3, undefined, 2, 4]);
});

it('forgets what it is told to forget, and nothing else', () => {
  const kept = cache<string>(() => 0, 3);
  kept.keep('a', 'one', 1);
  kept.keep('b', 'two', 1);
  kept.forget('a');
  expect(kept.get('a')).toBeUndefined();
  expect(kept.get('b')).toBe('two');
});
