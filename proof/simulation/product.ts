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
import { functions, type ServingFunction } from '../../contract/capabilities.ts';
import { serve } from '../../lambdas/kernel/http/serve.ts';
import { handlerPorts } from '../../lambdas/kernel/operation/ports.ts';
import { lostUpdates } from '../../lambdas/payments/lost_updates.ts';
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
import { type EveryPort, everyPort, routesOf, servingFunctions } from '../../test/kit/api_functions.ts';
import type { Code } from './functions.ts';
import type { Process } from './process.ts';
import type { SimulatedProcessor } from './processor.ts';
import type { SimulatedReceivers } from './receivers.ts';

export type ApiCode = Code<APIGatewayProxyEvent, APIGatewayProxyResult>;

/** Functions that serve operations are here under their own names. */
export interface Product extends Readonly<Record<ServingFunction, ApiCode>> {
  readonly authorizer: Code<APIGatewayRequestAuthorizerEvent, APIGatewayAuthorizerResult>;
  readonly ingress: ApiCode;
  readonly relay: Code<DynamoDBStreamEvent, DynamoDBBatchResponse>;
  readonly processor_events: Code<DynamoDBStreamEvent, DynamoDBBatchResponse>;
  readonly lost_updates: Code<DynamoDBStreamEvent, DynamoDBBatchResponse>;
  readonly reconciler: Code<null, Reconciled>;
  readonly deliver: Code<SQSEvent, SQSBatchResponse>;
  readonly dispatcher: Code<null, Dispatched>;
}

/** Time limits are the pool's: without `getRemainingTimeInMillis` nothing in here starts a clock of its own. */
const contextOf = (address: string): Context => ({ awsRequestId: address }) as Context;

const everyPortIn =
  (processor: SimulatedProcessor) =>
  (process: Process): EveryPort => {
    const reached = processor.reachedFrom(process);
    return { ...everyPort(process.platform), processorOf: async () => reached };
  };

const serving = (name: ServingFunction, portsIn: (process: Process) => EveryPort): ApiCode => ({
  name,
  load(process) {
    const handle = serve(portsIn(process), routesOf[name]);
    return (event, address) => handle(event, contextOf(address));
  },
});

const reconciling = (processor: SimulatedProcessor): Product['reconciler'] => ({
  name: 'reconciler',
  load(process) {
    const ports = everyPortIn(processor)(process);
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
  ...(Object.fromEntries(
    servingFunctions.map((name) => [name, serving(name, everyPortIn(processor))]),
  ) as unknown as Readonly<Record<ServingFunction, ApiCode>>),
  ingress: { name: 'processor_webhooks', load: ({ platform }) => receive(ingressPorts(platform)) },
  processor_events: { name: 'processor_events', load: ({ platform }) => processorEvents(handlerPorts(platform)) },
  relay: { name: 'relay', load: ({ platform }) => relay(platform) },
  lost_updates: { name: 'lost_updates', load: ({ platform }) => lostUpdates(platform) },
  reconciler: reconciling(processor),
  deliver: delivering(receivers),
  dispatcher,
});
