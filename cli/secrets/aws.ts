// A zone's secrets in AWS, with the AWS credentials of the person who runs the command. Values are read for the names of their
// versions, and go no further.

import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { type PlatformSecretName, platformSecrets } from '../../contract/kernel/kms_keys.ts';
import { parseVersionedKeys } from '../../lambdas/kernel/crypto/platform_secrets.ts';
import { secretName, type ZoneDeployment } from '../../lib/derive/names.ts';
import { clientSettings } from '../aws/settings.ts';
import type { SecretStatus, ZoneSecrets } from './secret_status.ts';

const names = Object.keys(platformSecrets) as PlatformSecretName[];
const [current, pending] = ['AWSCURRENT', 'AWSPENDING'] as const;

async function statusOf(
  client: SecretsManagerClient,
  deployment: ZoneDeployment,
  name: PlatformSecretName,
): Promise<SecretStatus> {
  const SecretId = secretName(deployment, name);
  const [described, read] = await Promise.all([
    client.send(new DescribeSecretCommand({ SecretId })),
    client.send(new GetSecretValueCommand({ SecretId })),
  ]);
  const keys = parseVersionedKeys(read.SecretString);
  const staged = Object.values(described.VersionIdsToStages ?? {});
  return {
    name,
    current: keys.current,
    versions: keys.versions,
    createdAt: described.CreatedDate?.getTime() ?? 0,
    rotatedAt: described.LastRotatedDate?.getTime() ?? null,
    days: described.RotationEnabled === true ? (described.RotationRules?.AutomaticallyAfterDays ?? null) : null,
    dueAt: described.NextRotationDate?.getTime() ?? null,
    pending: staged.some((stages) => stages.includes(pending) && !stages.includes(current)),
  };
}

/** `endpoint`: of an emulator instead of AWS. */
export function awsSecrets(deployment: ZoneDeployment, endpoint: string | undefined): ZoneSecrets {
  const client = new SecretsManagerClient(clientSettings({ region: deployment.region, endpoint }));
  return {
    statuses: () => Promise.all(names.map((name) => statusOf(client, deployment, name))),
    async rotate(name) {
      await client.send(new RotateSecretCommand({ SecretId: secretName(deployment, name as PlatformSecretName) }));
    },
  };
}
