// Makes and revokes operators of a zone, with the deployer's own AWS credentials: they must allow to write the tenants table and
// to read the pepper. The API cannot do it.

import { randomBytes } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { variables } from '../../contract/kernel/environment.ts';
import type { ZoneName } from '../../contract/kernel/zones.ts';
import { markStage, mintCredential } from '../../lambdas/kernel/crypto/credential.ts';
import { platformSecret } from '../../lambdas/kernel/crypto/platform_secrets.ts';
import { systemClock, timestamp } from '../../lambdas/kernel/platform/clock.ts';
import { readConfig } from '../../lambdas/kernel/platform/config.ts';
import { base32, derivedId } from '../../lambdas/kernel/platform/ids.ts';
import type { AuditContext } from '../../lambdas/kernel/store/commit.ts';
import { load } from '../../lambdas/kernel/store/load.ts';
import { writerOf } from '../../lambdas/kernel/store/writer.ts';
import { createOperator as create, operatorRow, revokeOperator as revoke } from '../../lambdas/tenants/store.ts';
import { clientSettings } from '../aws/settings.ts';

/** A zone of a stage, and how to reach it. */
export interface Deployment {
  readonly stage: string;
  readonly zone: ZoneName;
  /** Which takes writes. */
  readonly region: string;
  /** Of the writer's lease. Absent: the zone has one region, which always writes. */
  readonly leaseTable?: string;
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

export interface OperatorRequest extends Deployment {
  /** Who will use the key. */
  readonly name: string;
}

function platformOf(deployment: Deployment) {
  const { stage, zone, region, endpoint, credentials, leaseTable, tableName, pepperSecret } = deployment;
  const client = clientSettings({ region, endpoint, credentials });
  const dynamodb = new DynamoDBClient(client);
  const config = readConfig({
    AWS_REGION: region,
    [variables.stage]: stage,
    [variables.zone]: zone,
    [variables.writer]: leaseTable === undefined ? 'configured' : 'lease',
    [variables.table('writer')]: leaseTable,
    [variables.table('tenants')]: tableName,
    [variables.secret('peppers')]: pepperSecret,
  });
  return {
    clock: systemClock,
    writer: writerOf({ clock: systemClock, config, dynamodb }),
    random: (bytes: number) => randomBytes(bytes),
    log: () => {},
    config,
    dynamodb,
    secretsManager: new SecretsManagerClient(client),
  };
}

/** CloudTrail identifies the deployer: it recorded the credentials of these writes. */
const deployerActs = (requestId: string): AuditContext => ({
  tenant: 'platform',
  mode: 'live',
  actor: { kind: 'person', id: 'deployer' },
  onBehalfOf: null,
  requestId,
  address: null,
});

/** The key is shown once, here. */
export async function createOperator(request: OperatorRequest): Promise<{ readonly id: string; readonly key: string }> {
  const { stage, zone, name } = request;
  const platform = platformOf(request);
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
    deployerActs('strongroom operator create'),
  );
  if (created.kind !== 'committed') throw new Error('an operator of this id exists already');
  return { id, key: minted.text.reveal() };
}

/** Its next request is refused. False: it was revoked already. Throws where there is no such operator. */
export async function revokeOperator(deployment: Deployment, id: string): Promise<boolean> {
  const platform = platformOf(deployment);
  const found = await load(platform, operatorRow, { id });
  if (found === undefined) throw new Error(`there is no operator ${id}`);
  if (found.value.status === 'revoked') return false;
  const done = await revoke(platform, found, deployerActs('strongroom operator revoke'));
  if (done.kind !== 'committed') throw new Error('another change of this operator was faster: try again');
  return true;
}
