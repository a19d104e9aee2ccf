// Makes an operator of a zone, with the deployer's own AWS credentials: whoever may write the tenants table and read the
// pepper may make operators, and nobody makes one through the API.

import { randomBytes } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { variables } from '../contract/environment.ts';
import type { ZoneName } from '../contract/zones.ts';
import { markStage, mintCredential } from '../lambdas/crypto/credential.ts';
import { platformSecret } from '../lambdas/crypto/platform_secrets.ts';
import { systemClock, timestamp } from '../lambdas/platform/clock.ts';
import { readConfig } from '../lambdas/platform/config.ts';
import { base32, derivedId } from '../lambdas/platform/ids.ts';
import { createOperator as create } from '../lambdas/store/tenants.ts';

export interface OperatorRequest {
  readonly stage: string;
  readonly zone: ZoneName;
  readonly region: string;
  /** Whom the key is for; shown in the audit trail. */
  readonly name: string;
  readonly tableName: string;
  readonly pepperSecret: string;
  /** Absent: AWS. */
  readonly endpoint?: string;
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
}

/** The key is shown once, here. */
export async function createOperator(request: OperatorRequest): Promise<{ readonly id: string; readonly key: string }> {
  const { stage, zone, region, name, endpoint, credentials } = request;
  const client = { region, ...(endpoint && { endpoint }), ...(credentials && { credentials }), maxAttempts: 3 };
  const platform = {
    clock: systemClock,
    random: (bytes: number) => randomBytes(bytes),
    config: readConfig({
      AWS_REGION: region,
      [variables.stage]: stage,
      [variables.zone]: zone,
      [variables.epoch]: '1',
      [variables.table('tenants')]: request.tableName,
      [variables.secret('peppers')]: request.pepperSecret,
    }),
    dynamodb: new DynamoDBClient(client),
    secretsManager: new SecretsManagerClient(client),
  };
  const id = markStage(derivedId('operator', zone, [base32(randomBytes(20))]), stage);
  const minted = mintCredential(id, null, zone, platform.random, await platformSecret(platform, 'peppers')());
  const created = await create(
    platform,
    {
      id,
      object: 'operator',
      name,
      status: 'active',
      expires_at: null,
      secret_hmac: minted.stored,
      created_at: timestamp(platform.clock()),
    },
    {
      tenant: 'platform',
      mode: 'live',
      // Who the deployer is, CloudTrail tells: it recorded the credentials that wrote this.
      actor: { kind: 'person', id: 'deployer' },
      onBehalfOf: null,
      requestId: 'strongroom operator create',
      address: null,
    },
  );
  if (created.kind !== 'committed') throw new Error('an operator of this id exists already');
  return { id, key: minted.text.reveal() };
}
