// The two that are compared, in one process and on the same AWS: each as its entry points, with what it asks of AWS going
// over the whole of its SDK. Both answer the same two requests.

import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { KMSClient } from '@aws-sdk/client-kms';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type {
  APIGatewayAuthorizerResult,
  APIGatewayProxyEvent,
  APIGatewayProxyResult,
  APIGatewayRequestAuthorizerEvent,
  Context,
} from 'aws-lambda';
import { newTenantMs } from '../../contract/kernel/rates.ts';
import { createPayment, getPayment } from '../../contract/payments/operations.ts';
import { createTenant } from '../../contract/tenants/operations.ts';
import { serve } from '../../lambdas/kernel/http/serve.ts';
import { portsOf } from '../../lambdas/kernel/operation/ports.ts';
import { clientSettings } from '../../lambdas/kernel/platform/aws.ts';
import { readConfig } from '../../lambdas/kernel/platform/config.ts';
import { functionLog } from '../../lambdas/kernel/platform/log.ts';
import { functionMeter } from '../../lambdas/kernel/platform/meter.ts';
import type { Platform } from '../../lambdas/kernel/platform/platform.ts';
import { moneyPorts } from '../../lambdas/payments/ports.ts';
import { authorizer } from '../../lambdas/tenants/authorizer.ts';
import { environment, region } from '../../test/kit/aws/environment.ts';
import type { MemoryAws } from '../../test/kit/aws/memory.ts';
import { onlyRegion } from '../../test/kit/aws/writer.ts';
import { eventOf, operator } from '../../test/kit/requests.ts';
import { lambdaContext } from '../../test/kit/runtime/runtime_fixture.ts';
import { authorizerEventOf, proxyEventOf, type Request } from './exchange.ts';
import { approvingProcessor } from './surroundings.ts';
import * as typicalSurroundings from './typical/surroundings.ts';
import { type Ask, connectionTo } from './wire.ts';

export interface Entries {
  authorize(event: APIGatewayRequestAuthorizerEvent, context: Context): Promise<APIGatewayAuthorizerResult>;
  create(event: APIGatewayProxyEvent, context: Context): Promise<APIGatewayProxyResult>;
  get(event: APIGatewayProxyEvent, context: Context): Promise<APIGatewayProxyResult>;
}

export interface Contestant {
  readonly name: 'ours' | 'typical';
  /** Has the credential looked at; what follows is asked with what that told. */
  authorize(): Promise<void>;
  /** Creates a payment: its id. */
  create(): Promise<string>;
  get(payment: string): Promise<void>;
  /** One consistent read of a key and nothing else, as its clients make it: what bounds every request from below. */
  call(): Promise<unknown>;
}

const context = {
  ...lambdaContext,
  functionName: 'measured',
  functionVersion: '1',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:measured',
  memoryLimitInMB: '1024',
} as Context;

function contestant(
  name: Contestant['name'],
  entries: Entries,
  credential: string,
  call: () => Promise<unknown>,
): Contestant {
  let number = 0;
  let authorized: APIGatewayAuthorizerResult['context'];
  const answer = async (request: Request, serve: Entries['create']): Promise<APIGatewayProxyResult> => {
    const result = await serve(proxyEventOf(request, credential, authorized), { ...context });
    if (result.statusCode >= 300) throw new Error(`${name} answered ${result.statusCode}: ${result.body}`);
    return result;
  };
  return {
    name,
    call,
    async authorize() {
      number += 1;
      const event = authorizerEventOf({ operation: createPayment, number }, credential);
      authorized = (await entries.authorize(event, { ...context })).context;
    },
    async create() {
      number += 1;
      const request = { operation: createPayment, key: `order-${number}`, number };
      const { id, status } = JSON.parse((await answer(request, entries.create)).body);
      if (status !== 'captured') throw new Error(`${name} left the payment ${status}`);
      return id;
    },
    async get(payment) {
      number += 1;
      await answer({ operation: getPayment, params: { payment_id: payment }, number }, entries.get);
    },
  };
}

const credentials = { accessKeyId: 'none', secretAccessKey: 'none' };

/** With its logger and its metrics, and a tenant old enough to have limits of its own. */
export async function openOurs(ask: Ask): Promise<Contestant> {
  const client = {
    ...clientSettings({ region, awsEndpoint: undefined }),
    credentials,
    requestHandler: connectionTo(ask) as never,
  };
  let aheadMs = 0;
  const config = readConfig(environment('measured', 'http://127.0.0.1:1'));
  const { log, startInvocation } = functionLog(config.logging);
  const platform: Platform = {
    clock: () => Date.now() + aheadMs,
    config,
    random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
    sleep: () => Promise.resolve(),
    dynamodb: new DynamoDBClient(client),
    kms: new KMSClient(client),
    secretsManager: new SecretsManagerClient(client),
    eventBridge: new EventBridgeClient(client),
    sqs: new SQSClient(client),
    log,
    meter: functionMeter(),
    writer: onlyRegion,
  };
  const { routes: moneyRoutes } = await import('../../lambdas/functions/money.ts');
  const { routes: readRoutes } = await import('../../lambdas/functions/payments_read.ts');
  const { routes: tenantRoutes } = await import('../../lambdas/functions/tenants.ts');
  const processor = approvingProcessor();
  /** As `lambdaHandler` does for what is deployed. */
  const logged =
    <Event, Answer>(handler: (event: Event, context: Context) => Answer) =>
    (event: Event, context: Context): Answer => {
      startInvocation(event, context);
      return handler(event, context);
    };
  const entries: Entries = {
    authorize: logged(authorizer(platform)),
    create: logged(serve({ ...moneyPorts(platform), processorOf: async () => processor }, moneyRoutes)),
    get: logged(serve(portsOf(platform), readRoutes)),
  };
  const tenants = serve(portsOf(platform), tenantRoutes);
  const sent = { key: 'tenant', authorizer: operator, body: { name: 'Blue Bottle Books', zone: 'us' } };
  const made = JSON.parse((await tenants(eventOf(createTenant, sent), { ...context })).body);
  aheadMs = newTenantMs;
  const read = { TableName: 'tenants', Key: { pk: { S: made.key }, sk: { S: 'key' } }, ConsistentRead: true };
  return contestant('ours', entries, made.secret_key, () => platform.dynamodb.send(new GetItemCommand(read)));
}

/** Its clients are made when it is loaded, so they are given their connection afterwards; its processor approves too. */
export async function openTypical(ask: Ask, aws: MemoryAws): Promise<Contestant> {
  typicalSurroundings.install(aws);
  Object.assign(process.env, typicalSurroundings.environment('http://127.0.0.1:1'), {
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  });
  const charge = JSON.stringify({ id: 'ch_4kq2zmd7xw3htbn6rvcgy5je', status: 'approved', action_url: null });
  globalThis.fetch = (async () => ({ status: 201, json: async () => JSON.parse(charge) })) as unknown as typeof fetch;
  const { documents, dynamodb, kms, secretsManager } = await import('./typical/platform.ts');
  for (const { config } of [dynamodb, kms, secretsManager]) config.requestHandler = connectionTo(ask) as never;
  const entries = {
    authorize: (await import('./typical/authorizer.ts')).handler,
    create: (await import('./typical/create.ts')).handler,
    get: (await import('./typical/get.ts')).handler,
  } as unknown as Entries;
  const read = { TableName: 'typical_keys', Key: { id: typicalSurroundings.keyId }, ConsistentRead: true };
  return contestant('typical', entries, typicalSurroundings.credential, () => documents.send(new GetCommand(read)));
}
