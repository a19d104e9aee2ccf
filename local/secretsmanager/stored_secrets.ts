// The secrets of a zone with their histories, stored in the state folder, and the schedules by which they are rotated. The file
// is written whole and one write at a time; a value is never printed.

import * as v from 'valibot';
import type { Deployment } from '../cloudformation/deployment.ts';
import { UserError } from '../host/user_error.ts';
import { permissionsOf } from '../lambda/permissions.ts';
import type { StateFolder } from '../storage/state.ts';
import { HeldSecret, type RotationSchedule, type Secret } from './store.ts';

const Schedule = v.strictObject({
  SecretId: v.string(),
  RotationLambdaARN: v.string(),
  RotationRules: v.strictObject({ AutomaticallyAfterDays: v.pipe(v.number(), v.minValue(1), v.maxValue(1000)) }),
  // A fresh secret is minutes old here, so the rotation that AWS begins with a deployment is left out.
  RotateImmediatelyOnUpdate: v.optional(v.boolean()),
});

const Histories = v.record(
  v.string(),
  v.object({
    versions: v.array(
      v.object({
        id: v.string(),
        stages: v.array(v.string()),
        value: v.optional(v.string()),
        createdAt: v.number(),
      }),
    ),
    changedAt: v.number(),
    rotatedAt: v.optional(v.number()),
  }),
);

export interface StoredSecrets {
  readonly held: readonly HeldSecret[];
  keep(): Promise<void>;
}

/** By the secret's ARN. A schedule whose function Secrets Manager may not call stops the boot. */
const schedulesOf = (deployment: Deployment): ReadonlyMap<string, RotationSchedule> => {
  const mayInvoke = permissionsOf(deployment, 'secretsmanager.amazonaws.com');
  return new Map(
    deployment.of('AWS::SecretsManager::RotationSchedule').map((resource) => {
      const parsed = v.safeParse(Schedule, resource.properties());
      if (!parsed.success)
        throw new UserError(`stack ${resource.stack.name}: ${resource.logicalId}: not a schedule that is run locally.`);
      const { SecretId, RotationLambdaARN, RotationRules } = parsed.output;
      mayInvoke(RotationLambdaARN, SecretId, resource);
      return [SecretId, { functionArn: RotationLambdaARN, days: RotationRules.AutomaticallyAfterDays }];
    }),
  );
};

export const openSecrets = async (
  deployment: Deployment,
  secrets: readonly Secret[],
  state: StateFolder,
): Promise<StoredSecrets> => {
  const file = `secret-versions-${deployment.zone}.json`;
  const stored = (await state.read(file, Histories)) ?? {};
  const schedules = schedulesOf(deployment);
  const now = () => Math.floor(Date.now() / 1000);
  const held = secrets.map((each) => new HeldSecret(each, schedules.get(each.arn), stored[each.arn], now));
  let last: Promise<void> = Promise.resolve();
  return {
    held,
    keep() {
      const written = last.then(() =>
        state.write(file, { ...stored, ...Object.fromEntries(held.map((each) => [each.secret.arn, each.history])) }),
      );
      last = written.catch(() => {});
      return written;
    },
  };
};

const Sealed = v.object({ KmsKeyId: v.optional(v.string()) });

/** The replicas of the region: they have the values of their primaries, whichever rotation they came with. */
export const replicaSecrets = (deployment: Deployment, { held }: StoredSecrets): StoredSecrets => ({
  held: deployment.of('AWS::SecretsManager::Secret').map((resource) => {
    const primary = held.find(({ secret }) => secret.arn === resource.primary?.physical.ref);
    if (primary === undefined)
      throw new UserError(
        `stack ${resource.stack.name}: ${resource.logicalId} is no replica of a secret of this zone.`,
      );
    const { KmsKeyId } = v.parse(Sealed, resource.properties());
    const secret = { ...primary.secret, arn: resource.physical.ref, keyArn: KmsKeyId };
    return new HeldSecret(secret, undefined, undefined, Date.now, primary);
  }),
  keep: async () => {},
});
