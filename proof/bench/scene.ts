// One operation of the table, asked for twice in a small world of its own: once so that everything is warm, once to be
// counted. The world is made through the API itself, and the request is the documentation's example, so that a new
// operation needs nothing here but ids for what its path names.

import type { APIGatewayProxyEvent, DynamoDBStreamEvent, SQSEvent } from 'aws-lambda';
import {
  functions,
  type Operation,
  type OperationId,
  operationExamples,
  operations,
  type TableName,
} from '../../contract/capabilities.ts';
import { createCustomer, savePaymentMethod } from '../../contract/customers/operations.ts';
import { listEvents } from '../../contract/events/operations.ts';
import type { Cost } from '../../contract/kernel/description.ts';
import { exampleIds } from '../../contract/kernel/examples.ts';
import { newTenantMs } from '../../contract/kernel/rates.ts';
import {
  cancelPayment,
  capturePayment,
  confirmPayment,
  createPayment,
  refundPayment,
  voidPayment,
} from '../../contract/payments/operations.ts';
import type { authorizerCosts } from '../../contract/tenants/descriptions.ts';
import { confirmVerification, createKey, createTenant, updateTenant } from '../../contract/tenants/operations.ts';
import { webhookLimits } from '../../contract/webhooks/limits.ts';
import {
  createWebhookEndpoint,
  listDeliveries,
  replayEvents,
  verifyWebhookEndpoint,
} from '../../contract/webhooks/operations.ts';
import type { ApiHandler } from '../../lambdas/kernel/http/serve.ts';
import type { Platform } from '../../lambdas/kernel/platform/platform.ts';
import { type RelayHandler, relay } from '../../lambdas/relay/relay.ts';
import { type AuthorizerHandler, authorizer } from '../../lambdas/tenants/authorizer.ts';
import { type DeliverHandler, deliver } from '../../lambdas/webhooks/delivery/deliver.ts';
import { deliverPorts } from '../../lambdas/webhooks/delivery/ports.ts';
import type { Attempted } from '../../lambdas/webhooks/http/attempt.ts';
import { apiHandler, everyPort } from '../../test/kit/api_functions.ts';
import { answeredClients } from '../../test/kit/aws/answered.ts';
import { memoryAws } from '../../test/kit/aws/memory.ts';
import { receiveBatch } from '../../test/kit/aws/queues.ts';
import { verifyEndpoint } from '../../test/kit/challenge.ts';
import { eventOf, merchant, operator, type Sent, secondOperator } from '../../test/kit/requests.ts';
import { lambdaContext } from '../../test/kit/runtime/runtime_fixture.ts';
import { businessStates } from './business_states.ts';
import { type CountingAws, countingAws, type Used } from './counting.ts';
import { authorizerEventOf } from './exchange.ts';
import { approvingProcessor, bytesFrom, platformOf } from './surroundings.ts';

export interface Counted extends Used {
  readonly processorCalls: number;
  /** What the relay uses for the facts of this request. */
  readonly behind: Used;
}

/** As long as the ids that API Gateway makes. */
const requestId = (number: number): string => `b3f1c2d4-0000-4000-8000-${String(number).padStart(12, '0')}`;
const startMs = Date.parse('2026-11-21T10:15:30Z');
/** What endpoints answer: their deliveries are still to be decided about. */
const unavailable: Attempted = { kind: 'answered', status: 503, latencyMs: 80, body: '', retryAfterSeconds: null };

const furnishedAbove = ['tenants', 'keys', 'payments', 'webhook_endpoints', 'customers', 'payment_methods'];

class Scene {
  nowMs = startMs;
  readonly aws = memoryAws({ now: () => this.nowMs, random: bytesFrom('aws') });
  readonly counting: CountingAws = countingAws(this.aws);
  readonly processor = approvingProcessor();
  #requests = 0;
  #relayed: Partial<Record<TableName, number>> = {};
  readonly #platform: Platform;
  readonly #api: ApiHandler;
  readonly #relay: RelayHandler;
  readonly #deliver: DeliverHandler;
  readonly #authorizer: AuthorizerHandler;
  #credential = '';
  /** Who asks; becomes a key that exists once there is one. */
  #caller = merchant;
  readonly #ids: Record<string, string> = {};
  #submission = '';

  constructor() {
    const platform = platformOf(answeredClients(this.counting.answer), {
      now: () => this.nowMs,
      random: bytesFrom('product'),
    });
    this.#platform = platform;
    this.#api = apiHandler(() => ({ ...everyPort(platform), processorOf: async () => this.processor }));
    this.#relay = relay(platform);
    this.#deliver = deliver({ ...deliverPorts(platform), attempt: async () => unavailable });
    this.#authorizer = authorizer(platform);
  }

  #event(operation: Operation, sent: Sent): APIGatewayProxyEvent {
    this.#requests += 1;
    this.nowMs += 1_000;
    const params = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => [name, this.#ids[name] ?? '']);
    return eventOf(operation, {
      params: Object.fromEntries(params),
      requestId: requestId(this.#requests),
      authorizer: this.#authorizerOf(operation),
      ...(operation.creates !== undefined && { key: `order-${this.#requests}` }),
      ...sent,
    });
  }

  #authorizerOf({ id, actors }: Operation) {
    if (actors.includes('key')) return this.#caller;
    return id === confirmVerification.id ? secondOperator : operator;
  }

  // biome-ignore lint/suspicious/noExplicitAny: replies of every shape
  async ask(operation: Operation, sent: Sent = {}): Promise<any> {
    const { statusCode, body } = await this.#api(this.#event(operation, sent), { ...lambdaContext });
    if (statusCode >= 300) throw new Error(`${operation.id} was answered with ${statusCode}: ${body}`);
    return JSON.parse(body);
  }

  authorize = async (): Promise<void> => {
    await this.#authorizer(authorizerEventOf({ operation: createPayment, number: 1 }, this.#credential));
  };

  /** As if the key had not been used for long, while all that is warm stays warm. */
  forgetLastUse(): void {
    this.aws.database.call('UpdateItem', {
      TableName: 'tenants',
      Key: { pk: { S: this.#caller.actor_id }, sk: { S: 'key' } },
      UpdateExpression: 'SET last_used_at = :never',
      ExpressionAttributeValues: { ':never': { NULL: true } },
    });
  }

  /** Relays what was committed since the last time. */
  async relay(): Promise<void> {
    for (const table of functions.relay.trigger.tables) {
      const records = this.aws.database.stream(table);
      const fresh = records.slice(this.#relayed[table] ?? 0);
      this.#relayed[table] = records.length;
      if (fresh.length === 0) continue;
      const { batchItemFailures } = await this.#relay({ Records: fresh } as unknown as DynamoDBStreamEvent);
      if (batchItemFailures.length > 0) throw new Error('The relay failed');
    }
  }

  /** Attempts what was put into the queue since the last time. */
  async deliver(): Promise<void> {
    for (let batch = receiveBatch(this.aws.queues, 'deliveries', 10); batch; ) {
      batch.settle(await this.#deliver(batch.event as SQSEvent, lambdaContext));
      batch = receiveBatch(this.aws.queues, 'deliveries', 10);
    }
  }

  async begin(): Promise<void> {
    const made = await this.ask(createTenant, { body: operationExamples['tenants/create'].body });
    this.#ids.tenant_id = made.id;
    this.#credential = made.secret_key;
    this.#caller = { ...merchant, tenant: made.id, actor_id: made.key };
  }

  /** A payment with one of each modification that leaves room for another, a further key, and their events. */
  async furnish({ id }: Operation): Promise<void> {
    const resource = id.split('/', 1)[0] ?? '';
    const ids = this.#ids;
    const body = { ...(operationExamples['payments/create'].body as object), capture_method: 'manual' };
    ids.payment_id = (await this.ask(createPayment, { body })).id;
    ids.capture_id = (await this.ask(capturePayment, { body: { amount: 1_000 } })).id;
    ids.refund_id = (await this.ask(refundPayment, { body: { amount: 100 } })).id;
    // A void takes all that is left, so only those who look at voids have one.
    if (resource === 'voids') ids.void_id = (await this.ask(voidPayment, { body: {} })).id;
    // The example's name is a change only where the tenant has another one.
    await this.ask(updateTenant, { body: { name: 'Books of another name' } });
    ids.key_id = (await this.ask(createKey, { body: operationExamples['keys/create'].body })).id;
    if (id === confirmPayment.id || id === cancelPayment.id) {
      const { payment_method: _, ...open } = body as Record<string, unknown>;
      ids.payment_id = (await this.ask(createPayment, { body: open })).id;
    }
    await this.relay();
    ids.event_id = (await this.ask(listEvents)).data[0].id;
    if (['webhook_endpoints', 'deliveries', 'replays'].includes(resource))
      await this.#furnishWebhooks(id !== verifyWebhookEndpoint.id);
    if (resource === 'replays') {
      const { body } = operationExamples['webhook_endpoints/replay'];
      ids.replay_id = (await this.ask(replayEvents, { body })).id;
    }
    if (resource === 'customers' || resource === 'payment_methods') {
      ids.customer_id = (await this.ask(createCustomer, { body: operationExamples['customers/create'].body })).id;
      const { body } = operationExamples['payment_methods/create'];
      ids.payment_method_id = (await this.ask(savePaymentMethod, { body })).id;
    }
    if (!furnishedAbove.includes(resource)) await this.#furnishAsInExample(resource);
    if (id in businessStates) await this.#furnishBusiness(id as keyof typeof businessStates);
  }

  /** Another tenant, as far as one operation needs it: each of them happens once to a tenant. */
  async #furnishBusiness(id: keyof typeof businessStates): Promise<void> {
    await this.begin();
    for (const before of businessStates[id]) {
      const { submission } = await this.ask(before, this.sentTo(before));
      if (typeof submission === 'string') this.#submission = submission;
    }
  }

  /** The operation's example, about what there is. */
  sentTo({ id }: Operation): Sent {
    const { body } = operationExamples[id as OperationId];
    if (body === undefined) return {};
    const named = typeof body === 'object' && body !== null && 'submission' in body;
    if (named) return { body: { ...body, submission: this.#submission } };
    const connection = this.#ids.connection_id ?? '';
    return { body: JSON.parse(JSON.stringify(body).replaceAll(exampleIds.connection, connection)) };
  }

  /** Any other resource that can be made, as its example makes it. */
  async #furnishAsInExample(resource: string): Promise<void> {
    const create = operations.find(({ id }) => id === `${resource}/create`);
    const [, parameter] = operations.find(({ id }) => id === `${resource}/get`)?.path.match(/\{(\w+)\}$/) ?? [];
    if (create === undefined || parameter === undefined) return;
    this.#ids[parameter] = (await this.ask(create, { body: operationExamples[create.id as OperationId].body })).id;
  }

  /** An endpoint that differs from the examples, and for those who look at deliveries one that waits. */
  async #furnishWebhooks(isVerified: boolean): Promise<void> {
    const ids = this.#ids;
    const body = { url: 'https://hooks.example.org/', events: ['payment.created'] };
    ids.webhook_endpoint_id = (await this.ask(createWebhookEndpoint, { body })).id;
    // One that is challenged again has not answered yet.
    if (isVerified)
      await verifyEndpoint(
        this.#platform,
        { tenant: this.#caller.tenant, mode: 'test' },
        ids.webhook_endpoint_id ?? '',
      );
    else this.nowMs += webhookLimits.verificationPauseMs;
    await this.ask(createPayment, { body: operationExamples['payments/create'].body });
    await this.relay();
    await this.deliver();
    ids.delivery_id = (await this.ask(listDeliveries)).data[0].id;
  }
}

export const costOf = ({ behind, ...counted }: Counted): Cost => ({
  calls: counted.serialCalls,
  write: counted.writeUnits,
  read: counted.readUnits,
  kms: counted.kmsCalls,
  processor: counted.processorCalls,
  behind: behind.writeUnits,
  events: behind.busEvents,
});

export async function countOperation(operation: Operation): Promise<Counted> {
  const scene = new Scene();
  await scene.begin();
  await scene.furnish(operation);
  await scene.ask(operation, scene.sentTo(operation));
  await scene.furnish(operation);
  await scene.relay();
  const askedBefore = scene.processor.asked();
  const used = await scene.counting.during(() => scene.ask(operation, scene.sentTo(operation)));
  const processorCalls = scene.processor.asked() - askedBefore;
  const behind = await scene.counting.during(() => scene.relay());
  return { ...used, processorCalls, behind };
}

type AuthorizerCosts = Readonly<Record<keyof typeof authorizerCosts, Pick<Cost, 'calls' | 'write' | 'read' | 'kms'>>>;

export async function countAuthorizer(): Promise<AuthorizerCosts> {
  const scene = new Scene();
  await scene.begin();
  const cost = async () => {
    const used = await scene.counting.during(scene.authorize);
    return { calls: used.serialCalls, write: used.writeUnits, read: used.readUnits, kms: used.kmsCalls };
  };
  await scene.authorize();
  const newTenant = await cost();
  scene.nowMs += newTenantMs;
  // By now the pepper is fetched anew.
  await scene.authorize();
  const usual = await cost();
  scene.forgetLastUse();
  return { usual, newTenant, firstOfTheHour: await cost() };
}
