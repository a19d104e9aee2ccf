// What becomes of an event on its way to an endpoint: attempts by the schedule, order, and nothing that gets lost.

import { describe, expect, it } from 'vitest';
import { webhookLimits as limits } from '../../contract/webhooks/limits.ts';
import {
  createWebhookEndpoint,
  deleteWebhookEndpoint,
  getDelivery,
  getWebhookEndpoint,
  listDeliveries,
  replayEvents,
  retryDelivery,
  rotateWebhookSecret,
  skipDelivery,
  testWebhookEndpoint,
  updateWebhookEndpoint,
} from '../../contract/webhooks/operations.ts';
import { answers, type DeliveryFixture, type Hit, hangs, openDeliveries } from './delivery_fixture.ts';

const hour = 3_600_000;

interface Made {
  readonly id: string;
  readonly secret: string;
}

async function endpoint(fixture: DeliveryFixture, host: string, more: object = {}): Promise<Made> {
  const body = { url: `https://${host}/hooks`, ...more };
  const reply = await fixture.webhooks(createWebhookEndpoint, { key: fixture.nextKey(), body });
  expect(reply.statusCode).toBe(201);
  // What happens in the millisecond in which an endpoint is made may or may not be its own.
  await fixture.pass(1_000);
  return reply.json;
}

const list = async (fixture: DeliveryFixture, { id }: Made) => {
  const reply = await fixture.reads(listDeliveries, {
    params: { webhook_endpoint_id: id },
    query: { limit: '100' },
  });
  expect(reply.statusCode).toBe(200);
  return reply.json.data as Record<string, never>[];
};

const ofType = async (fixture: DeliveryFixture, made: Made, type: string) => {
  const found = (await list(fixture, made)).find(({ event_type }) => event_type === type);
  if (found === undefined) throw new Error(`no delivery is of ${type}`);
  return found;
};

const typesOf = (hits: readonly Hit[]): string[] => hits.map(({ event }) => event.type);

describe('[WHK-2] a delivery', () => {
  it('that succeeds at once is one attempt for each event, in order, and can be read', async () => {
    const fixture = openDeliveries();
    const made = await endpoint(fixture, 'shop.example.org');
    const payment = await fixture.pay();
    await fixture.settle();
    expect(typesOf(fixture.hits)).toEqual(['payment.created', 'payment.captured']);
    expect(fixture.hits.map(({ event }) => event.aggregate_id)).toEqual([payment, payment]);
    const deliveries = await list(fixture, made);
    expect(deliveries).toHaveLength(2);
    const captured = await ofType(fixture, made, 'payment.captured');
    expect(captured).toMatchObject({
      event_sequence: 2,
      status: 'succeeded',
      due_at: null,
      attempts: [{ number: 1, outcome: 'succeeded', status: 200, latency_ms: 20, reason: null }],
    });
    const one = await fixture.reads(getDelivery, { params: { delivery_id: String(captured.id) } });
    expect(one.json).toEqual(captured);
  });

  it('follows the schedule, to the second, and is visible as failed when it is over', async () => {
    const fixture = openDeliveries();
    const made = await endpoint(fixture, 'down.example.org', { events: ['payment.captured'] });
    fixture.at('down.example.org', answers(500, { body: 'out of order' }));
    await fixture.pay();
    await fixture.pass(30 * hour);
    const times = fixture.hits.map(({ atMs }) => atMs - (fixture.hits[0]?.atMs ?? 0));
    expect(times).toHaveLength(limits.retryOffsetsMs.length + 1);
    const [delivery] = await list(fixture, made);
    expect(delivery).toMatchObject({ status: 'failed', due_at: null });
    // Each sealed under the key of its day, the first of which delivering itself makes.
    const responses = (delivery?.attempts as readonly { response: string }[] | undefined)?.map(
      ({ response }) => response,
    );
    expect(new Set(responses)).toEqual(new Set(['out of order']));
    expect(fixture.lines).not.toContain('deliver_failed');
    for (const [index, offsetMs] of limits.retryOffsetsMs.entries()) {
      const at = times[index + 1] ?? 0;
      expect(at).toBeGreaterThanOrEqual(offsetMs - 1_000);
      expect(at).toBeLessThanOrEqual(offsetMs * (1 + limits.retryJitterShare) + 1_000);
    }
  });

  it('is attempted within a second of the time that it shows', async () => {
    const fixture = openDeliveries();
    const made = await endpoint(fixture, 'down.example.org', { events: ['payment.captured'] });
    fixture.at('down.example.org', answers(503));
    await fixture.pay();
    for (let attempts = 1; attempts <= limits.retryOffsetsMs.length; attempts += 1) {
      await fixture.settle();
      expect(fixture.hits).toHaveLength(attempts);
      const [delivery] = await list(fixture, made);
      const dueMs = Date.parse(String(delivery?.due_at));
      await fixture.pass(dueMs - fixture.now() + 1_000);
      expect(Math.abs((fixture.hits.at(-1)?.atMs ?? 0) - dueMs)).toBeLessThanOrEqual(1_000);
    }
  });

  it('waits as long as the receiver asks, and no longer than a day', async () => {
    const fixture = openDeliveries();
    const made = await endpoint(fixture, 'busy.example.org', { events: ['payment.captured'] });
    fixture.at('busy.example.org', answers(429, { retryAfterSeconds: 7_200 }));
    await fixture.pay();
    await fixture.settle();
    const [delivery] = await list(fixture, made);
    expect(Date.parse(String(delivery?.due_at)) - fixture.now()).toBe(2 * hour);
  });

  it('is not lost with the process or the message: the row alone brings it back', async () => {
    const fixture = openDeliveries();
    await endpoint(fixture, 'down.example.org', { events: ['payment.captured'] });
    fixture.at('down.example.org', answers(500));
    await fixture.pay();
    await fixture.settle();
    fixture.crash();
    fixture.loseMessages();
    fixture.at('down.example.org', answers(200));
    await fixture.pass(5 * 60_000);
    expect(fixture.hits).toHaveLength(2);
  });

  it('is not attempted under a lease that would end meanwhile: it is due again when it has', async () => {
    let slow = false;
    const fixture = openDeliveries({
      fault: ({ operation, input }) => {
        const claims = operation === 'PutItem' && JSON.stringify(input).includes('"lease_until_ms":{"N"');
        if (slow && claims) fixture.linger(limits.leaseMs - limits.attemptMs + 1);
        if (claims) slow = false;
        return null;
      },
    });
    await endpoint(fixture, 'down.example.org', { events: ['payment.captured'] });
    fixture.at('down.example.org', answers(500));
    await fixture.pay();
    await fixture.settle();
    fixture.at('down.example.org', answers(200));
    slow = true;
    await fixture.pass(limits.leaseMs);
    expect([slow, fixture.hits.length]).toEqual([false, 1]);
    await fixture.pass(limits.leaseMs + 2 * 60_000);
    expect(fixture.hits).toHaveLength(2);
  });
});

describe('[WHK-2] order', () => {
  it('holds for each object: nothing is sent before what came earlier is over, and the one in front is visible', async () => {
    const fixture = openDeliveries();
    const made = await endpoint(fixture, 'flaky.example.org');
    fixture.at('flaky.example.org', answers(500));
    await fixture.pay();
    await fixture.settle();
    expect(typesOf(fixture.hits)).toEqual(['payment.created']);
    const created = await ofType(fixture, made, 'payment.created');
    const captured = await ofType(fixture, made, 'payment.captured');
    expect(captured).toMatchObject({ status: 'blocked', blocked_by: created.id, attempts: [], due_at: null });
    // Another payment is not held up.
    await fixture.pay();
    await fixture.settle();
    expect(typesOf(fixture.hits)).toEqual(['payment.created', 'payment.created']);
    fixture.at('flaky.example.org', answers(200));
    await fixture.pass(60_000);
    expect(typesOf(fixture.hits).filter((type) => type === 'payment.captured')).toHaveLength(2);
    for (const delivery of await list(fixture, made)) expect(delivery).toMatchObject({ status: 'succeeded' });
  });

  it('[WHK-2] after twenty hours in the dark a receiver gets everything, in order', async () => {
    const fixture = openDeliveries();
    const made = await endpoint(fixture, 'dark.example.org');
    fixture.at('dark.example.org', hangs);
    const payments: string[] = [];
    for (let at = 0; at < 20; at += 1) {
      payments.push(await fixture.pay());
      await fixture.pass(hour);
    }
    const before = fixture.hits.length;
    fixture.at('dark.example.org', answers(204));
    await fixture.pass(30 * hour);
    const received = fixture.hits.slice(before).map(({ event }) => event);
    for (const payment of payments) {
      const types = received.filter(({ aggregate_id }) => aggregate_id === payment).map(({ type }) => type);
      expect(types).toEqual(['payment.created', 'payment.captured']);
    }
    for (const delivery of await list(fixture, made)) expect(delivery).toMatchObject({ status: 'succeeded' });
  });

  it('is none for an endpoint that wants none', async () => {
    const fixture = openDeliveries();
    await endpoint(fixture, 'flaky.example.org', { ordering: 'none' });
    fixture.at('flaky.example.org', answers(500));
    await fixture.pay();
    await fixture.settle();
    expect(typesOf(fixture.hits).sort()).toEqual(['payment.captured', 'payment.created']);
  });

  it('passes over what the endpoint does not want', async () => {
    const fixture = openDeliveries();
    await endpoint(fixture, 'shop.example.org', { events: ['payment.captured'] });
    await fixture.pay();
    await fixture.settle();
    expect(typesOf(fixture.hits)).toEqual(['payment.captured']);
  });

  it('goes on when the one in front is skipped, once and for each that waits', async () => {
    const fixture = openDeliveries();
    const made = await endpoint(fixture, 'flaky.example.org');
    fixture.at('flaky.example.org', (hit) => answers(hit.event.type === 'payment.created' ? 500 : 200)(hit));
    await fixture.pay();
    await fixture.settle();
    const created = await ofType(fixture, made, 'payment.created');
    const captured = await ofType(fixture, made, 'payment.captured');
    const params = { delivery_id: String(created.id) };
    const blocked = await fixture.webhooks(retryDelivery, { params: { delivery_id: String(captured.id) }, body: {} });
    expect(blocked).toMatchObject({ statusCode: 409, json: { code: 'delivery_blocked' } });
    expect(await fixture.webhooks(skipDelivery, { params, body: {} })).toMatchObject({
      statusCode: 200,
      json: { status: 'skipped', due_at: null },
    });
    await fixture.settle();
    expect(typesOf(fixture.hits)).toEqual(['payment.created', 'payment.captured']);
    expect((await fixture.webhooks(skipDelivery, { params, body: {} })).statusCode).toBe(200);
    await fixture.pass(hour);
    expect(fixture.hits).toHaveLength(2);
  });
});

describe('[WHK-1] an endpoint', () => {
  it('that answers 410 is disabled at once; what comes then is parked and resumed when it is enabled', async () => {
    const fixture = openDeliveries();
    const made = await endpoint(fixture, 'gone.example.org', { events: ['payment.*'] });
    const params = { webhook_endpoint_id: made.id };
    fixture.at('gone.example.org', answers(410));
    const payments = [await fixture.pay()];
    await fixture.settle();
    for (let sent = 0; sent < 5; sent += 1) payments.push(await fixture.pay());
    await fixture.pass(2 * hour);
    expect(fixture.hits).toHaveLength(1);
    expect((await fixture.reads(getWebhookEndpoint, { params })).json).toMatchObject({
      status: 'disabled',
      disabled_reason: 'gone',
    });
    fixture.at('gone.example.org', answers(200));
    await fixture.webhooks(updateWebhookEndpoint, { params, body: { status: 'enabled' } });
    await fixture.pass(5 * 60_000);
    // In the order of each object, whichever was parked first.
    for (const payment of payments) {
      const sent = fixture.hits.slice(1).filter(({ event }) => event.aggregate_id === payment);
      expect(typesOf(sent)).toEqual(['payment.created', 'payment.captured']);
    }
    for (const delivery of await list(fixture, made)) expect(delivery).toMatchObject({ status: 'succeeded' });
  });

  it('tells at a half, at 70 and at 90 percent of the rejections that disable it', async () => {
    const fixture = openDeliveries();
    const made = await endpoint(fixture, 'no.example.org', { events: ['payment.captured'], ordering: 'none' });
    await endpoint(fixture, 'watch.example.org', { events: ['webhook_endpoint.*'] });
    fixture.at('no.example.org', answers(404));
    for (let sent = 0; sent < limits.rejectionsToDisable; sent += 1) {
      await fixture.pay();
      await fixture.settle();
    }
    const watched = fixture.hits.filter(({ host }) => host === 'watch.example.org').map(({ event }) => event);
    const ownEvents = watched.filter(({ aggregate_id }) => aggregate_id === made.id);
    expect(ownEvents.map(({ type, data }) => [type, data.rejecting_percent])).toEqual([
      ['webhook_endpoint.failing', 50],
      ['webhook_endpoint.failing', 70],
      ['webhook_endpoint.failing', 90],
      ['webhook_endpoint.disabled', 90],
    ]);
  });

  it('that hangs is left alone for longer and longer, and probed by one delivery at a time', async () => {
    const fixture = openDeliveries();
    await endpoint(fixture, 'hung.example.org', { events: ['payment.captured'] });
    fixture.at('hung.example.org', hangs);
    for (let sent = 0; sent < 50; sent += 1) {
      await fixture.pay();
      await fixture.pass(1_000);
    }
    expect(fixture.hits.length).toBeLessThan(limits.timeoutsToOpenCircuit + 5);
    fixture.at('hung.example.org', answers(200));
    await fixture.pass(2 * hour);
    const received = new Set(fixture.hits.map(({ event }) => event.id));
    expect(received.size).toBe(50);
  });

  it('that answers again is sent to as before: one timeout more does not open its circuit', async () => {
    const fixture = openDeliveries();
    await endpoint(fixture, 'hung.example.org', { events: ['payment.captured'], ordering: 'none' });
    fixture.at('hung.example.org', hangs);
    for (let sent = 0; sent < limits.timeoutsToOpenCircuit; sent += 1) {
      await fixture.pay();
      await fixture.pass(1_000);
    }
    expect(fixture.lines.filter((line) => line === 'circuit_opened')).toHaveLength(1);
    fixture.at('hung.example.org', answers(200));
    await fixture.pass(2 * hour);
    fixture.at('hung.example.org', hangs);
    const before = fixture.hits.length;
    for (let sent = 0; sent < limits.timeoutsToOpenCircuit - 1; sent += 1) {
      await fixture.pay();
      await fixture.pass(1_000);
    }
    expect(fixture.hits.length - before).toBe(limits.timeoutsToOpenCircuit - 1);
    expect(fixture.lines.filter((line) => line === 'circuit_opened')).toHaveLength(1);
  });

  it('that was enabled again begins anew: it takes a hundred more rejections to disable it', async () => {
    const fixture = openDeliveries();
    const made = await endpoint(fixture, 'no.example.org', { events: ['payment.captured'], ordering: 'none' });
    const params = { webhook_endpoint_id: made.id };
    fixture.at('no.example.org', answers(404));
    for (let sent = 0; sent < limits.rejectionsToDisable; sent += 1) {
      await fixture.pay();
      await fixture.settle();
    }
    await fixture.webhooks(updateWebhookEndpoint, { params, body: { status: 'enabled' } });
    await fixture.settle();
    await fixture.pay();
    await fixture.settle();
    expect((await fixture.reads(getWebhookEndpoint, { params })).json).toMatchObject({
      status: 'enabled',
      disabled_reason: null,
    });
  });

  it('that was silent when it was deleted keeps nothing waiting', async () => {
    const fixture = openDeliveries();
    const made = await endpoint(fixture, 'hung.example.org', { events: ['payment.captured'] });
    fixture.at('hung.example.org', hangs);
    for (let sent = 0; sent < 20; sent += 1) {
      await fixture.pay();
      await fixture.settle();
    }
    await fixture.webhooks(deleteWebhookEndpoint, { params: { webhook_endpoint_id: made.id } });
    await fixture.pass(2 * hour);
    const left = [...fixture.aws.database.items('webhooks')].filter(({ object }) => object?.S === 'delivery');
    expect(new Set(left.map(({ status }) => status?.S))).toEqual(new Set(['canceled']));
    // Nothing comes back for it, minute by minute, for ever.
    const before = fixture.calls();
    await fixture.pass(hour);
    expect(fixture.calls() - before).toBeLessThan(10);
  });

  it('that was deleted gets nothing more, and what waited is canceled', async () => {
    const fixture = openDeliveries();
    const made = await endpoint(fixture, 'old.example.org', { events: ['payment.*'] });
    fixture.at('old.example.org', answers(500));
    await fixture.pay();
    await fixture.settle();
    await fixture.webhooks(deleteWebhookEndpoint, { params: { webhook_endpoint_id: made.id } });
    await fixture.pay();
    await fixture.pass(hour);
    expect(fixture.hits).toHaveLength(1);
    const left = [...fixture.aws.database.items('webhooks')].filter(({ object }) => object?.S === 'delivery');
    expect(left.map(({ status }) => status?.S)).toEqual(['canceled', 'canceled']);
  });

  it('is tested whatever its filters, and nobody else hears of it', async () => {
    const fixture = openDeliveries();
    const made = await endpoint(fixture, 'shop.example.org', { events: ['payment.captured'] });
    await endpoint(fixture, 'else.example.org');
    const sent = { params: { webhook_endpoint_id: made.id }, key: 'test-1', body: {} };
    expect((await fixture.webhooks(testWebhookEndpoint, sent)).statusCode).toBe(201);
    await fixture.webhooks(testWebhookEndpoint, sent);
    await fixture.settle();
    const tests = fixture.hits.filter(({ event }) => event.type === 'webhook_endpoint.tested');
    expect(tests.map(({ host }) => host)).toEqual(['shop.example.org']);
  });
});

describe('[WHK-3] a rotated secret', () => {
  it('signs beside the old one for a day, and then alone', async () => {
    const fixture = openDeliveries();
    const made = await endpoint(fixture, 'shop.example.org', { events: ['payment.captured'] });
    const sent = { params: { webhook_endpoint_id: made.id }, key: 'rotate-1', body: {} };
    const rotated = await fixture.webhooks(rotateWebhookSecret, sent);
    expect(rotated.json.secret).toMatch(/^whsec_/);
    const repeated = await fixture.webhooks(rotateWebhookSecret, sent);
    expect(repeated.json).toEqual({ ...rotated.json, secret: null });
    const signatures = async () => {
      await fixture.pay();
      await fixture.pass(2_000);
      return fixture.hits.at(-1)?.headers['webhook-signature']?.split(' ').length;
    };
    expect(await signatures()).toBe(2);
    await fixture.pass(24 * hour);
    expect(await signatures()).toBe(1);
  });
});

describe('[WHK-2] a replay', () => {
  it('delivers the window once more, in order, under the same event ids, in deliveries of its own', async () => {
    const fixture = openDeliveries();
    const made = await endpoint(fixture, 'shop.example.org', { events: ['payment.*'] });
    for (let sent = 0; sent < 120; sent += 1) await fixture.pay();
    await fixture.settle();
    await fixture.pass(60_000);
    const first = fixture.hits.map(({ event }) => event.id);
    expect(first).toHaveLength(240);
    const body = { from: new Date(fixture.now() - hour).toISOString() };
    const params = { webhook_endpoint_id: made.id };
    const replay = await fixture.webhooks(replayEvents, { params, key: 'replay-1', body });
    expect(replay.statusCode).toBe(201);
    await fixture.pass(60_000);
    const second = fixture.hits.slice(240);
    expect(second.map(({ event }) => event.id).sort()).toEqual([...first].sort());
    for (const payment of new Set(second.map(({ event }) => event.aggregate_id))) {
      const types = second.filter(({ event }) => event.aggregate_id === payment).map(({ event }) => event.type);
      expect(types).toEqual(['payment.created', 'payment.captured']);
    }
    const deliveries = await list(fixture, made);
    expect(deliveries.filter((each) => each.replay === replay.json.id).length).toBeGreaterThan(0);
  });
});
