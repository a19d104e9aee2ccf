// How a command reaches the keys of a zone: with the deployer's credentials, in AWS or in the local cloud, which tells its own
// in its state folder. The same calls go to either.

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { awsLimits } from '../../contract/limits.ts';
import { type ZoneName, zones } from '../../contract/zones.ts';
import type { Place } from '../../lib/derive/names.ts';
import { Usage } from '../command_line.ts';
import { controlPortOf, deployerOf } from '../local_cloud.ts';
import { placeOf } from '../place.ts';
import { awsSecrets } from '../secrets/aws.ts';
import type { Secrets } from '../secrets/known.ts';
import { localSecrets } from '../secrets/local.ts';

export interface Reach {
  readonly place: Place;
  readonly kms: KMSClient;
  readonly dynamodb: DynamoDBClient;
  readonly secrets: Secrets;
  /** Of the local cloud; null: it is a zone in AWS. */
  readonly controlPort: number | null;
}

const settings = { connectionTimeout: awsLimits.connectMs, requestTimeout: awsLimits.requestMs };

const clients = (region: string, more: object) => {
  const client = { region, maxAttempts: awsLimits.attempts, requestHandler: settings, ...more };
  return { kms: new KMSClient(client), dynamodb: new DynamoDBClient(client) };
};

export async function reachOf(told: {
  readonly stage?: string | undefined;
  readonly zone?: string | undefined;
  readonly state?: string | undefined;
}): Promise<Reach> {
  if (told.stage !== undefined) {
    if (told.state !== undefined)
      throw new Usage('--stage names a zone in AWS, --state a local cloud: give one of them.');
    if (told.zone === undefined) throw new Usage('--zone is missing. See strongroom keys --help.');
    const place = placeOf(told.stage, told.zone);
    const endpoint = process.env.STRONGROOM_ENDPOINT;
    const reached = clients(place.region, endpoint ? { endpoint } : {});
    return { place, ...reached, secrets: awsSecrets(place, endpoint), controlPort: null };
  }
  const zone = told.zone ?? 'us';
  if (!isZone(zone)) throw new Usage(`There is no zone ${zone}, but ${Object.keys(zones).join(', ')}.`);
  const controlPort = await controlPortOf(told.state);
  const { stage, ...where } = await deployerOf(told.state);
  const place = placeOf(stage, zone);
  return { place, ...clients(place.region, where), secrets: localSecrets(controlPort, zone), controlPort };
}

const isZone = (name: string): name is ZoneName => Object.hasOwn(zones, name);

/** What a client throws that reaches nobody, in words for whoever sits before it. */
export function inWords(thrown: unknown, { controlPort }: Reach): unknown {
  const refused = thrown instanceof Error && 'code' in thrown && thrown.code === 'ECONNREFUSED';
  return refused && controlPort !== null ? new Usage('The local cloud does not answer: is npm start running?') : thrown;
}
