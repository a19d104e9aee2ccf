// The runtime on real engines, without the API Gateway: DynamoDB in dynoxide, KMS and Secrets Manager on loopback, the
// test processor as a process of its own. What differs from AWS here differs in the local cloud too. Mutation tests open
// a thousand houses and have them in memory instead (proof/mutation/house.ts); the same tests pass in both.

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { KMSClient } from '@aws-sdk/client-kms';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Context } from 'aws-lambda';
import type { TableName } from '../../contract/capabilities.ts';
import { wrappingKeys } from '../../contract/kernel/kms_keys.ts';
import { readConfig } from '../../lambdas/kernel/platform/config.ts';
import type { Fields, Message } from '../../lambdas/kernel/platform/log.ts';
import type { Platform } from '../../lambdas/kernel/platform/platform.ts';
import { startProcessor } from '../../local/cloud/processor.ts';
import { chooseEngine, startEngine } from '../../local/dynamodb/engine.ts';
import { createDynamoDb } from '../../local/dynamodb/service.ts';
import { createAwsEndpoint } from '../../local/endpoint/server.ts';
import { listen } from '../../local/host/ports.ts';
import { createPrincipals } from '../../local/iam/principals.ts';
import { heldKeys, newMaterial } from '../../local/kms/keys.ts';
import { createKms } from '../../local/kms/kms.ts';
import { createSecretsManager } from '../../local/secretsmanager/secrets_manager.ts';
import { callQueues } from '../../local/sqs/operations.ts';
import { Queues } from '../../local/sqs/queues.ts';
import { openState } from '../../local/storage/state.ts';
import { answeredClients } from './aws/answered.ts';
import { account, environment, keyArn, region, secretArn } from './aws/environment.ts';
import { queueDefinitions } from './aws/queues.ts';
import { tableDefinitions } from './aws/tables.ts';

export interface Line {
  readonly message: Message;
  readonly fields: Fields;
}

export interface House {
  readonly platform: Platform;
  readonly provider: string;
  readonly lines: Line[];
  /** All records of a table's stream so far, as DynamoDB Streams hands them over. */
  records(table: TableName): Promise<unknown[]>;
  /** What was put onto the zone's bus. */
  readonly published: readonly { readonly DetailType?: string; readonly Detail?: string }[];
  /** Moves the platform's clock; everything else keeps its own. */
  advance(ms: number): void;
  stop(): Promise<void>;
}

/** Set by proof/mutation/vitest.config.ts. */
const inMemory = process.env.STRONGROOM_HOUSE === 'memory';

export const openHouse = async (): Promise<House> =>
  inMemory ? (await import('../../proof/mutation/house.ts')).openHouse() : openEngines();

async function openEngines(): Promise<House> {
  const folder = mkdtempSync(join(tmpdir(), 'strongroom-house-'));
  const state = await openState(folder);
  const engine = await startEngine('us', region, state, chooseEngine());
  for (const definition of tableDefinitions) await engine.client.call('DynamoDB_20120810.CreateTable', definition);
  const principals = createPrincipals();
  const complaints: string[] = [];
  const aws = createAwsEndpoint({ principals, authorize: () => {}, warn: (text) => complaints.push(text) });
  const port = await listen(aws.server, { what: 'the AWS endpoint' });
  const secret = (name: string) => ({
    arn: secretArn(name),
    name,
    versionId: '1',
    value: JSON.stringify({ current: '1', 1: randomBytes(32).toString('hex') }),
    createdAt: Date.now() / 1000,
  });
  aws.open(region, {
    dynamodb: createDynamoDb({ enginePort: engine.port, account, tables: new Map(), onWrite: () => {} }),
    kms: createKms(
      heldKeys(
        wrappingKeys.map(keyArn).map((arn) => ({
          arn,
          id: arn.slice(arn.indexOf('/') + 1),
          aliases: [],
          materials: [newMaterial()],
        })),
        async () => {},
      ),
    ),
    secretsmanager: createSecretsManager([secret('peppers'), secret('digests')]),
  });
  const published: { DetailType?: string; Detail?: string }[] = [];
  const processor = await startProcessor(0, state);

  const client = {
    region,
    endpoint: `http://127.0.0.1:${port}`,
    credentials: principals.admit({ kind: 'deployer', arn: `arn:aws:iam::${account}:role/test` }),
  };
  const sdk = {
    dynamodb: new DynamoDBClient(client),
    eventBridge: new EventBridgeClient(client),
    kms: new KMSClient(client),
    secretsManager: new SecretsManagerClient(client),
  };
  // The queue's fairness and its delays are tested elsewhere; here it takes what is sent.
  const queues = new Queues({ definitions: queueDefinitions, now: Date.now });
  const { sqs } = answeredClients(async ({ operation, input }) => callQueues(queues, operation, input));
  // The bus is a place to put things; what lies on it is all that a test may ask.
  sdk.eventBridge.middlewareStack.add(
    () => async (args) => {
      const { Entries = [] } = args.input as { Entries?: typeof published };
      published.push(...Entries);
      return {
        response: {},
        output: { FailedEntryCount: 0, Entries: Entries.map(() => ({ EventId: '1' })), $metadata: {} },
      };
    },
    { step: 'initialize' },
  );
  const lines: Line[] = [];
  let aheadMs = 0;
  const platform: Platform = {
    clock: () => Date.now() + aheadMs,
    config: readConfig(environment('house', processor.url)),
    random: (bytes) => randomBytes(bytes),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    ...sdk,
    sqs,
    log: (message, fields) => lines.push({ message, fields }),
    meter: () => {},
  };
  return {
    platform,
    provider: processor.url,
    lines,
    records: (table) =>
      streamOf(table, (service, name, input) => engine.client.call(`${services[service]}.${name}`, input)),
    published,
    advance(ms) {
      aheadMs += ms;
    },
    async stop() {
      for (const each of Object.values(sdk)) each.destroy();
      aws.server.closeAllConnections();
      aws.server.close();
      await Promise.all([processor.stop(), engine.stop()]);
      rmSync(folder, { recursive: true, force: true });
      if (complaints.length > 0) throw new Error(complaints.join('\n'));
    },
  };
}

const services = { tables: 'DynamoDB_20120810', streams: 'DynamoDBStreams_20120810' } as const;

type Ask = (service: keyof typeof services, operation: string, input: object) => unknown;

/** All records of a table's stream, page by page, whoever answers. */
export async function streamOf(table: TableName, ask: Ask): Promise<unknown[]> {
  const { Table } = (await ask('tables', 'DescribeTable', { TableName: table })) as {
    Table: { LatestStreamArn: string };
  };
  const StreamArn = Table.LatestStreamArn;
  const { StreamDescription } = (await ask('streams', 'DescribeStream', { StreamArn })) as {
    StreamDescription: { Shards: { ShardId: string }[] };
  };
  const all: unknown[] = [];
  for (const { ShardId } of StreamDescription.Shards) {
    const from = { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' };
    let { ShardIterator } = (await ask('streams', 'GetShardIterator', from)) as { ShardIterator?: string };
    for (let pages = 0; ShardIterator !== undefined && pages < 100; pages += 1) {
      const page = (await ask('streams', 'GetRecords', { ShardIterator })) as {
        Records: unknown[];
        NextShardIterator?: string;
      };
      if (page.Records.length === 0) break;
      all.push(...page.Records);
      ShardIterator = page.NextShardIterator;
    }
  }
  return all;
}

/** Enough of Lambda's context. */
export const lambdaContext = { awsRequestId: 'req-1', getRemainingTimeInMillis: () => 55_000 } as Context;
