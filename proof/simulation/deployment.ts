// The product as deployed in a world: its functions on AWS, with the processor, the receivers and all that invokes it.

import type { FunctionName } from '../../contract/capabilities.ts';
import type { Fields } from '../../lambdas/kernel/platform/log.ts';
import type { Charge } from '../../processor/money.ts';
import type { AwsCall } from '../../test/kit/aws/answered.ts';
import { type MemoryAws, memoryAws } from '../../test/kit/aws/memory.ts';
import { SimulatedAws } from './aws.ts';
import type { Conditions } from './conditions.ts';
import { secretBytes } from './merchants.ts';
import { Network } from './network.ts';
import { poolsOf } from './pools.ts';
import type { Surroundings } from './process.ts';
import { SimulatedProcessor } from './processor.ts';
import { type ApiCode, product } from './product.ts';
import { SimulatedReceivers } from './receivers.ts';
import { shards } from './streams.ts';
import { triggersOf } from './triggers.ts';

export interface DeploymentOptions {
  /** What serves the money operations. Absent: the product. */
  readonly contestant?: (processor: SimulatedProcessor) => ApiCode;
  /** Hears of each call to AWS. */
  readonly record?: (functionName: FunctionName, call: AwsCall) => void;
}

/** What AWS and the processor say of their own accord. */
interface Listeners {
  wrote: () => void;
  tell: (charge: Charge) => void;
}

/** AWS with the rows of its merchants. */
function foundedAws({ plan, merchants, timeline }: Conditions): MemoryAws {
  const aws = memoryAws({ now: timeline.now, random: secretBytes(), keepsHistory: true, shards });
  const founded = merchants.flatMap(({ rows, endpointRows, connectionRows, customerRows }) => [
    ...rows,
    ...customerRows,
    ...(plan.webhooks ? endpointRows : []),
    ...(plan.connected ? connectionRows : []),
  ]);
  for (const { table, item } of founded) {
    aws.answer({ service: 'dynamodb', operation: 'PutItem', input: { TableName: table, Item: item } });
  }
  return aws;
}

/** What processes see of the world, and what is seen of them. */
function observedSurroundings(
  { plan, timeline, trace }: Conditions,
  network: Network,
  record: DeploymentOptions['record'],
) {
  const defects: Fields[] = [];
  const counted = { calls: 0 };
  const surroundings: Surroundings = {
    seed: plan.seed,
    timeline,
    log(message, fields) {
      if (message === 'record_unreadable' || fields.code === 'internal_error') defects.push(fields);
      trace?.(`${message} ${JSON.stringify(fields)}`);
    },
    execute(process, call) {
      counted.calls += 1;
      record?.(process.functionName, call);
      return network.execute(process, call);
    },
  };
  return { surroundings, defects, counted };
}

export function deploy(conditions: Conditions, { contestant, record }: DeploymentOptions) {
  const { plan, webhooks, merchants, startMs, draw, timeline, fault } = conditions;
  const aws = foundedAws(conditions);
  const listeners: Listeners = { wrote: () => {}, tell: () => {} };
  const simulatedAws = new SimulatedAws({ timeline, aws, wrote: () => listeners.wrote() });
  const network = new Network({ draw, timeline, aws: simulatedAws, fault });
  const { surroundings, defects, counted } = observedSurroundings(conditions, network, record);
  const processor = new SimulatedProcessor({
    ...{ seed: plan.seed, strike: plan.strike, startMs, draw, timeline, fault },
    tell: (charge) => listeners.tell(charge),
  });
  const receivers = new SimulatedReceivers({ plan: webhooks, merchants, startMs, draw, timeline, fault });
  const code = product(processor, receivers);
  const pools = poolsOf({ ...code, money: contestant?.(processor) ?? code.money }, surroundings);
  const triggers = triggersOf(conditions, aws, pools);
  if (plan.connected) listeners.tell = triggers.notifying.tell;
  listeners.wrote = triggers.wrote;
  triggers.wrote();
  return { aws, processor, receivers, pools, triggers, defects, counted };
}

export type Deployment = ReturnType<typeof deploy>;
