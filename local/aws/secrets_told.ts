// What tools on this machine may know of secrets: names, versions and times, and never a value.

import { parseVersionedKeys } from '../../lambdas/crypto/platform_secrets.ts';
import { type HeldSecret, stages } from './secrets_store.ts';

export interface ToldSecret {
  /** As the zone names it. */
  readonly name: string;
  readonly current: string;
  readonly versions: readonly string[];
  /** Seconds since 1970. */
  readonly createdAt: number;
  readonly rotatedAt: number | null;
  /** Null: it is not to be rotated. */
  readonly days: number | null;
  readonly dueAt: number | null;
  /** Whether a rotation is not complete. */
  readonly pending: boolean;
}

export const toldSecrets = (secrets: readonly HeldSecret[]): ToldSecret[] =>
  secrets.map((held) => {
    const { current, versions } = parseVersionedKeys(held.at(stages.current)?.value);
    return {
      name: held.secret.name,
      current,
      versions,
      createdAt: held.secret.createdAt,
      rotatedAt: held.history.rotatedAt ?? null,
      days: held.schedule?.days ?? null,
      dueAt: held.dueAt ?? null,
      pending: held.pending !== undefined,
    };
  });
