// So many minutes of events through the real relay, deliver and dispatcher, on a virtual clock: the stream and the queue as
// Lambda reads them, receivers that take their time or hang. What is measured is what happened; it is judged elsewhere.

import type { DynamoDBStreamEvent } from 'aws-lambda';
import { functions } from '../../contract/capabilities.ts';
import { relay } from '../../lambdas/relay/relay.ts';
import { dispatch } from '../../lambdas/webhooks/delivery/dispatch.ts';
import type { DeliverPorts } from '../../lambdas/webhooks/delivery/ports.ts';
import { Timeline } from '../simulation/timeline.ts';
import { type Cloud, chance, type Environment, openCloud } from './webhooks_cloud.ts';
import { openHostile } from './webhooks_hostile.ts';
import { type Happening, openLoad, openTenants, type Tenant } from './webhooks_load.ts';
import { load, model } from './webhooks_model.ts';
import { type Found, Notes } from './webhooks_notes.ts';
import { QueueReader } from './webhooks_queue.ts';

export interface Run {
  readonly minutes: number;
  /** Only tenants who are quiet and whose receivers work. */
  readonly alone: boolean;
  /** Two tenants, a quiet one and one that does its worst. */
  readonly hostile?: boolean;
}

export interface Ran extends Found {
  readonly uses: Cloud['uses'];
  /** Messages in a batch that was delivered, on average. */
  readonly batchMessages: number;
  /** Batches that could be worked on at once, at the end. */
  readonly pollers: number;
}

const startMs = Date.parse('2026-11-21T10:00:00.000Z');
const minuteMs = 60_000;
const tidyMs = 1_000;

const kinds: readonly Tenant['kind'][] = [
  'noisy',
  ...Array.from({ length: load.quietTenants }, (_, index) => (index < load.hangingTenants ? 'hanging' : 'quiet')),
];

const hostileKinds: readonly Tenant['kind'][] = ['hanging', 'quiet'];

interface World {
  readonly eventsPerSecond: number;
  readonly timeline: Timeline;
  readonly notes: Notes;
  readonly cloud: Cloud;
  readonly tenants: readonly Tenant[];
  readonly loadEndMs: number;
  /** Nothing is started after it. */
  readonly endMs: number;
}

function every({ timeline, endMs }: World, ms: number, happen: () => void): void {
  const again = (): void => {
    if (timeline.now() + ms > endMs) return;
    timeline.after(ms, () => {
      happen();
      again();
    });
  };
  again();
}

/** What the receivers do with a request from an environment. */
function receivers({ timeline, notes, cloud, tenants }: World): (environment: Environment) => DeliverPorts['attempt'] {
  const byUrl = new Map(tenants.map((tenant) => [tenant.url, tenant]));
  return ({ work }) =>
    async ({ url, headers, deadlineMs }) => {
      await work(model.attemptCpuMs);
      // A hostile tenant's further endpoints.
      if (!byUrl.has(url)) {
        await timeline.sleep(deadlineMs);
        return { kind: 'failed', reason: 'timeout', latencyMs: deadlineMs };
      }
      const event = headers['webhook-id'] ?? '';
      notes.sent(event);
      if (byUrl.get(url)?.kind === 'hanging') {
        await timeline.sleep(deadlineMs);
        return { kind: 'failed', reason: 'timeout', latencyMs: deadlineMs };
      }
      const latencyMs = cloud.between(model.receiverMs);
      await timeline.sleep(latencyMs);
      const status = cloud.between([0, 1]) < model.failingShare ? 500 : 200;
      if (status === 200) notes.delivered(event);
      return { kind: 'answered', status, latencyMs, body: '', retryAfterSeconds: null };
    };
}

/** Hands the records of a shard to the relay, in their order. */
function readShard({ timeline, cloud, endMs }: World, records: object[]): void {
  const handle = relay(cloud.environmentOf('relay').platform);
  let isNew = true;
  const read = async (): Promise<void> => {
    while (records.length > 0) {
      const Records = records.splice(0, functions.relay.trigger.batchRecords);
      await cloud.invoke('relay', isNew, () => handle({ Records } as unknown as DynamoDBStreamEvent));
      isNew = false;
    }
    if (timeline.now() < endMs) timeline.after(model.shardPollMs, read);
  };
  timeline.after(cloud.between([0, model.shardPollMs]), read);
}

/** Runs the dispatcher each minute; forgets what nobody asks for any more. */
function schedule(world: World): void {
  const { notes, cloud } = world;
  const { database } = cloud.aws;
  const { platform } = cloud.environmentOf('dispatcher');
  every(world, minuteMs, () => {
    cloud.invoke('dispatcher', false, () => dispatch(platform, functions.dispatcher.timeoutMs));
  });
  every(world, tidyMs, () => {
    const last = database.stream('webhooks').at(-1)?.dynamodb.SequenceNumber;
    if (last !== undefined) database.trimStream('webhooks', last);
    notes.forgotten(({ table, key }) => database.call('DeleteItem', { TableName: table, Key: key }));
  });
}

type Pay = Awaited<ReturnType<typeof openLoad>>['payment'];

/** Begins the payments, which go on until the load ends; their records are put into shards. */
async function startPayments(world: World, payment: Pay, shards: readonly object[][], alone: boolean): Promise<void> {
  const { timeline, notes, cloud, loadEndMs } = world;
  const happens = (happening: Happening): void => {
    timeline.after(happening.atMs - timeline.now(), () => {
      notes.happened(happening);
      const shard = shards[happening.payment % shards.length];
      timeline.after(cloud.between(model.streamMs), () => shard?.push(happening.record));
    });
  };
  const [noisy, ...others] = world.tenants;
  const drawn = chance(2);
  /** Two events each. The same payments of the same tenants, whoever is left out. */
  const pay = async (): Promise<void> => {
    const tenant = drawn() < load.noisyShare ? noisy : others[Math.floor(drawn() * others.length)];
    const [soonest, latest] = model.paymentMs;
    const atMs = timeline.now();
    const times = [atMs, Math.round(atMs + soonest + drawn() * (latest - soonest))] as const;
    if (tenant !== undefined && (!alone || tenant.kind === 'quiet')) (await payment(tenant, times)).forEach(happens);
    const gapMs = (-Math.log(1 - drawn()) * 2_000) / world.eventsPerSecond;
    if (timeline.now() + gapMs < loadEndMs) timeline.after(gapMs, pay);
  };
  await pay();
}

/** What a hostile tenant asks for, each second, and what is recorded of it. */
async function startHostile(world: World, shards: readonly object[][]): Promise<void> {
  const { cloud, timeline, tenants } = world;
  const [tenant] = tenants;
  if (tenant === undefined) throw new Error('there is no hostile tenant');
  const hostile = await openHostile(cloud.aws, timeline.now, tenant);
  every(world, tidyMs / 2, () => {
    if (timeline.now() < world.loadEndMs) hostile.act();
    shards[0]?.push(...hostile.records());
  });
}

export async function runWebhooks({ minutes, alone, hostile = false }: Run): Promise<Ran> {
  const timeline = new Timeline(startMs);
  const loadEndMs = startMs + minutes * minuteMs;
  const notes = new Notes({ now: timeline.now, countsFromMs: startMs + load.warmUpMs });
  const cloud = openCloud({ timeline, random: chance(1), observed: notes.observed });
  const tenants = await openTenants(cloud.aws, startMs - minuteMs, hostile ? hostileKinds : kinds);
  const { payment } = await openLoad(cloud.aws, startMs);
  const eventsPerSecond = hostile ? load.eventsPerSecondBesideHostile : load.eventsPerSecond;
  const world = { eventsPerSecond, timeline, notes, cloud, tenants, loadEndMs, endMs: loadEndMs + load.drainMs };

  const queue = new QueueReader({ timeline, cloud, attemptFrom: receivers(world), endMs: world.endMs });
  queue.scale();
  notes.onArrival(queue.wake);
  const shards = Array.from({ length: model.streamShards }, (): object[] => []);
  for (const records of shards) readShard(world, records);
  if (hostile && !alone) await startHostile(world, shards);
  schedule(world);
  await startPayments(world, payment, shards, alone);
  await timeline.run(Number.POSITIVE_INFINITY);

  const { batches, messages, pollers } = queue.counted;
  const found = notes.found(cloud.aws.database.items('webhooks'));
  return { ...found, uses: cloud.uses, batchMessages: messages / batches, pollers };
}
