// What a process keeps for a while: until its time, and at most so many.

import { expect, it } from 'vitest';
import { cache } from '../../../lambdas/kernel/platform/cache.ts';

it('keeps a value until its time and no millisecond longer', () => {
  let now = 0;
  const entries = cache<string>(() => now, 10);
  entries.keep('a', 'one', 100);
  now = 99;
  expect(entries.get('a')).toBe('one');
  now = 100;
  expect(entries.get('a')).toBeUndefined();
  // Gone for good, even if the clock is put back.
  now = 50;
  expect(entries.get('a')).toBeUndefined();
});

it('keeps no more than so many; what was kept first goes first, and being read saves nothing', () => {
  const entries = cache<number>(() => 0, 3);
  for (const [at, name] of ['a', 'b', 'c', 'a'].entries()) entries.keep(name, at, 1);
  expect(entries.get('b')).toBe(1);
  entries.keep('d', 4, 1);
  expect(['a', 'b', 'c', 'd'].map((name) => entries.get(name))).toEqual([3, undefined, 2, 4]);
});

it('forgets what it is told to forget, and nothing else', () => {
  const entries = cache<string>(() => 0, 3);
  entries.keep('a', 'one', 1);
  entries.keep('b', 'two', 1);
  entries.forget('a');
  expect(entries.get('a')).toBeUndefined();
  expect(entries.get('b')).toBe('two');
});
