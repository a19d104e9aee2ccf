// One world, from its plan to its end: merchants ask, things go wrong, the sweeper and the streams go on until everything
// is settled. It decides nothing about right and wrong: what it leaves behind is judged by the invariants.

import type { FunctionName } from '../../contract/functions.ts';
import type { Fields } from '../../lambdas/platform/log.ts';
import type { AwsCall } from '../aws/answered.ts';
import { type MemoryAws, memoryAws } from '../aws/memory.ts';
import { business } from './business.ts';
import type { Heard } from './clients.ts';
import { drawFrom } from './draw.ts';
import { type CallKind, type Fault, type FaultPlan, faultsAtRate } from './faults.ts';
import { pool } from './functions.ts';
import { createGateway } from './gateway.ts';
import { type Merchant, secretBytes } from './merchants.ts';
import { passingMinutes } from './minutes.ts';
import { network } from './network.ts';
import type { Plan } from './plan.ts';
import type { Surroundings } from './process.ts';
import { type SimulatedProcessor, simulatedProcessor } from './processor.ts';
import { type ApiCode, product } from './product.ts';
import { shards, streams } from './streams.ts';
import { Timeline } from './timeline.ts';

/** A fault that happened. */
export interface Met {
  readonly address: string;
  readonly fault: Fault;
  /** Since the start of the world. */
  readonly atMs: number;
}

/** What a world leaves behind, for whoever judges. */
export interface Aftermath {
  readonly plan: Plan;
  readonly aws: MemoryAws;
  readonly processor: SimulatedProcessor;
  readonly merchants: readonly Merchant[];
  /** What clients heard, by intention; what readers heard, by reader. */
  readonly heard: ReadonlyMap<string, readonly Heard[]>;
  /** Who reads, by position among the merchants. */
  readonly readers: ReadonlyMap<string, number>;
  /** Ids that each merchant named itself. */
  readonly named: readonly ReadonlySet<string>[];
  /** The payment that an intention made. */
  readonly payments: ReadonlyMap<string, string>;
  readonly met: readonly Met[];
  /** Log lines that tell of a bug. */
  readonly defects: readonly Fields[];
  /** Who never came to an end, and why the world ended all the same. */
  readonly unfinished: readonly string[];
  /** How many of its intentions anybody asked for: what changes a payment that never was is not asked for. */
  readonly asked: number;
  readonly counted: { readonly requests: number; readonly calls: number; readonly events: number };
}

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
  for (const Item of merchants.flatMap(({ rows }) => rows)) {
    aws.answer({ service: 'dynamodb', operation: 'PutItem', input: { TableName: 'tenants', Item } });
  }
  let wrote = (): void => {};
  const { carry } = network({ draw, timeline, aws, fault, wrote: () => wrote() });
  const surroundings: Surroundings = {
    seed,
    timeline,
    log(message, fields) {
      if (message === 'record_unreadable' || fields.code === 'internal_error') defects.push(fields);
      trace?.(sinceStart(), `${message} ${JSON.stringify(fields)}`);
    },
    carry(process, call) {
      counted.calls += 1;
      options.record?.(process.functionName, call);
      return carry(process, call);
    },
  };

  const processor = simulatedProcessor({ seed, draw, timeline, fault });
  const code = product(processor);
  const pools = {
    authorizer: pool(code.authorizer, surroundings),
    money: pool(options.contestant?.(processor) ?? code.money, surroundings),
    read: pool(code.read, surroundings),
    relay: pool(code.relay, surroundings),
    sweeper: pool(code.sweeper, surroundings),
  };
  const relaying = streams({ timeline, draw, database: aws.database, relay: pools.relay, fault });
  wrote = relaying.take;
  wrote();
  const gateway = createGateway({ timeline, draw, fault, ...pools });
  const merchantsAtWork = business({
    plan,
    draw,
    timeline,
    merchants,
    processor,
    trace: trace && ((text) => trace(sinceStart(), text)),
    send(request, address) {
      counted.requests += 1;
      return gateway(request, address);
    },
  });

  const minutes = passingMinutes({
    timeline,
    draw,
    calmAtMs: startMs + calmAtMs,
    business: merchantsAtWork,
    openRows: () =>
      [...aws.database.items('payments')].flatMap(({ due_sk }) => (due_sk?.S === undefined ? [] : [due_sk.S])),
    streamsDrained: relaying.drained,
    sweep(address) {
      const runs = fault(`${address}/run`, 'delivery') === 'repeated' ? 2 : 1;
      for (let run = 0; run < runs; run += 1) pools.sweeper.invoke(null, `${address}.${run}`);
    },
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
  const unfinished = minutes.unfinished();
  return { plan, aws, processor, merchants, heard, readers, named, payments, met, defects, unfinished, asked, counted };
}
