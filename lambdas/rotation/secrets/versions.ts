// The versions of a platform secret, as pure decisions: the name of the next one, which ones may retire, and whether one value
// may follow another. A version under which something may still be made is never among those to retire.

import { rotationLimits } from '../../../contract/rotation/limits.ts';
import type { VersionedKeys } from '../../kernel/crypto/platform_secrets.ts';
import { timeDigits, timeOf } from '../../kernel/platform/ids.ts';

const timed = /^[2-7a-z]{10}$/;

/** Milliseconds since the epoch; undefined for the first version, which the template names. */
export const madeAt = (version: string): number | undefined => (timed.test(version) ? timeOf(version) : undefined);

/** Names rise with time, whatever the clocks do, so that they tell which version was the current one before. */
export function nextVersion({ versions }: VersionedKeys, nowMs: number): string {
  // Stryker disable next-line StringLiteral: a value has a version; the types cannot say so.
  const last = madeAt(versions.at(-1) ?? '') ?? 0;
  return timeDigits(Math.max(nowMs, last + 1));
}

/**
 * Oldest first. When the current version was made its predecessor was the current one, so nothing older has been handed
 * out since: what is older than both, `quietMs` later, names nothing new.
 */
export function quietVersions({ current, versions }: VersionedKeys, nowMs: number): readonly string[] {
  const since = madeAt(current);
  if (since === undefined || versions.at(-1) !== current || nowMs - since < rotationLimits.quietMs) return [];
  return versions.slice(0, -2);
}

const same = (version: string, before: VersionedKeys, after: VersionedKeys): boolean => {
  const [old, next] = [before.key(version), after.key(version)];
  // Stryker disable next-line ConditionalExpression: `before` has all that it is asked for; the types cannot say so.
  return old !== undefined && next !== undefined && old.equals(next);
};

/** Why `after` may not take the place of `before`; undefined where it may. */
export function faultOf(before: VersionedKeys, after: VersionedKeys, nowMs: number): string | undefined {
  // Versions are sorted: where the first that is new is both the current one and the last, it is the only one.
  const added = after.versions.find((version) => before.key(version) === undefined);
  if (added !== after.current) return 'it does not add one version and make it the current one';
  if (after.versions.at(-1) !== after.current) return 'its current version is not its last';
  const quiet = quietVersions(before, nowMs);
  const wrong = before.versions.find(
    (version) => !same(version, before, after) && (after.key(version) !== undefined || !quiet.includes(version)),
  );
  return wrong && `it changes or lacks the version ${wrong}, which may be in use`;
}

/** As Secrets Manager stores it. */
export function textWith(
  before: VersionedKeys,
  added: { readonly version: string; readonly value: string },
  retired: readonly string[],
): string {
  const remaining = before.versions.filter((version) => !retired.includes(version));
  // Stryker disable next-line OptionalChaining: all of them are its own; the types cannot say so.
  const values = remaining.map((version) => [version, before.key(version)?.export().toString()]);
  return JSON.stringify({ current: added.version, ...Object.fromEntries(values), [added.version]: added.value });
}
