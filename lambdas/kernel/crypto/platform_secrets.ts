// Platform secrets: versioned HMAC keys from Secrets Manager, held in memory for a bounded time. A version that was added
// since is found when something names it; made-up versions must not cause a call each.

import { createSecretKey, type KeyObject } from 'node:crypto';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { type PlatformSecretName, platformSecrets } from '../../../contract/kernel/kms_keys.ts';
import { cacheLimits } from '../../../contract/kernel/limits.ts';
import { parsePlatformSecretValue } from '../../../contract/kernel/platform_secret_value.ts';
import { rotationLimits } from '../../../contract/rotation/limits.ts';
import { Defect } from '../domain/refusal.ts';
import type { Platform } from '../platform/platform.ts';

export interface VersionedKeys {
  readonly current: string;
  /** By name, which is by age: lambdas/rotation/secrets/versions.ts makes names that rise. */
  readonly versions: readonly string[];
  /** Undefined: retired or never known. */
  key(version: string): KeyObject | undefined;
}

/** `needing`: a version that must be among them; one that was added since the last look is looked for. */
export type PlatformSecret = (needing?: string) => Promise<VersionedKeys>;

export function parseVersionedKeys(text: string | undefined): VersionedKeys {
  const value = parsePlatformSecretValue(text);
  if (value === undefined) {
    throw new Defect('a platform secret is not of the form {"current": version, version: value}');
  }
  const keys = new Map([...value.keys].map(([version, key]) => [version, createSecretKey(Buffer.from(key))]));
  return { current: value.current, versions: [...keys.keys()].sort(), key: (version) => keys.get(version) };
}

const dayMs = 86_400_000;

/** Of the value that is current. Every reader logs it, so that a rotation which never began is noticed too. */
const isOverdue = (name: PlatformSecretName, since: Date | undefined, nowMs: number): boolean =>
  since !== undefined &&
  nowMs - since.getTime() > (platformSecrets[name].rotationDays + rotationLimits.graceDays) * dayMs;

interface Held {
  readonly keys: Promise<VersionedKeys>;
  readonly sinceMs: number;
}

export function platformSecret(
  platform: Pick<Platform, 'clock' | 'config' | 'log' | 'secretsManager'>,
  name: PlatformSecretName,
): PlatformSecret {
  let held: Held | undefined;
  const lookedFor = new Map<string, number>();

  const fetchKeys = async (): Promise<VersionedKeys> => {
    const command = new GetSecretValueCommand({ SecretId: platform.config.secret(name) });
    const { SecretString, CreatedDate } = await platform.secretsManager.send(command);
    if (isOverdue(name, CreatedDate, platform.clock())) platform.log('secret_overdue', { object: name });
    return parseVersionedKeys(SecretString);
  };
  const fetched = (): Promise<VersionedKeys> => {
    const before = held;
    const latest = { keys: fetchKeys(), sinceMs: platform.clock() };
    held = latest;
    // What was held before stays usable while it lasts.
    latest.keys.catch(() => {
      if (held === latest) held = before;
    });
    return latest.keys;
  };
  const mayLookFor = (version: string, nowMs: number): boolean => {
    for (const [other, atMs] of lookedFor) if (atMs + cacheLimits.secretRecheckMs <= nowMs) lookedFor.delete(other);
    if (lookedFor.has(version) || lookedFor.size >= cacheLimits.secretRechecks) return false;
    lookedFor.set(version, nowMs);
    return true;
  };

  return async (needing) => {
    const now = platform.clock();
    if (held === undefined || held.sinceMs + cacheLimits.secretMs <= now) return fetched();
    const keys = await held.keys;
    if (needing === undefined || keys.key(needing) !== undefined) return keys;
    // Where it is looked for already, that answer is the newest.
    return mayLookFor(needing, now) ? fetched() : held.keys;
  };
}
