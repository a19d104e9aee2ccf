// A zone with two regions from its plan to its end: merchants ask, the writer region fails in the middle of payments, the other
// takes over, the first comes back with what it had not replicated. It decides nothing about right and wrong.

import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { type TableName, tables } from '../../../contract/capabilities.ts';
import type { Table } from '../../../contract/kernel/table.ts';
import { zones } from '../../../contract/kernel/zones.ts';
import type { WriterLease } from '../../../contract/writer/lease.ts';
import { writerLimits as limits } from '../../../contract/writer/limits.ts';
import type { Config } from '../../../lambdas/kernel/platform/config.ts';
import { memoryAws } from '../../../test/kit/aws/memory.ts';
import { Business } from '../business.ts';
import { type Conditions, conditionsOf } from '../conditions.ts';
import { drawFrom } from '../draw.ts';
import { faultsAtRate } from '../faults.ts';
import type { Reply, Request } from '../gateway.ts';
import { type Merchant, secretBytes } from '../merchants.ts';
import { SimulatedProcessor } from '../processor.ts';
import { SimulatedReceivers } from '../receivers.ts';
import { headStartMs, type RegionsPlan } from './plan.ts';
import { openRegion, type Region } from './region.ts';

export interface RegionsAftermath {
  readonly plan: RegionsPlan;
  readonly regions: readonly [Region, Region];
  readonly processor: SimulatedProcessor;
  readonly merchants: readonly Merchant[];
  readonly receivers: SimulatedReceivers;
  readonly heard: Business['heard'];
  /** When each epoch began, by the world's clock (ms since the epoch). */
  readonly takeovers: ReadonlyMap<number, number>;
  /** Facts of which the second region had the row, and neither entry nor event, when the home came back. */
  readonly untold: readonly string[];
  /** How long nobody could write (ms). */
  readonly withoutWriterMs: number;
  /** Who was told to try elsewhere. */
  readonly refusals: number;
  readonly unfinished: boolean;
}

export interface RegionsOptions {
  readonly merchants: readonly Merchant[];
  /** `configured`: without the fence, both regions write. */
  readonly writer: Config['writer'];
  readonly trace?: (atMs: number, text: string) => void;
}

const minuteMs = 60_000;
const maxEvents = 1_000_000;
/** Between two looks at what is to be replicated: within a second or so, as AWS says. */
const lagMs = 1_500;
/** Until names lead to the other region: two periods of the alarm, and a time to live. */
const routingMs = 3 * minuteMs;
const horizonMs = 40 * 60 * minuteMs;
const replicated = (Object.entries(tables) as [TableName, Table][]).flatMap(([name, { consistency }]) =>
  consistency === 'strong' ? [] : [name],
);

/** A packet that outlives the bound on a write is fenced by nothing: the decision record says so, and here there is none. */
function faultsWithin(plan: RegionsPlan['plan']) {
  const planned = faultsAtRate(drawFrom(plan.seed), plan.faultRate);
  return {
    at(address: string, kind: Parameters<typeof planned.at>[1]) {
      const found = planned.at(address, kind);
      return found === 'very_late' ? null : found;
    },
  };
}

export async function runRegions(regionsPlan: RegionsPlan, options: RegionsOptions): Promise<RegionsAftermath> {
  const { plan, atMs, lastsMs, failure, aheadMs } = regionsPlan;
  const { merchants, writer, trace } = options;
  const conditions = conditionsOf(plan, { merchants, faults: faultsWithin(plan), ...(trace && { trace }) });
  const { draw, timeline, startMs, fault, webhooks } = conditions;
  const { seed } = plan;
  const processor = new SimulatedProcessor({ seed, draw, timeline, fault, startMs, strike: null, tell: () => {} });
  const receivers = new SimulatedReceivers({ plan: webhooks, merchants, startMs, draw, timeline, fault });
  const lease = memoryAws({ now: timeline.now, random: secretBytes() });
  const reigns = writerReigns(conditions, lease.database);
  const open = (region: string, ahead: number): Region =>
    openRegion({
      ...{ conditions, processor, lease, receivers, tookOver: reigns.changed },
      place: { region, writer, aheadMs: ahead },
    });
  const { home, second } = zones.us;
  const regions = [open(home, aheadMs), open(second, 0)] as const;
  const [first, other] = regions;
  found(conditions, first);
  for (const { own } of regions) for (const table of replicated) own.database.replicate(table);
  const link = linkBetween(conditions, regions);
  link.pump();
  const outside = startBusiness(conditions, processor, regions, reigns);

  timeline.after(atMs, () => {
    trace?.(atMs, `the home: ${failure}`);
    if (failure === 'dies') reigns.died();
    if (failure === 'handed_over') return handOver(lease.database, second);
    link.up = false;
    if (failure === 'dies') first.die();
    else first.state.reachesLease = false;
  });
  const untold: string[] = [];
  timeline.after(atMs + lastsMs, () => {
    if (failure === 'dies') untold.push(...untoldIn(other, timeline.now()));
    link.up = true;
    first.comeBack();
  });
  const ended = minutes(conditions, regions, outside.business, link, startMs + atMs + lastsMs + 10 * minuteMs);
  await timeline.run(maxEvents);
  for (const each of regions) each.release();
  return {
    ...{ plan: regionsPlan, regions: [first, other], processor, merchants, receivers, heard: outside.business.heard },
    takeovers: reigns.takeovers,
    untold,
    withoutWriterMs: reigns.withoutWriterMs(),
    refusals: outside.refusals(),
    unfinished: ended.unfinished(),
  };
}

/** Merchants' rows. */
function found({ merchants, plan }: Conditions, { own }: Region): void {
  const all = merchants.flatMap(({ rows, endpointRows }) => [...rows, ...(plan.webhooks ? endpointRows : [])]);
  for (const { table, item } of all) {
    own.answer({ service: 'dynamodb', operation: 'PutItem', input: { TableName: table, Item: item } });
  }
}

const leaseIn = (database: Region['own']['database']): WriterLease | undefined => {
  const [item] = [...database.items('writer')];
  return item && (unmarshall(item as never) as WriterLease);
};

function handOver(database: Region['own']['database'], successor: string): void {
  const held = leaseIn(database);
  if (held === undefined) return;
  const Item = marshall({ pk: 'lease', sk: 'writer', ...held, successor });
  database.call('PutItem', { TableName: 'writer', Item });
}

/** When nobody could write: from the death of the writer, or the last moment in which it could begin a write, until the take-over. */
function writerReigns({ timeline }: Conditions, database: Region['own']['database']) {
  let gapMs = 0;
  let reign: WriterLease | undefined;
  let changedMs = timeline.now();
  let diedMs = Number.POSITIVE_INFINITY;
  const takeovers = new Map<number, number>();
  const look = (): void => {
    const now = leaseIn(database);
    if (now !== undefined && !takeovers.has(now.epoch)) takeovers.set(now.epoch, timeline.now());
    if (reign !== undefined && now !== undefined && now.epoch !== reign.epoch) {
      const endedMs = Math.min(reign.until_ms - limits.skewMs - limits.writeMs, diedMs);
      gapMs += Math.max(0, timeline.now() - endedMs);
      diedMs = Number.POSITIVE_INFINITY;
      changedMs = timeline.now();
    }
    reign = now;
  };
  return {
    changed: () => timeline.after(0, look),
    died: () => {
      diedMs = timeline.now();
    },
    takeovers,
    withoutWriterMs: () => gapMs,
    /** Where names lead by now. */
    routed: (): string | undefined =>
      timeline.now() - changedMs > routingMs || reign?.epoch === 1 ? reign?.holder : zones.us.home,
  };
}

/** Replication both ways; while it is down, writes wait where they were made, merged by item. */
function linkBetween({ draw, timeline }: Conditions, regions: readonly [Region, Region]) {
  const sent = [0, 0];
  let rounds = 0;
  const link = {
    up: true,
    drained: (): boolean => regions.every(({ own }) => own.database.outgoing(0, 1).length === 0),
    pump(): void {
      if (!link.up) return;
      for (const [index, { own }] of regions.entries()) {
        const to = regions[1 - index];
        const writes = own.database.outgoing(sent[index] ?? 0, 10_000);
        const last = writes.at(-1)?.number;
        if (to === undefined || last === undefined) continue;
        to.own.database.receive(writes);
        own.database.acknowledge(last);
        sent[index] = last;
        to.wrote();
      }
    },
    again(until: () => boolean): void {
      rounds += 1;
      timeline.after(50 + draw.fraction(`replication ${rounds}`) * lagMs, () => {
        link.pump();
        if (!until()) link.again(until);
      });
    },
  };
  return link;
}

function startBusiness(
  conditions: Conditions,
  processor: SimulatedProcessor,
  regions: readonly [Region, Region],
  reigns: ReturnType<typeof writerReigns>,
) {
  const { plan, draw, timeline, merchants, trace } = conditions;
  let refusals = 0;
  /** Names lead to the writer, late; now and then a client has an old address. */
  const send = async (request: Request, address: string): Promise<Reply | null> => {
    const routed = regions.find(({ region }) => region === reigns.routed()) ?? regions[0];
    const stale = draw.chance(`${address} is stale`, 0.15);
    const target = stale ? (regions.find((each) => each !== routed) ?? routed) : routed;
    if (!target.state.alive) {
      await timeline.sleep(1_000);
      return null;
    }
    const reply = await target.send(request, address);
    if (reply?.status === 503 && reply.body.includes('region_standby')) refusals += 1;
    return reply;
  };
  const business = new Business({ plan, draw, timeline, merchants, processor, send, trace });
  timeline.after(headStartMs, () => business.start());
  return { business, refusals: () => refusals };
}

/** Between a write and its event, in a region that is well. */
const relayMs = 30_000;

function untoldIn({ own, region }: Region, nowMs: number): string[] {
  const bodies = (table: 'events' | 'audit') =>
    new Set([...own.database.items(table)].map(({ sk }) => sk?.S?.slice(sk.S.indexOf('_') + 1)));
  const [events, entries] = [bodies('events'), bodies('audit')];
  return [...own.database.items('payments')].flatMap(({ fact, origin_region }) => {
    const id = fact?.M?.id?.S;
    const isFresh = origin_region?.S === region && nowMs - Date.parse(fact?.M?.at?.S ?? '') < relayMs;
    const body = id?.slice(id.indexOf('_') + 1);
    return id === undefined || isFresh || (events.has(body) && entries.has(body)) ? [] : [id];
  });
}

/** What time will bring up again. */
const isOpen = ({ own }: Region): boolean =>
  (['payments', 'webhooks'] as const).some((table) =>
    [...own.database.items(table)].some(
      ({ due_pk, due_sk }) => due_sk !== undefined && !due_pk?.S?.startsWith('parked#'),
    ),
  );

function minutes(
  { draw, timeline, startMs }: Conditions,
  regions: readonly [Region, Region],
  business: Business,
  link: ReturnType<typeof linkBetween>,
  healedMs: number,
) {
  let over = false;
  let started = false;
  const minute = (run: number): void => {
    business.payersAct(run);
    for (const { region, minute: of } of regions)
      timeline.after(draw.fraction(`${region} ${run}`) * 20_000, () => of(run));
    const settled =
      started &&
      business.done() &&
      // Clients that gave up wait no more: what the lost region sealed cannot be replayed before it is back.
      !business.waiting().some((who) => who.startsWith('the payer')) &&
      timeline.now() > healedMs &&
      link.drained() &&
      regions.every((region) => region.drained() && !isOpen(region));
    over = settled;
    started = true;
    if (!over && timeline.now() < startMs + horizonMs) timeline.after(minuteMs, () => minute(run + 1));
    else timeline.after(5_000, () => link.pump());
  };
  minute(0);
  link.again(() => over || timeline.now() > startMs + horizonMs);
  return { unfinished: () => !over };
}
