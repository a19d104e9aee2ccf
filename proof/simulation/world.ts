// One world, from its plan to its end: merchants ask, things go wrong, the reconciler and the streams go on until everything
// is settled. It decides nothing about right and wrong: what it leaves behind is judged by the invariants.

import type { FunctionName } from '../../contract/capabilities.ts';
import type { Fields } from '../../lambdas/kernel/platform/log.ts';
import type { Charge } from '../../processor/money.ts';
import type { AwsCall } from '../../test/kit/aws/answered.ts';
import { memoryAws } from '../../test/kit/aws/memory.ts';
import { actors } from './acts.ts';
import type { Aftermath, Met } from './aftermath.ts';
import { SimulatedAws } from './aws.ts';
import { Business, type BusinessPorts } from './business.ts';
import { drawFrom } from './draw.ts';
import { ends } from './ends.ts';
import { type CallKind, type Fault, type FaultPlan, faultsAtRate } from './faults.ts';
import { pool } from './functions.ts';
import { createGateway } from './gateway.ts';
import { type Merchant, secretBytes } from './merchants.ts';
import { passingMinutes } from './minutes.ts';
import { Network } from './network.ts';
import type { Plan } from './plan.ts';
import type { Surroundings } from './process.ts';
import { SimulatedProcessor } from './processor.ts';
import { type ApiCode, product } from './product.ts';
import { providerWebhooks } from './provider_webhooks.ts';
import { pollers } from './queue.ts';
import { SimulatedReceivers } from './receivers.ts';
import { shards, streams } from './streams.ts';
import { Timeline } from './timeline.ts';

export interface WorldOptions {
  readonly merchants: readonly Merchant[];
  /** Absent: at the plan's rate. */
  readonly faults?: FaultPlan;
  /** What serves the money operations. Absent: the product. */
  readonly contestant?: (processor: SimulatedProcessor) => ApiCode;
  /** Hears of each call to AWS. */
  readonly record?: (functionName: FunctionName, call: AwsCall) => void;
  readonly trace?: (atMs: number, text: string) => void;
}

const startMs = Date.parse('2026-01-02T00:00:00Z');
const minuteMs = 60_000;
const maxEvents = 5_000_000;

export async function runWorld(plan: Plan, options: WorldOptions): Promise<Aftermath> {
  const { trace, merchants } = options;
  const { seed } = plan;
  const draw = drawFrom(seed);
  const timeline = new Timeline(startMs);
  const sinceStart = (): number => timeline.now() - startMs;
  const calmAtMs = plan.calmAfterMs + (plan.outage?.lastsMs ?? 0);
  const plannedFaults = options.faults ?? faultsAtRate(draw, plan.faultRate);
  const met: Met[] = [];
  const defects: Fields[] = [];
  const counted = { requests: 0, calls: 0, events: 0 };

  const fault = (address: string, kind: CallKind): Fault | null => {
    const found = sinceStart() < calmAtMs ? plannedFaults.at(address, kind) : null;
    if (found === null) return null;
    met.push({ address, fault: found, atMs: sinceStart() });
    trace?.(sinceStart(), `${address} meets: ${found}`);
    return found;
  };

  const aws = memoryAws({ now: timeline.now, random: secretBytes(), keepsHistory: true, shards });
  const founded = merchants.flatMap(({ rows, endpointRows, connectionRows }) => [
    ...rows,
    ...(plan.webhooks ? endpointRows : []),
    ...(plan.connected ? connectionRows : []),
  ]);
  for (const { table, item } of founded) {
    aws.answer({ service: 'dynamodb', operation: 'PutItem', input: { TableName: table, Item: item } });
  }
  let wrote = (): void => {};
  const simulatedAws = new SimulatedAws({ timeline, aws, wrote: () => wrote() });
  const network = new Network({ draw, timeline, aws: simulatedAws, fault });
  const surroundings: Surroundings = {
    seed,
    timeline,
    log(message, fields) {
      if (message === 'record_unreadable' || fields.code === 'internal_error') defects.push(fields);
      trace?.(sinceStart(), `${message} ${JSON.stringify(fields)}`);
    },
    execute(process, call) {
      counted.calls += 1;
      options.record?.(process.functionName, call);
      return network.execute(process, call);
    },
  };

  let tell = (_charge: Charge): void => {};
  const processor = new SimulatedProcessor({ seed, draw, timeline, fault, tell: (charge) => tell(charge) });
  const webhooks = plan.webhooks ?? { illness: 0, poison: 0, outages: [], acts: [] };
  const receivers = new SimulatedReceivers({ plan: webhooks, merchants, startMs, draw, timeline, fault });
  const code = product(processor, receivers);
  const pools = {
    authorizer: pool(code.authorizer, surroundings),
    money: pool(options.contestant?.(processor) ?? code.money, surroundings),
    webhooks: pool(code.webhooks, surroundings),
    audit_read: pool(code.audit_read, surroundings),
    connections_read: pool(code.connections_read, surroundings),
    events_read: pool(code.events_read, surroundings),
    payments_read: pool(code.payments_read, surroundings),
    tenants_read: pool(code.tenants_read, surroundings),
    webhooks_read: pool(code.webhooks_read, surroundings),
    customers: pool(code.customers, surroundings),
    ingress: pool(code.ingress, surroundings),
    processor_events: pool(code.processor_events, surroundings),
    relay: pool(code.relay, surroundings),
    reconciler: pool(code.reconciler, surroundings),
    deliver: pool(code.deliver, surroundings),
    dispatcher: pool(code.dispatcher, surroundings),
  };
  const reading = { timeline, draw, database: aws.database, fault };
  const relaying = streams({ ...reading, name: 'relay', reader: pools.relay });
  const settling = streams({ ...reading, name: 'processor_events', reader: pools.processor_events });
  const connectionOf = (payment: string): Merchant['connection'] | undefined => {
    const through = [...aws.database.items('payments')].find(({ sk, id }) => sk?.S === 'payment' && id?.S === payment);
    return merchants.find(({ connection }) => connection.id === through?.connection?.S)?.connection;
  };
  const notifying = providerWebhooks({ draw, timeline, ingress: pools.ingress, fault, connectionOf });
  if (plan.connected) tell = notifying.tell;
  const delivering = pollers({ timeline, draw, queues: aws.queues, deliver: pools.deliver, fault });
  const over = ends(aws.database, timeline);
  wrote = () => {
    relaying.take();
    settling.take();
    delivering.wake();
    over.notice();
  };
  wrote();
  const gateway = createGateway({ timeline, draw, fault, ...pools });
  const say = trace && ((text: string): void => trace(sinceStart(), text));
  const send: BusinessPorts['send'] = (request, address) => {
    counted.requests += 1;
    return gateway(request, address);
  };
  const merchantsAtWork = new Business({ plan, draw, timeline, merchants, processor, send, trace: say });
  merchantsAtWork.start();
  const deliveries = () => [...aws.database.items('webhooks')].filter(({ object }) => object?.S === 'delivery');
  const { acts } = webhooks;
  const acting = actors({ acts, draw, timeline, merchants, deliveries, send, trace: say });

  const runsOf = (address: string): string[] =>
    fault(`${address}/run`, 'delivery') === 'repeated' ? [`${address}.0`, `${address}.1`] : [`${address}.0`];
  const minutes = passingMinutes({
    timeline,
    draw,
    calmAtMs: startMs + calmAtMs,
    business: merchantsAtWork,
    acts: () => [...acting.waiting(), ...notifying.waiting()],
    openRows: (table) =>
      [...aws.database.items(table)].flatMap(({ due_pk, due_sk }) =>
        due_sk?.S === undefined || due_pk?.S?.startsWith('parked#') ? [] : [due_sk.S],
      ),
    streamsDrained: () => relaying.drained() && settling.drained(),
    queueDrained: delivering.drained,
    reconcile: (address) => runsOf(`reconciler.${address}`).map((run) => pools.reconciler.invoke(null, run)),
    dispatch: (address) =>
      plan.webhooks && runsOf(`dispatcher.${address}`).map((run) => pools.dispatcher.invoke(null, run)),
  });
  if (plan.outage !== null) {
    const { atMs, lastsMs } = plan.outage;
    timeline.after(atMs, () => {
      trace?.(sinceStart(), `nothing runs for ${Math.round(lastsMs / minuteMs)} minutes`);
      for (const each of Object.values(pools)) each.dieAll();
      timeline.skip(lastsMs);
    });
  }
  counted.events = await timeline.run(maxEvents);
  for (const each of Object.values(pools)) each.release();
  const asked = plan.intentions.filter(({ name }) => merchantsAtWork.heard.has(name)).length;
  const { heard, readers, named, payments } = merchantsAtWork;
  const { hits } = receivers;
  const delivered = { hits, overAtMs: over.atMs, batches: delivering.batches, acted: acting.acted };
  return {
    ...{ plan, aws, processor, merchants, heard, readers, named, payments, met, defects, asked, counted },
    webhooks: delivered,
    notifications: notifying.all(),
    unfinished: minutes.unfinished(),
  };
}
