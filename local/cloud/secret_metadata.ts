// What the control endpoint shows of secrets: names, versions and times, and never a value.

import * as v from 'valibot';
import { parsePlatformSecretValue } from '../../contract/kernel/platform_secret_value.ts';
import { type HeldSecret, stages } from '../secretsmanager/store.ts';

export const SecretMetadata = v.object({
  /** As the zone names it. */
  name: v.string(),
  current: v.string(),
  /** By age, the oldest first. */
  versions: v.pipe(v.array(v.string()), v.readonly()),
  /** Milliseconds since 1970, as every time here. */
  createdAt: v.number(),
  rotatedAt: v.nullable(v.number()),
  /** Null: nothing rotates it. */
  days: v.nullable(v.number()),
  dueAt: v.nullable(v.number()),
  /** Whether a rotation is not complete. */
  pending: v.boolean(),
});
export type SecretMetadata = v.InferOutput<typeof SecretMetadata>;

const ms = (seconds: number | undefined): number | null => (seconds === undefined ? null : seconds * 1000);

export const secretMetadata = (secrets: readonly HeldSecret[]): SecretMetadata[] =>
  secrets.map((held) => {
    const value = parsePlatformSecretValue(held.at(stages.current)?.value);
    if (value === undefined) throw new Error(`the secret ${held.secret.name} has a value of another form`);
    return {
      name: held.secret.name,
      current: value.current,
      versions: [...value.keys.keys()].sort(),
      createdAt: held.secret.createdAt * 1000,
      rotatedAt: ms(held.history.rotatedAt),
      days: held.schedule?.days ?? null,
      dueAt: ms(held.dueAt),
      pending: held.pending !== undefined,
    };
  });
