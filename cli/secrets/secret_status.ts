// The status of a platform secret, without its values, and the lines that a person reads.

import type { PlatformSecretName } from '../../contract/kernel/kms_keys.ts';
import { madeAt } from '../../lambdas/rotation/secrets/versions.ts';
import type { SecretMetadata } from '../../local/cloud/secret_metadata.ts';

export type SecretStatus = Readonly<SecretMetadata & { name: PlatformSecretName }>;

/** A zone's secrets, wherever the zone runs. */
export interface ZoneSecrets {
  statuses(): Promise<readonly SecretStatus[]>;
  /** Begins a rotation. */
  rotate(name: string): Promise<void>;
}

const dayMs = 86_400_000;

export const isLate = ({ days, dueAt }: SecretStatus, nowMs: number): boolean =>
  days === null || dueAt === null || dueAt < nowMs;

const date = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
const age = (sinceMs: number, nowMs: number): string => {
  const days = Math.floor((nowMs - sinceMs) / dayMs);
  return days === 1 ? '1 day' : `${days} days`;
};

/** Lines for a person: no value is among them. */
export const linesOf = (secret: SecretStatus, nowMs: number): string[] => {
  const { name, current, versions, createdAt, rotatedAt, days, dueAt, pending } = secret;
  const period = days === null ? 'nothing rotates it' : `every ${days} days`;
  const next = dueAt === null ? 'no next rotation' : `next due ${date(dueAt)}`;
  const last = rotatedAt === null ? `made ${date(createdAt)}, not rotated yet` : `last rotated ${date(rotatedAt)}`;
  return [
    `${name}: ${[period, last, next, ...(pending ? ['a rotation is not complete'] : [])].join(', ')}${isLate(secret, nowMs) ? ' LATE' : ''}`,
    ...versions.map(
      (version) =>
        `  ${version.padEnd(10)}  ${age(madeAt(version) ?? createdAt, nowMs)} old${version === current ? '  current' : ''}`,
    ),
  ];
};
