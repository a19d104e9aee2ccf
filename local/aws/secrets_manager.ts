// Secrets Manager for one region: reading the secrets that the templates declare. Their values were generated once.

import * as v from 'valibot';
import { accessesOf } from '../iam/service_side.ts';
import { through } from '../iam/through.ts';
import type { Access } from './authorize.ts';
import { AwsError } from './error.ts';
import { type Call, inputOf, json, type Service, unknownOperation } from './service.ts';

export interface Secret {
  readonly arn: string;
  readonly name: string;
  readonly versionId: string;
  readonly value: string;
  /** Seconds since 1970. */
  readonly createdAt: number;
  /** Of the customer-managed key that seals it; absent: AWS's own key, which asks nobody. */
  readonly keyArn?: string | undefined;
}

const Aimed = v.object({
  SecretId: v.string(),
  VersionId: v.optional(v.string()),
  VersionStage: v.optional(v.string()),
});

const actions: Readonly<Record<string, string>> = {
  GetSecretValue: 'secretsmanager:GetSecretValue',
  DescribeSecret: 'secretsmanager:DescribeSecret',
};

const current = 'AWSCURRENT';

/** Secrets Manager opens the secret's key in the name of whoever reads the value. */
const opening = ({ arn, versionId, keyArn }: Secret, region: string): readonly Access[] =>
  keyArn === undefined
    ? []
    : accessesOf(
        'openSecret',
        keyArn,
        through('secretsmanager', region, { SecretARN: arn, SecretVersionId: versionId }),
      );

export const createSecretsManager = (secrets: readonly Secret[]): Service => {
  const secretOf = (call: Call): Secret => {
    const { SecretId } = inputOf(Aimed, call);
    const found = secrets.find(
      ({ arn, name }) => arn === SecretId || name === SecretId || arn.slice(0, -7) === SecretId,
    );
    if (found === undefined) {
      throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    }
    return found;
  };

  return {
    targets: ['secretsmanager'],
    accesses(call) {
      const action = actions[call.operation];
      if (action === undefined) throw unknownOperation('secretsmanager', call.operation);
      const { VersionStage } = inputOf(Aimed, call);
      const conditionKeys = { 'secretsmanager:VersionStage': [VersionStage ?? current] };
      const secret = secretOf(call);
      const opened = call.operation === 'GetSecretValue' ? opening(secret, call.region) : [];
      return [{ action, resource: secret.arn, conditionKeys }, ...opened];
    },
    async answer(call) {
      const secret = secretOf(call);
      const versions = { VersionIdsToStages: { [secret.versionId]: [current] } };
      if (call.operation === 'DescribeSecret') {
        return json({ ARN: secret.arn, Name: secret.name, CreatedDate: secret.createdAt, ...versions });
      }
      if (call.operation !== 'GetSecretValue') throw unknownOperation('secretsmanager', call.operation);
      const { VersionId, VersionStage } = inputOf(Aimed, call);
      if ((VersionId ?? secret.versionId) !== secret.versionId || (VersionStage ?? current) !== current) {
        throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret value.");
      }
      return json({
        ARN: secret.arn,
        Name: secret.name,
        VersionId: secret.versionId,
        VersionStages: [current],
        SecretString: secret.value,
        CreatedDate: secret.createdAt,
      });
    },
  };
};
