// The AWS clients by which a command reaches the keys of a zone, with the deployer's credentials: in AWS, or in the local
// cloud, whose credentials are in its state folder. The same calls go to either.

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import type { ZoneDeployment } from '../../lib/derive/names.ts';
import { type ClientTarget, clientSettings } from '../aws/settings.ts';
import { Usage } from '../command_line.ts';
import { controlPortOf, deployerOf } from '../local_cloud.ts';
import { awsSecrets } from '../secrets/aws.ts';
import { localSecrets } from '../secrets/local.ts';
import type { ZoneSecrets } from '../secrets/secret_status.ts';
import { type ZoneArguments, zoneDeploymentOf, zoneTargetOf } from '../zone_deployment.ts';

export interface ZoneClients {
  readonly deployment: ZoneDeployment;
  readonly kms: KMSClient;
  readonly dynamodb: DynamoDBClient;
  readonly secrets: ZoneSecrets;
  /** Of the local cloud; null: it is a zone in AWS. */
  readonly controlPort: number | null;
}

const clients = (target: ClientTarget) => ({
  kms: new KMSClient(clientSettings(target)),
  dynamodb: new DynamoDBClient(clientSettings(target)),
});

export async function zoneClientsOf(zoneArguments: ZoneArguments): Promise<ZoneClients> {
  const where = zoneTargetOf(zoneArguments, 'strongroom keys');
  if (where.runs === 'in AWS') {
    const { deployment } = where;
    const endpoint = process.env.STRONGROOM_ENDPOINT;
    const reached = clients({ region: deployment.region, endpoint });
    return { deployment, ...reached, secrets: awsSecrets(deployment, endpoint), controlPort: null };
  }
  const { zone } = where;
  const controlPort = await controlPortOf(zoneArguments.state);
  const { stage, ...deployer } = await deployerOf(zoneArguments.state);
  const deployment = zoneDeploymentOf(stage, zone);
  const reached = clients({ region: deployment.region, ...deployer });
  return { deployment, ...reached, secrets: localSecrets(controlPort, zone), controlPort };
}

/** What a client threw, as an error that the person at the terminal can act on where nothing listens. */
export function toUserError(thrown: unknown, { controlPort }: ZoneClients): unknown {
  const refused = thrown instanceof Error && 'code' in thrown && thrown.code === 'ECONNREFUSED';
  return refused && controlPort !== null ? new Usage('The local cloud does not answer: is npm start running?') : thrown;
}
