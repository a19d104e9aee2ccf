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
import { functions } from '../../contract/capabilities.ts';
import { routes as customerRoutes } from '../../lambdas/functions/customers.ts';
import { routes as moneyRoutes } from '../../lambdas/functions/money.ts';
import { routes as webhookRoutes } from '../../lambdas/functions/webhooks.ts';
import { serve } from '../../lambdas/kernel/http/serve.ts';
import { handlerPorts, portsOf } from '../../lambdas/kernel/operation/ports.ts';
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
import type { Receivers } from './receivers.ts';

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

const reading = (name: ReadingFunction): ApiCode => ({
  name,
  load({ platform }) {
    const handle = serve(handlerPorts(platform), readingFunctions[name]);
    return (event, address) => handle(event, contextOf(address));
  },
});

export function product(processor: SimulatedProcessor, receivers: Receivers): Product {
  const moneyPortsOf = (process: Process): MoneyPorts => {
    const reached = processor.reachedFrom(process);
    return { ...moneyPorts(process.platform), processorOf: async () => reached };
  };
  return {
    authorizer: {
      name: 'authorizer',
      load: ({ platform }) => authorizer(platform),
    },
    money: {
      name: 'money',
      load(process) {
        const handle = serve(moneyPortsOf(process), moneyRoutes);
        return (event, address) => handle(event, contextOf(address));
      },
    },
    audit_read: reading('audit_read'),
    connections_read: reading('connections_read'),
    events_read: reading('events_read'),
    payments_read: reading('payments_read'),
    tenants_read: reading('tenants_read'),
    webhooks_read: reading('webhooks_read'),
    webhooks: {
      name: 'webhooks',
      load({ platform }) {
        const handle = serve(portsOf(platform), webhookRoutes);
        return (event, address) => handle(event, contextOf(address));
      },
    },
    customers: {
      name: 'customers',
      load({ platform }) {
        const handle = serve(portsOf(platform), customerRoutes);
        return (event, address) => handle(event, contextOf(address));
      },
    },
    ingress: {
      name: 'processor_webhooks',
      load: ({ platform }) => receive(ingressPorts(platform)),
    },
    processor_events: {
      name: 'processor_events',
      load: ({ platform }) => processorEvents(handlerPorts(platform)),
    },
    relay: {
      name: 'relay',
      load: ({ platform }) => relay(platform),
    },
    reconciler: {
      name: 'reconciler',
      load(process) {
        const ports = moneyPortsOf(process);
        return (_, address) => runReconciler(ports, address, functions.reconciler.timeoutMs);
      },
    },
    deliver: {
      name: 'deliver',
      load(process) {
        const { platform } = process;
        const handle = deliver({ ...deliverPorts(platform), attempt: receivers.reachedFrom(process) });
        return (event, address) => {
          const endMs = platform.clock() + functions.deliver.timeoutMs;
          return handle(event, { ...contextOf(address), getRemainingTimeInMillis: () => endMs - platform.clock() });
        };
      },
    },
    dispatcher: {
      name: 'dispatcher',
      load:
        ({ platform }) =>
        () =>
          dispatch(platform, functions.dispatcher.timeoutMs),
    },
  };
}
