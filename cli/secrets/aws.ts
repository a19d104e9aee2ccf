// A zone's secrets in AWS, with the credentials of whoever runs this. Values are read to see which versions they hold, and
// go no further.

import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { type PlatformSecretName, platformSecrets } from '../../contract/kernel/kms_keys.ts';
import { awsLimits } from '../../contract/kernel/limits.ts';
import { parseVersionedKeys } from '../../lambdas/kernel/crypto/platform_secrets.ts';
import { secretName, type ZoneDeployment } from '../../lib/derive/names.ts';
import type { KnownSecret, Secrets } from './known.ts';

const names = Object.keys(platformSecrets) as PlatformSecretName[];
const [current, pending] = ['AWSCURRENT', 'AWSPENDING'] as const;

async function known(
  client: SecretsManagerClient,
  place: ZoneDeployment,
  name: PlatformSecretName,
): Promise<KnownSecret> {
  const SecretId = secretName(place, name);
  const [told, read] = await Promise.all([
    client.send(new DescribeSecretCommand({ SecretId })),
    client.send(new GetSecretValueCommand({ SecretId })),
  ]);
  const keys = parseVersionedKeys(read.SecretString);
  const staged = Object.values(told.VersionIdsToStages ?? {});
  return {
    name,
    current: keys.current,
    versions: keys.versions,
    createdAt: told.CreatedDate?.getTime() ?? 0,
    rotatedAt: told.LastRotatedDate?.getTime() ?? null,
    days: told.RotationEnabled === true ? (told.RotationRules?.AutomaticallyAfterDays ?? null) : null,
    dueAt: told.NextRotationDate?.getTime() ?? null,
    pending: staged.some((stages) => stages.includes(pending) && !stages.includes(current)),
  };
}

/** `endpoint`: another than AWS. */
export function awsSecrets(place: ZoneDeployment, endpoint: string | undefined): Secrets {
  const client = new SecretsManagerClient({
    region: place.region,
    ...(endpoint && { endpoint }),
    maxAttempts: awsLimits.attempts,
    requestHandler: { connectionTimeout: awsLimits.connectMs, requestTimeout: awsLimits.requestMs },
  });
  return {
    known: () => Promise.all(names.map((name) => known(client, place, name))),
    async rotate(name) {
      await client.send(new RotateSecretCommand({ SecretId: secretName(place, name as PlatformSecretName) }));
    },
  };
}
