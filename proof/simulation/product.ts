// The product's own functions, loaded into simulated processes: nothing here decides anything.

import type {
  APIGatewayAuthorizerResult,
  APIGatewayProxyEvent,
  APIGatewayProxyResult,
  APIGatewayRequestAuthorizerEvent,
  Context,
  DynamoDBBatchResponse,
  DynamoDBStreamEvent,
  SQSBatchResponse,
  SQSEvent,
} from 'aws-lambda';
import { type FunctionName, functions } from '../../contract/capabilities.ts';
import { routes as customerRoutes } from '../../lambdas/functions/customers.ts';
import { routes as moneyRoutes } from '../../lambdas/functions/money.ts';
import { routes as webhookRoutes } from '../../lambdas/functions/webhooks.ts';
import { serve } from '../../lambdas/kernel/http/serve.ts';
import type { HandlerPorts } from '../../lambdas/kernel/operation/call.ts';
import { handlerPorts, portsOf } from '../../lambdas/kernel/operation/ports.ts';
import type { Route } from '../../lambdas/kernel/operation/route.ts';
import { type MoneyPorts, moneyPorts } from '../../lambdas/payments/ports.ts';
import type { Reconciled } from '../../lambdas/payments/reconcile.ts';
import { ingressPorts } from '../../lambdas/processor_events/ingress/ports.ts';
import { receive } from '../../lambdas/processor_events/ingress/receive.ts';
import { processorEvents } from '../../lambdas/processor_events/processor_events.ts';
import { runReconciler } from '../../lambdas/processor_events/reconciler.ts';
import { relay } from '../../lambdas/relay/relay.ts';
import { authorizer } from '../../lambdas/tenants/authorizer.ts';
import { deliver } from '../../lambdas/webhooks/delivery/deliver.ts';
import { type Dispatched, dispatch } from '../../lambdas/webhooks/delivery/dispatch.ts';
import { deliverPorts } from '../../lambdas/webhooks/delivery/ports.ts';
import { type ReadingFunction, readingFunctions } from '../../test/kit/readers.ts';
import type { Code } from './functions.ts';
import type { Process } from './process.ts';
import type { SimulatedProcessor } from './processor.ts';
import type { SimulatedReceivers } from './receivers.ts';

export type ApiCode = Code<APIGatewayProxyEvent, APIGatewayProxyResult>;

/** Functions that answer reads are here under their own names. */
export interface Product extends Readonly<Record<ReadingFunction, ApiCode>> {
  readonly authorizer: Code<APIGatewayRequestAuthorizerEvent, APIGatewayAuthorizerResult>;
  readonly money: ApiCode;
  readonly webhooks: ApiCode;
  readonly customers: ApiCode;
  readonly ingress: ApiCode;
  readonly relay: Code<DynamoDBStreamEvent, DynamoDBBatchResponse>;
  readonly processor_events: Code<DynamoDBStreamEvent, DynamoDBBatchResponse>;
  readonly reconciler: Code<null, Reconciled>;
  readonly deliver: Code<SQSEvent, SQSBatchResponse>;
  readonly dispatcher: Code<null, Dispatched>;
}

/** Time limits are the pool's: without `getRemainingTimeInMillis` nothing in here starts a clock of its own. */
const contextOf = (address: string): Context => ({ awsRequestId: address }) as Context;

/** A function that serves routes over its ports. */
const serving = <P extends HandlerPorts>(
  name: FunctionName,
  routes: readonly Route<P>[],
  portsIn: (process: Process) => P,
): ApiCode => ({
  name,
  load(process) {
    const handle = serve(portsIn(process), routes);
    return (event, address) => handle(event, contextOf(address));
  },
});

const reading = (name: ReadingFunction): ApiCode =>
  serving(name, readingFunctions[name], ({ platform }) => handlerPorts(platform));

const moneyPortsIn =
  (processor: SimulatedProcessor) =>
  (process: Process): MoneyPorts => {
    const reached = processor.reachedFrom(process);
    return { ...moneyPorts(process.platform), processorOf: async () => reached };
  };

const reconciling = (processor: SimulatedProcessor): Product['reconciler'] => ({
  name: 'reconciler',
  load(process) {
    const ports = moneyPortsIn(processor)(process);
    return (_, address) => runReconciler(ports, address, functions.reconciler.timeoutMs);
  },
});

const delivering = (receivers: SimulatedReceivers): Product['deliver'] => ({
  name: 'deliver',
  load(process) {
    const { platform } = process;
    const handle = deliver({ ...deliverPorts(platform), attempt: receivers.reachedFrom(process) });
    return (event, address) => {
      const endMs = platform.clock() + functions.deliver.timeoutMs;
      return handle(event, { ...contextOf(address), getRemainingTimeInMillis: () => endMs - platform.clock() });
    };
  },
});

const dispatcher: Product['dispatcher'] = {
  name: 'dispatcher',
  load:
    ({ platform }) =>
    () =>
      dispatch(platform, functions.dispatcher.timeoutMs),
};

export const product = (processor: SimulatedProcessor, receivers: SimulatedReceivers): Product => ({
  authorizer: { name: 'authorizer', load: ({ platform }) => authorizer(platform) },
  money: serving('money', moneyRoutes, moneyPortsIn(processor)),
  audit_read: reading('audit_read'),
  connections_read: reading('connections_read'),
  events_read: reading('events_read'),
  payments_read: reading('payments_read'),
  tenants_read: reading('tenants_read'),
  webhooks_read: reading('webhooks_read'),
  webhooks: serving('webhooks', webhookRoutes, ({ platform }) => portsOf(platform)),
  customers: serving('customers', customerRoutes, ({ platform }) => portsOf(platform)),
  ingress: { name: 'processor_webhooks', load: ({ platform }) => receive(ingressPorts(platform)) },
  processor_events: { name: 'processor_events', load: ({ platform }) => processorEvents(handlerPorts(platform)) },
  relay: { name: 'relay', load: ({ platform }) => relay(platform) },
  reconciler: reconciling(processor),
  deliver: delivering(receivers),
  dispatcher,
});
