// Secrets Manager for one region: the secrets that the templates declare, whose first values were generated once. A change is
// stored before its call is answered.

import * as v from 'valibot';
import type { Access } from '../endpoint/access.ts';
import { inputOf, json, type Service, unknownOperation } from '../endpoint/service.ts';
import { accessesOf } from '../iam/service_side.ts';
import { through } from '../iam/through.ts';
import { callSecrets, isChange, isOperation, secretIn, versionRead } from './calls.ts';
import { HeldSecret, type Secret, stages } from './store.ts';

export type { Secret } from './store.ts';

export interface SecretsManagerOptions {
  /** Stores the secret's history. */
  readonly keep?: (held: HeldSecret) => Promise<void>;
  /** Called for a rotation that begins, or is to be attempted again. */
  readonly rotate?: (held: HeldSecret) => void;
}

const Aimed = v.object({
  VersionId: v.optional(v.string()),
  VersionStage: v.optional(v.string()),
  ClientRequestToken: v.optional(v.string()),
});

/** Secrets Manager opens and seals under the secret's key in its caller's name. */
const throughKey = (
  act: 'openSecret' | 'sealVersion',
  { secret: { arn, keyArn } }: HeldSecret,
  version: string,
  region: string,
): readonly Access[] =>
  keyArn === undefined
    ? []
    : accessesOf(act, keyArn, through('secretsmanager', region, { SecretARN: arn, SecretVersionId: version }));

const asHeld = (secret: Secret | HeldSecret): HeldSecret =>
  secret instanceof HeldSecret
    ? secret
    : new HeldSecret(secret, undefined, undefined, () => Math.floor(Date.now() / 1000));

export const createSecretsManager = (
  secrets: readonly (Secret | HeldSecret)[],
  { keep = async () => {}, rotate = () => {} }: SecretsManagerOptions = {},
): Service => {
  const all = secrets.map(asHeld);
  return {
    targets: ['secretsmanager'],
    accesses({ operation, input, region, ...call }) {
      if (!isOperation(operation)) throw unknownOperation('secretsmanager', operation);
      const held = secretIn(all, input);
      const aimed = inputOf(Aimed, { operation, input, region, ...call });
      const conditionKeys = { 'secretsmanager:VersionStage': [aimed.VersionStage ?? stages.current] };
      const own: Access = { action: `secretsmanager:${operation}`, resource: held.secret.arn, conditionKeys };
      switch (operation) {
        case 'GetSecretValue': {
          const { id, value } = versionRead(held, aimed);
          return [own, ...(value === undefined ? [] : throughKey('openSecret', held, id, region))];
        }
        case 'PutSecretValue':
          return [own, ...throughKey('sealVersion', held, aimed.ClientRequestToken ?? '', region)];
        case 'RotateSecret': {
          const { schedule } = held;
          const starts = schedule && {
            action: 'lambda:InvokeFunction',
            resource: schedule.functionArn,
            conditionKeys: {},
          };
          return starts === undefined ? [own] : [own, starts];
        }
        default:
          return [own];
      }
    },
    async answer({ operation, input }) {
      if (!isOperation(operation)) throw unknownOperation('secretsmanager', operation);
      const held = secretIn(all, input);
      try {
        const answer = callSecrets(all, operation, input);
        if (isChange(operation)) await keep(held);
        return json(answer);
      } finally {
        if (operation === 'RotateSecret' && held.pending !== undefined) rotate(held);
      }
    },
  };
};
