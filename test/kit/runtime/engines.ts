// The runtime on real engines, without the API Gateway: DynamoDB in dynoxide, KMS and Secrets Manager on loopback, the
// test processor as a process of its own. What differs from AWS here differs in the local cloud too. Mutation tests open
// a thousand runtimes and have them in memory instead (test/kit/runtime/memory.ts); the same tests pass in both.

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { KMSClient } from '@aws-sdk/client-kms';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { wrappingKeys } from '../../../contract/kernel/kms_keys.ts';
import { readConfig } from '../../../lambdas/kernel/platform/config.ts';
import type { Platform } from '../../../lambdas/kernel/platform/platform.ts';
import { startProcessor } from '../../../local/cloud/processor.ts';
import { chooseEngine, startEngine } from '../../../local/dynamodb/engine.ts';
import { createDynamoDb } from '../../../local/dynamodb/service.ts';
import { createAwsEndpoint } from '../../../local/endpoint/server.ts';
import { listen } from '../../../local/host/ports.ts';
import { createPrincipals } from '../../../local/iam/principals.ts';
import { heldKeys, newMaterial } from '../../../local/kms/keys.ts';
import { createKms } from '../../../local/kms/kms.ts';
import { createSecretsManager } from '../../../local/secretsmanager/secrets_manager.ts';
import { callQueues } from '../../../local/sqs/operations.ts';
import { Queues } from '../../../local/sqs/queues.ts';
import { openState } from '../../../local/storage/state.ts';
import { answeredClients } from '../aws/answered.ts';
import { account, environment, keyArn, region, secretArn } from '../aws/environment.ts';
import { queueDefinitions } from '../aws/queues.ts';
import { tableDefinitions } from '../aws/tables.ts';
import { onlyRegion } from '../aws/writer.ts';
import { type Line, type RuntimeFixture, services, streamOf } from './runtime_fixture.ts';

export async function openRuntime(): Promise<RuntimeFixture> {
  const folder = mkdtempSync(join(tmpdir(), 'strongroom-runtime-'));
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
    config: readConfig(environment('runtime', processor.url)),
    random: (bytes) => randomBytes(bytes),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    ...sdk,
    sqs,
    log: (message, fields) => lines.push({ message, fields }),
    meter: () => {},
    writer: onlyRegion,
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
