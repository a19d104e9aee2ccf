// What a version is called, and why a value may not follow another, in the words that stand in the log.

import { expect, it } from 'vitest';
import { rotationLimits } from '../../../contract/rotation/limits.ts';
import { parseVersionedKeys } from '../../../lambdas/kernel/crypto/platform_secrets.ts';
import { faultOf, madeAt, nextVersion } from '../../../lambdas/rotation/secrets/versions.ts';

const nowMs = Date.UTC(2027, 0, 1);
const value = (current: string, versions: Record<string, string>) =>
  parseVersionedKeys(JSON.stringify({ current, ...versions }));
const [second = '', third = ''] = [-2, -1].map((periods) =>
  nextVersion(value('1', { 1: 'a' }), nowMs + periods * 2 * rotationLimits.quietMs),
);
const before = value(third, { 1: 'a', [second]: 'b', [third]: 'c' });
const next = nextVersion(before, nowMs);
const all = { 1: 'a', [second]: 'b', [third]: 'c', [next]: 'd' };

it('[SEC-1] a version’s name tells its time; the first one’s and longer ones tell none', () => {
  expect(madeAt(next)).toBe(nowMs);
  for (const name of ['1', `${next}a`, `a${next}`, next.toUpperCase()]) expect(madeAt(name)).toBeUndefined();
});

it.each<[string | undefined, string, Record<string, string>]>([
  [undefined, next, all],
  [undefined, next, { [second]: 'b', [third]: 'c', [next]: 'd' }],
  ['it does not add one version and make it the current one', third, { 1: 'a', [second]: 'b', [third]: 'c' }],
  ['it does not add one version and make it the current one', third, all],
  ['it does not add one version and make it the current one', next, { ...all, [nextVersion(before, nowMs - 1)]: 'e' }],
  ['its current version is not its last', '2', { 1: 'a', [second]: 'b', [third]: 'c', 2: 'd' }],
  [`it changes or lacks the version ${third}, which may be in use`, next, { 1: 'a', [second]: 'b', [next]: 'd' }],
  [`it changes or lacks the version ${second}, which may be in use`, next, { 1: 'a', [third]: 'c', [next]: 'd' }],
  ['it changes or lacks the version 1, which may be in use', next, { ...all, 1: 'x' }],
])('[SEC-1] %s', (fault, current, versions) => {
  expect(faultOf(before, value(current, versions), nowMs)).toBe(fault);
});
