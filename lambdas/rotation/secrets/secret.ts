// One secret in Secrets Manager, as a rotation sees it: its stages, its values by stage, and the two calls that change it.
// A call that is repeated changes nothing; a value never leaves this process but for Secrets Manager.

import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  ResourceNotFoundException,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { parseVersionedKeys, type VersionedKeys } from '../../kernel/crypto/platform_secrets.ts';
import type { Secret } from '../../kernel/crypto/secret.ts';
import { Defect } from '../../kernel/domain/refusal.ts';
import type { Platform } from '../../kernel/platform/platform.ts';

export const [current, pending] = ['AWSCURRENT', 'AWSPENDING'] as const;

export interface Value {
  readonly versionId: string;
  readonly keys: VersionedKeys;
}

type Asking = Pick<Platform, 'secretsManager'>;

/** The stages of the rotation's own version. */
export async function stagesOf(
  { secretsManager }: Asking,
  SecretId: string,
  token: string,
): Promise<readonly string[]> {
  const { RotationEnabled, VersionIdsToStages } = await secretsManager.send(new DescribeSecretCommand({ SecretId }));
  if (RotationEnabled !== true) throw new Defect('the secret is not to be rotated');
  return VersionIdsToStages?.[token] ?? [];
}

export async function currentValue({ secretsManager }: Asking, SecretId: string): Promise<Value> {
  const asked = new GetSecretValueCommand({ SecretId, VersionStage: current });
  const { VersionId, SecretString } = await secretsManager.send(asked);
  if (VersionId === undefined) throw new Defect('Secrets Manager names no version');
  return { versionId: VersionId, keys: parseVersionedKeys(SecretString) };
}

/** Undefined: it was given none yet. */
export async function pendingKeys(
  { secretsManager }: Asking,
  SecretId: string,
  VersionId: string,
): Promise<VersionedKeys | undefined> {
  try {
    const asked = new GetSecretValueCommand({ SecretId, VersionId, VersionStage: pending });
    return parseVersionedKeys((await secretsManager.send(asked)).SecretString);
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

/** Whoever put another value for the same rotation was faster, and is right as well. */
export async function putPending(
  { secretsManager }: Asking,
  SecretId: string,
  ClientRequestToken: string,
  value: Secret<string>,
): Promise<void> {
  try {
    await secretsManager.send(
      new PutSecretValueCommand({
        SecretId,
        ClientRequestToken,
        SecretString: value.reveal(),
        VersionStages: [pending],
      }),
    );
  } catch (error) {
    if (!(error instanceof ResourceExistsException)) throw error;
  }
}

/** Refused where another version than `from` is the current one by now. */
export async function makeCurrent(
  { secretsManager }: Asking,
  SecretId: string,
  token: string,
  from: string,
): Promise<void> {
  await secretsManager.send(
    new UpdateSecretVersionStageCommand({
      SecretId,
      VersionStage: current,
      MoveToVersionId: token,
      RemoveFromVersionId: from,
    }),
  );
}
