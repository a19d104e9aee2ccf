// Platform secrets: versioned HMAC keys from Secrets Manager, held in memory for a bounded time.

import { createSecretKey, type KeyObject } from 'node:crypto';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import * as v from 'valibot';
import type { PlatformSecretName } from '../../contract/keys.ts';
import { cacheLimits } from '../../contract/limits.ts';
import { Defect } from '../domain/refusal.ts';
import type { Platform } from '../platform/platform.ts';

export interface VersionedKeys {
  readonly current: string;
  /** Undefined: retired or never known. */
  key(version: string): KeyObject | undefined;
}

/** `needing`: a version that must be among them; one that was added since the last look is looked for. */
export type PlatformSecret = (needing?: string) => Promise<VersionedKeys>;

const Stored = v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.pipe(v.string(), v.minLength(1))));

export function parseVersionedKeys(text: string | undefined): VersionedKeys {
  const parsed = v.safeParse(Stored, text);
  const current = parsed.success ? parsed.output.current : undefined;
  if (!parsed.success || current === undefined || parsed.output[current] === undefined) {
    throw new Defect('a platform secret is not of the form {"current": version, version: value}');
  }
  const keys = new Map(
    Object.entries(parsed.output)
      .filter(([version]) => version !== 'current')
      .map(([version, value]) => [version, createSecretKey(Buffer.from(value))]),
  );
  return { current, key: (version) => keys.get(version) };
}

export function platformSecret(
  platform: Pick<Platform, 'clock' | 'config' | 'secretsManager'>,
  name: PlatformSecretName,
): PlatformSecret {
  let held: { readonly keys: Promise<VersionedKeys>; readonly sinceMs: number } | undefined;
  const fetched = (): Promise<VersionedKeys> => {
    const keys = platform.secretsManager
      .send(new GetSecretValueCommand({ SecretId: platform.config.secret(name) }))
      .then((answer) => parseVersionedKeys(answer.SecretString));
    held = { keys, sinceMs: platform.clock() };
    keys.catch(() => {
      held = undefined;
    });
    return keys;
  };
  return async (needing) => {
    const now = platform.clock();
    if (held === undefined || held.sinceMs + cacheLimits.secretMs <= now) return fetched();
    const keys = await held.keys;
    const missing = needing !== undefined && keys.key(needing) === undefined;
    return missing && held !== undefined && held.sinceMs + cacheLimits.secretRecheckMs <= now ? fetched() : keys;
  };
}
