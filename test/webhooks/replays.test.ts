// Replays and chains of messages: everything arrives however much it is, and no chain of invocations that feed each other is
// ever so long that Lambda would stop it.

import { describe, expect, it } from 'vitest';
import { queues } from '../../contract/capabilities.ts';
import { webhookLimits as limits } from '../../contract/webhooks/limits.ts';
import {
  createWebhookEndpoint,
  deleteWebhookEndpoint,
  getReplay,
  listDeliveries,
  replayEvents,
  retryDelivery,
  skipDelivery,
  updateWebhookEndpoint,
} from '../../contract/webhooks/operations.ts';
import { afterStep, newReplay } from '../../lambdas/webhooks/domain/replay.ts';
import { recursionLimit } from '../../local/lambda/lineage.ts';
import { callQueues } from '../../local/sqs/operations.ts';
import { queueUrl } from '../kit/aws/environment.ts';
import { merchant } from '../kit/requests.ts';
import { answers, type DeliveryFixture, type Hit, openDeliveries } from './delivery_fixture.ts';

const hour = 3_600_000;
const minute = 60_000;

async function endpoint(fixture: DeliveryFixture, host: string, events: string[]): Promise<string> {
  const body = { url: `https://${host}/hooks`, events };
  const reply = await fixture.webhooks(createWebhookEndpoint, { key: fixture.nextKey(), body });
  expect(reply.statusCode).toBe(201);
  await fixture.pass(1_000);
  return reply.json.id;
}

const ask = (fixture: DeliveryFixture, webhook_endpoint_id: string) =>
  fixture.webhooks(replayEvents, {
    params: { webhook_endpoint_id },
    key: fixture.nextKey(),
    body: { from: new Date(fixture.now() - hour).toISOString() },
  });

const read = async (fixture: DeliveryFixture, replay_id: string) =>
  (await fixture.reads(getReplay, { params: { replay_id } })).json;

/** An endpoint, and as many payments' events before it, each two. */
async function withHistory(payments: number, options: Parameters<typeof openDeliveries>[0] = {}) {
  const fixture = openDeliveries(options);
  for (let sent = 0; sent < payments; sent += 1) await fixture.pay();
  await fixture.settle();
  const id = await endpoint(fixture, 'shop.example.org', ['payment.*']);
  return { fixture, id };
}

describe('[WHK-2] a replay', () => {
  it('of more than a chain of messages could deliver delivers everything, and nothing is stopped', async () => {
    // An invocation that ends a second after it began makes two steps: a replay in one chain would be ten invocations long.
    const { fixture, id } = await withHistory(950, { deliverMs: limits.reserveMs + 1_000 });
    const made = await ask(fixture, id);
    expect(made.json).toMatchObject({ status: 'running', events: 0, continues_from: null });
    await fixture.pass(10 * minute);
    expect(new Set(fixture.hits.map(({ event }) => event.id)).size).toBe(1_900);
    expect(fixture.deadLettered()).toBe(0);
    expect(await read(fixture, made.json.id)).toMatchObject({ status: 'completed', events: 1_900 });
  }, 60_000);

  it('runs alone at its endpoint, shows how far it is, and makes room when it is completed', async () => {
    const { fixture, id } = await withHistory(10);
    const other = await endpoint(fixture, 'other.example.org', ['payment.*']);
    const first = await ask(fixture, id);
    expect(first.statusCode).toBe(201);
    const refused = await ask(fixture, id);
    expect([refused.statusCode, refused.json.code]).toEqual([409, 'replay_running']);
    expect((await ask(fixture, other)).statusCode).toBe(201);
    await fixture.pass(minute);
    expect(await read(fixture, first.json.id)).toMatchObject({ status: 'completed', events: 20 });
    expect(fixture.hits.filter(({ host }) => host === 'shop.example.org')).toHaveLength(20);
    expect((await ask(fixture, id)).statusCode).toBe(201);
  });

  it('goes on when its message was lost', async () => {
    const { fixture, id } = await withHistory(10);
    const made = await ask(fixture, id);
    await fixture.relay();
    fixture.loseMessages();
    await fixture.pass(3 * minute);
    expect(await read(fixture, made.json.id)).toMatchObject({ status: 'completed', events: 20 });
    expect(fixture.hits).toHaveLength(20);
  });

  it('ends with its endpoint', async () => {
    const { fixture, id } = await withHistory(10);
    const made = await ask(fixture, id);
    await fixture.webhooks(deleteWebhookEndpoint, { params: { webhook_endpoint_id: id } });
    await fixture.pass(3 * minute);
    expect((await read(fixture, made.json.id)).status).toBe('completed');
    expect(fixture.hits).toHaveLength(0);
  });

  it('examines a bounded number of events, and says where the next one goes on', () => {
    const nowMs = Date.parse('2026-11-21T10:00:00.000Z');
    const origin = { id: 'rpl', tenant: 'ten', mode: 'test', bodyDigest: 'none', createdAt: 'then' } as const;
    let replay = newReplay(origin, 'we', { from: '2026-11-20T10:00:00.000Z' }, nowMs);
    const examined = Array.from({ length: limits.eventsPerStep }, (_, at) => ({
      id: `evt_${at}`,
      occurred_at: '2026-11-20T11:00:00.000Z',
    }));
    let steps = 0;
    while (replay?.status === 'running' && steps < 1_000) {
      replay = afterStep(replay, { examined, delivered: 1 }, nowMs).next;
      steps += 1;
    }
    expect(steps).toBe(limits.replayEvents / limits.eventsPerStep);
    expect(replay).toMatchObject({ status: 'completed', continues_from: '2026-11-20T11:00:00.000Z', due_at_ms: null });
  });
});

describe('[WHK-2] deliveries that wait for one another', () => {
  it('all go out once the first is over, however many they are, and no chain is stopped', async () => {
    const fixture = openDeliveries();
    const changed = await endpoint(fixture, 'quiet.example.org', ['refund.*']);
    const watching = await endpoint(fixture, 'shop.example.org', ['webhook_endpoint.updated']);
    fixture.at('shop.example.org', answers(503));
    for (let at = 0; at < 60; at += 1) {
      const body = { description: `change ${at}` };
      await fixture.webhooks(updateWebhookEndpoint, { params: { webhook_endpoint_id: changed }, body });
      await fixture.settle();
    }
    // Each answer takes a while, so that one invocation cannot attempt them all.
    fixture.at('shop.example.org', (hit) => {
      fixture.linger(6_000);
      return answers(200)(hit);
    });
    await fixture.pass(30 * minute);
    const arrived = fixture.hits.filter(({ host, event }) => host === 'shop.example.org' && event.sequence > 0);
    expect(new Set(arrived.map(({ event }) => event.id)).size).toBe(60);
    expect(fixture.deadLettered()).toBe(0);
    expect(watching).not.toBe(changed);
  }, 60_000);

  it('that were parked all go on in one chain that is no longer than it may be', async () => {
    const { fixture, id } = await withHistory(0);
    const change = (status: string) =>
      fixture.webhooks(updateWebhookEndpoint, { params: { webhook_endpoint_id: id }, body: { status } });
    await change('disabled');
    for (let sent = 0; sent < 300; sent += 1) await fixture.pay();
    await fixture.pass(minute);
    expect(fixture.hits).toHaveLength(0);
    await change('enabled');
    await fixture.pass(10 * minute);
    expect(new Set(fixture.hits.map(({ event }) => event.id)).size).toBe(600);
    expect(fixture.deadLettered()).toBe(0);
  }, 60_000);
});

describe('a delivery that is retried by hand', () => {
  it('is retried a bounded number of times, so that its row holds every attempt', async () => {
    const { fixture, id } = await withHistory(0);
    fixture.at('shop.example.org', answers(503, { body: 'x'.repeat(limits.responseChars) }));
    await fixture.pay();
    await fixture.settle();
    const listed = await fixture.reads(listDeliveries, { params: { webhook_endpoint_id: id }, query: {} });
    const { id: delivery_id } = listed.json.data.find(({ status }: { status: string }) => status === 'pending');
    const retry = () => fixture.webhooks(retryDelivery, { params: { delivery_id }, body: {} });
    for (let retried = 0; retried < limits.manualRetries; retried += 1) {
      expect((await retry()).statusCode).toBe(200);
      await fixture.pass(1_000);
    }
    const refused = await retry();
    expect([refused.statusCode, refused.json.code]).toEqual([409, 'too_many_retries']);
    await fixture.pass(30 * hour);
    const rows = [...fixture.aws.database.items('webhooks')].filter(({ sk }) => sk?.S === delivery_id);
    const most = limits.manualRetries + limits.retryOffsetsMs.length + 1;
    expect(rows[0]?.attempts?.L?.length).toBeLessThanOrEqual(most);
    expect(JSON.stringify(rows[0]).length).toBeLessThan(100_000);
    expect((await fixture.webhooks(skipDelivery, { params: { delivery_id }, body: {} })).statusCode).toBe(200);
  }, 60_000);
});

describe('a delivery that is retried while an attempt of it is on its way', () => {
  it('is not sent twice at once, and what it was asked for is the attempt that is made', async () => {
    const { fixture, id } = await withHistory(0);
    fixture.at('shop.example.org', answers(503));
    await fixture.pay();
    await fixture.settle();
    const deliveries = async () =>
      (await fixture.reads(listDeliveries, { params: { webhook_endpoint_id: id }, query: {} })).json.data;
    const pending = (await deliveries()).find(({ status }: { status: string }) => status === 'pending');
    const retry = () => fixture.webhooks(retryDelivery, { params: { delivery_id: pending.id }, body: {} });
    const statuses: number[] = [];
    const busy = async (hit: Hit) => {
      fixture.at('shop.example.org', answers(503));
      for (let time = 0; time < 3; time += 1) statuses.push((await retry()).statusCode);
      await fixture.settle();
      return answers(503)(hit);
    };
    fixture.at('shop.example.org', busy as never);
    await fixture.pass(60_000);
    expect(statuses).toEqual([200, 200, 200]);
    const sent = fixture.hits.filter(({ event }) => event.id === pending.event);
    const now = (await deliveries()).find(({ id }: { id: string }) => id === pending.id);
    expect(now.attempts).toHaveLength(sent.length);
    // None of the three counts against what it may be retried by hand.
    fixture.at('shop.example.org', answers(200));
    expect((await retry()).json).toMatchObject({ status: 'pending' });
  });
});

it('[WHK-2] endpoints that fail do not feed each other: of a message about a message nobody hears how it fared', async () => {
  const fixture = openDeliveries();
  const hosts = ['a', 'b', 'c'].map((name) => `${name}.example.org`);
  for (const host of hosts) {
    fixture.at(host, answers(500));
    await endpoint(fixture, host, ['*']);
  }
  const before = fixture.hits.length;
  await fixture.pay();
  await fixture.pass(5 * 24 * hour);
  const types = fixture.hits.slice(before).map(({ event }) => `${event.type} of ${event.data.event_type ?? ''}`);
  expect(types).toContain('delivery.failed of payment.created');
  expect(types.filter((type) => type.endsWith('of delivery.failed'))).toEqual([]);
  const hitsBy = fixture.hits.length;
  await fixture.pass(10 * 24 * hour);
  expect(fixture.hits.length).toBe(hitsBy);
}, 60_000);

it('what follows from a batch continues the longest chain of its messages, as its invocation does', async () => {
  const { fixture, id } = await withHistory(0);
  fixture.at('shop.example.org', answers(503));
  await fixture.pay();
  await fixture.relay();
  const { tenant, mode } = merchant;
  const last = { kind: 'resume_parked', tenant, mode, endpoint: id, reason: 'endpoint_answered' };
  const hop = queues.deliveries.hopsMax;
  const MessageBody = JSON.stringify({ ...last, hop });
  callQueues(fixture.aws.queues, 'SendMessage', { QueueUrl: queueUrl('deliveries'), MessageBody });
  await fixture.settle();
  expect(fixture.hits).toHaveLength(1);
  // Its retry is due in its row, and no message follows.
  expect(fixture.aws.queues.receivableAt('deliveries')).toBeUndefined();
  await fixture.pass(2 * minute);
  expect(fixture.hits.length).toBeGreaterThan(1);
});

it('the longest chain of messages stays well below what Lambda stops', () => {
  for (const { hopsMax } of Object.values(queues)) expect(hopsMax + 1).toBeLessThanOrEqual(recursionLimit - 4);
});
