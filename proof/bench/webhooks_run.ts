// So many minutes of events through the real relay, deliver and dispatcher, on a virtual clock: the stream and the queue as
// Lambda reads them, receivers that take their time or hang. What is measured is what happened; it is judged elsewhere.

import type { DynamoDBStreamEvent } from 'aws-lambda';
import { functions } from '../../contract/capabilities.ts';
import { relay } from '../../lambdas/relay/relay.ts';
import { dispatch } from '../../lambdas/webhooks/delivery/dispatch.ts';
import type { DeliverPorts } from '../../lambdas/webhooks/delivery/ports.ts';
import { Timeline } from '../simulation/timeline.ts';
import { type Cloud, chance, type Environment, openCloud } from './webhooks_cloud.ts';
import { type Happening, openLoad, openTenants, type Tenant } from './webhooks_load.ts';
import { load, model } from './webhooks_model.ts';
import { type Found, openNotes } from './webhooks_notes.ts';
import { readQueue } from './webhooks_queue.ts';

export interface Run {
  readonly minutes: number;
  /** Only tenants who are quiet and whose receivers work. */
  readonly alone: boolean;
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

export async function runWebhooks({ minutes, alone }: Run): Promise<Ran> {
  const timeline = new Timeline(startMs);
  const loadEndMs = startMs + minutes * minuteMs;
  const endMs = loadEndMs + load.drainMs;
  const notes = openNotes({ now: timeline.now, countsFromMs: startMs + load.warmUpMs });
  const cloud = openCloud({ timeline, random: chance(1), observed: notes.observed });
  const { aws, between } = cloud;
  const tenants = await openTenants(aws, startMs - minuteMs, kinds);
  const { payment } = await openLoad(aws, startMs);
  const byUrl = new Map(tenants.map((tenant) => [tenant.url, tenant]));
  const every = (ms: number, happen: () => void): void => {
    if (timeline.now() + ms > endMs) return;
    timeline.after(ms, () => {
      happen();
      every(ms, happen);
    });
  };

  const attemptFrom =
    ({ work }: Environment): DeliverPorts['attempt'] =>
    async ({ url, headers, deadlineMs }) => {
      await work(model.attemptCpuMs);
      const event = headers['webhook-id'] ?? '';
      notes.sent(event);
      if (byUrl.get(url)?.kind === 'hanging') {
        await timeline.sleep(deadlineMs);
        return { kind: 'failed', reason: 'timeout', latencyMs: deadlineMs };
      }
      const latencyMs = between(model.receiverMs);
      await timeline.sleep(latencyMs);
      const status = between([0, 1]) < model.failingShare ? 500 : 200;
      if (status === 200) notes.delivered(event);
      return { kind: 'answered', status, latencyMs, body: '', retryAfterSeconds: null };
    };
  const queue = readQueue({ timeline, cloud, attemptFrom, endMs });
  notes.onArrival(queue.wake);

  const readShard = (records: object[]): void => {
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
    timeline.after(between([0, model.shardPollMs]), read);
  };
  const shards = Array.from({ length: model.streamShards }, (): object[] => []);
  shards.forEach(readShard);

  const { platform } = cloud.environmentOf('dispatcher');
  every(minuteMs, () => {
    cloud.invoke('dispatcher', false, () => dispatch(platform, functions.dispatcher.timeoutMs));
  });
  every(tidyMs, () => {
    const last = aws.database.stream('webhooks').at(-1)?.dynamodb.SequenceNumber;
    if (last !== undefined) aws.database.trimStream('webhooks', last);
    notes.forgotten(({ table, key }) => aws.database.call('DeleteItem', { TableName: table, Key: key }));
  });

  const happens = (happening: Happening): void => {
    timeline.after(happening.atMs - timeline.now(), () => {
      notes.happened(happening);
      const shard = shards[happening.payment % shards.length];
      timeline.after(between(model.streamMs), () => shard?.push(happening.record));
    });
  };
  const [noisy, ...others] = tenants;
  const drawn = chance(2);
  /** Two events each. The same payments of the same tenants, whoever is left out. */
  const pay = async (): Promise<void> => {
    const tenant = drawn() < load.noisyShare ? noisy : others[Math.floor(drawn() * others.length)];
    const [soonest, latest] = model.paymentMs;
    const atMs = timeline.now();
    const times = [atMs, Math.round(atMs + soonest + drawn() * (latest - soonest))] as const;
    if (tenant !== undefined && (!alone || tenant.kind === 'quiet')) (await payment(tenant, times)).forEach(happens);
    const gapMs = (-Math.log(1 - drawn()) * 2_000) / load.eventsPerSecond;
    if (timeline.now() + gapMs < loadEndMs) timeline.after(gapMs, pay);
  };
  await pay();
  await timeline.run(Number.POSITIVE_INFINITY);

  const { batches, messages, pollers } = queue.counted;
  const found = notes.found(aws.database.items('webhooks'));
  return { ...found, uses: cloud.uses, batchMessages: messages / batches, pollers };
}
