// So many minutes of events through the real relay, deliver and dispatcher, on a virtual clock: the streams and the queue as
// Lambda reads them, receivers that take their time or hang. What is measured is what happened; it is judged elsewhere.

import type { DynamoDBStreamEvent, SQSEvent } from 'aws-lambda';
import { functions } from '../../contract/functions.ts';
import type { Attempted } from '../../lambdas/deliver/attempt.ts';
import { type DeliverHandler, deliver } from '../../lambdas/deliver/deliver.ts';
import { dispatch } from '../../lambdas/deliver/dispatch.ts';
import { deliverPorts } from '../../lambdas/deliver/ports.ts';
import { relay } from '../../lambdas/relay/relay.ts';
import { type TakenBatch, takeBatch } from '../aws/queues.ts';
import { Timeline } from '../simulation/timeline.ts';
import { type Cloud, chance, type Environment, openCloud } from './webhooks_cloud.ts';
import { type Happening, openLoad, openTenants, type Tenant } from './webhooks_load.ts';
import { load, model } from './webhooks_model.ts';
import { type Found, openNotes } from './webhooks_notes.ts';

export interface Run {
  readonly minutes: number;
  /** Only tenants who are quiet and whose receivers work. */
  readonly alone: boolean;
}

export interface Ran extends Found {
  readonly uses: Cloud['uses'];
  /** Messages in each batch that was delivered, on average. */
  readonly batchMessages: number;
  readonly concurrency: number;
  readonly cpuSeconds: number;
}

const startMs = Date.parse('2026-11-21T10:00:00.000Z');
const { queue, batchMessages, concurrency } = functions.deliver.trigger;
const { batchRecords } = functions.relay.trigger;

export async function runWebhooks({ minutes, alone }: Run): Promise<Ran> {
  const cpu = process.cpuUsage();
  const timeline = new Timeline(startMs);
  const random = chance(1);
  const loadEndMs = startMs + minutes * 60_000;
  const endMs = loadEndMs + load.drainMs;
  const kinds: Tenant['kind'][] = [
    'noisy',
    ...Array.from({ length: load.quietTenants }, (_, index) => (index < load.hangingTenants ? 'hanging' : 'quiet')),
  ];
  const notes = openNotes({ now: timeline.now, countsFromMs: startMs + load.warmUpMs });
  const cloud = openCloud({ timeline, random: chance(2), carried: notes.carried });
  const { aws, between } = cloud;
  const tenants = await openTenants(aws, startMs - 3_600_000, kinds);
  const { payment } = await openLoad(aws, startMs);
  const byUrl = new Map(tenants.map((tenant) => [tenant.url, tenant]));

  // Receivers.
  const answers = chance(3);
  const receive = async ({ kind }: Tenant): Promise<Attempted> => {
    const drawn = answers();
    const fails = answers() < model.failingShare;
    if (kind === 'hanging') {
      await timeline.sleep(10_000);
      return { kind: 'failed', reason: 'timeout', latencyMs: 10_000 };
    }
    const latencyMs = model.receiverMs[0] + drawn * (model.receiverMs[1] - model.receiverMs[0]);
    await timeline.sleep(latencyMs);
    return { kind: 'answered', status: fails ? 500 : 200, latencyMs, body: '', retryAfterSeconds: null };
  };
  const attemptFrom =
    ({ work }: Environment) =>
    async ({ url, headers }: { readonly url: string; readonly headers: Readonly<Record<string, string>> }) => {
      await work(model.attemptCpuMs);
      const event = headers['webhook-id'] ?? '';
      notes.sent(event);
      const tenant = byUrl.get(url);
      if (tenant === undefined) throw new Error(`nobody is at ${url}`);
      const attempted = await receive(tenant);
      if (attempted.kind === 'answered' && attempted.status === 200) notes.taken(event);
      return attempted;
    };

  // Lambda on the queue.
  const idleEnvironments: DeliverHandler[] = [];
  let pollers = 0;
  /** Of requests for messages that wait for some. */
  const waitingSince: number[] = [];
  let batches = 0;
  let messages = 0;
  let plannedMs = Number.POSITIVE_INFINITY;
  const takeEnvironment = (): { readonly handle: DeliverHandler; readonly isNew: boolean } => {
    const idle = idleEnvironments.pop();
    if (idle !== undefined) return { handle: idle, isNew: false };
    const made = cloud.environmentOf('deliver');
    return { handle: deliver({ ...deliverPorts(made.platform), attempt: attemptFrom(made) }), isNew: true };
  };
  /** Asks for messages until there are none: then its request waits for some. */
  const poll = (): void => {
    const batch = takeBatch(aws.queues, queue, batchMessages);
    if (batch === null) {
      waitingSince.push(timeline.now());
      return;
    }
    cloud.uses.deliver.queueCalls += 1;
    timeline.after(between(model.callMs.queue), () => hand(batch));
  };
  const hand = async (batch: TakenBatch): Promise<void> => {
    const event = batch.event as SQSEvent;
    batches += 1;
    messages += event.Records.length;
    const { handle, isNew } = takeEnvironment();
    const answer = await cloud.invoke('deliver', isNew, () => {
      const stopMs = timeline.now() + functions.deliver.timeoutMs;
      const getRemainingTimeInMillis = (): number => stopMs - timeline.now();
      return handle(event, { awsRequestId: 'bench', getRemainingTimeInMillis });
    });
    idleEnvironments.push(handle);
    batch.settle(answer);
    // Lambda deletes what is done in one call.
    if (answer.batchItemFailures.length < event.Records.length) cloud.uses.deliver.queueCalls += 1;
    poll();
  };
  /** After whatever may have put something into the queue: the longest waiting request gets it, and then the next. */
  const wake = (): void => {
    const atMs = aws.queues.receivableAt(queue);
    if (atMs === undefined || waitingSince.length === 0 || plannedMs <= atMs) return;
    plannedMs = atMs;
    timeline.after(atMs - timeline.now(), () => {
      plannedMs = Number.POSITIVE_INFINITY;
      while (waitingSince.length > 0 && aws.queues.counts(queue).ready > 0) {
        const sinceMs = waitingSince.shift() ?? timeline.now();
        cloud.uses.deliver.queueCalls += Math.floor((timeline.now() - sinceMs) / model.longPollMs);
        poll();
      }
      wake();
    });
  };
  const scale = (): void => {
    const more = pollers === 0 ? model.pollers.first : model.pollers.moreEachSecond;
    if (pollers === 0 || aws.queues.counts(queue).ready > 0) {
      const added = Math.min(more, concurrency - pollers);
      pollers += added;
      for (let each = 0; each < added; each += 1) poll();
    }
    if (timeline.now() < endMs) timeline.after(1_000, scale);
  };
  notes.onArrival(wake);

  // Lambda on the stream.
  const shards = Array.from({ length: model.streamShards }, (): { readonly records: object[] } => ({ records: [] }));
  const readShard = (records: object[]): void => {
    const handle = relay(cloud.environmentOf('relay').platform);
    let isNew = true;
    const read = async (): Promise<void> => {
      while (records.length > 0) {
        const batch = records.splice(0, batchRecords);
        const wasNew = isNew;
        isNew = false;
        await cloud.invoke('relay', wasNew, () => handle({ Records: batch } as unknown as DynamoDBStreamEvent));
      }
      if (timeline.now() < endMs) timeline.after(model.shardPollMs, read);
    };
    timeline.after(between([0, model.shardPollMs]), read);
  };
  for (const { records } of shards) readShard(records);

  // The dispatcher, and what is not needed any more.
  const dispatcher = cloud.environmentOf('dispatcher');
  const minute = async (): Promise<void> => {
    await cloud.invoke('dispatcher', false, () => dispatch(dispatcher.platform, functions.dispatcher.timeoutMs));
  };
  for (let ms = 60_000; startMs + ms < endMs; ms += 60_000) timeline.after(ms, minute);
  const tidy = (): void => {
    const last = aws.database.stream('webhooks').at(-1)?.dynamodb.SequenceNumber;
    if (last !== undefined) aws.database.trimStream('webhooks', last);
    notes.forgotten(({ table, key }) => aws.database.call('DeleteItem', { TableName: table, Key: key }));
    if (timeline.now() < endMs) timeline.after(1_000, tidy);
  };

  // Merchants.
  const happens = (happening: Happening): void => {
    timeline.after(happening.atMs - timeline.now(), () => {
      notes.happened(happening);
      const shard = shards[happening.payment % shards.length];
      timeline.after(between(model.streamMs), () => shard?.records.push(happening.record));
    });
  };
  const [noisy, ...others] = tenants;
  const next = (): void => {
    const tenant = random() < load.noisyShare ? noisy : others[Math.floor(random() * others.length)];
    const atMs = Math.round(timeline.now());
    const laterMs = Math.round(atMs + model.paymentMs[0] + random() * (model.paymentMs[1] - model.paymentMs[0]));
    if (tenant !== undefined && !(alone && tenant.kind !== 'quiet')) payment(tenant, [atMs, laterMs]).forEach(happens);
    const gapMs = (-Math.log(1 - random()) * 2_000) / load.eventsPerSecond;
    if (timeline.now() + gapMs < loadEndMs) at(timeline.now() + gapMs, next);
  };
  const at = (ms: number, happen: () => void): void => void timeline.after(ms - timeline.now(), happen);
  scale();
  tidy();
  next();
  await timeline.run(Number.POSITIVE_INFINITY);

  const { user, system } = process.cpuUsage(cpu);
  const found = notes.found(aws.database.items('webhooks'));
  return {
    ...found,
    uses: cloud.uses,
    batchMessages: messages / batches,
    concurrency: pollers,
    cpuSeconds: (user + system) / 1e6,
  };
}
