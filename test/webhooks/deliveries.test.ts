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
import { answers, type Hit, hangs, openStreet, type Street } from './street.ts';

const hour = 3_600_000;

interface Made {
  readonly id: string;
  readonly secret: string;
}

async function endpoint(street: Street, host: string, more: object = {}): Promise<Made> {
  const body = { url: `https://${host}/hooks`, ...more };
  const reply = await street.webhooks(createWebhookEndpoint, { key: street.nextKey(), body });
  expect(reply.statusCode).toBe(201);
  // What happens in the millisecond in which an endpoint is made may or may not be its own.
  await street.pass(1_000);
  return reply.json;
}

const list = async (street: Street, { id }: Made) => {
  const reply = await street.reads(listDeliveries, {
    params: { webhook_endpoint_id: id },
    query: { limit: '100' },
  });
  expect(reply.statusCode).toBe(200);
  return reply.json.data as Record<string, never>[];
};

const ofType = async (street: Street, made: Made, type: string) => {
  const found = (await list(street, made)).find(({ event_type }) => event_type === type);
  if (found === undefined) throw new Error(`no delivery is of ${type}`);
  return found;
};

const typesOf = (hits: readonly Hit[]): string[] => hits.map(({ event }) => event.type);

describe('[WHK-2] a delivery', () => {
  it('that succeeds at once is one attempt for each event, in order, and can be read', async () => {
    const street = openStreet();
    const made = await endpoint(street, 'shop.example.org');
    const payment = await street.pay();
    await street.settle();
    expect(typesOf(street.hits)).toEqual(['payment.created', 'payment.captured']);
    expect(street.hits.map(({ event }) => event.aggregate_id)).toEqual([payment, payment]);
    const deliveries = await list(street, made);
    expect(deliveries).toHaveLength(2);
    const captured = await ofType(street, made, 'payment.captured');
    expect(captured).toMatchObject({
      event_sequence: 2,
      status: 'succeeded',
      due_at: null,
      attempts: [{ number: 1, outcome: 'succeeded', status: 200, latency_ms: 20, reason: null }],
    });
    const one = await street.reads(getDelivery, { params: { delivery_id: String(captured.id) } });
    expect(one.json).toEqual(captured);
  });

  it('follows the schedule, to the second, and is visible as failed when it is over', async () => {
    const street = openStreet();
    const made = await endpoint(street, 'down.example.org', { events: ['payment.captured'] });
    street.at('down.example.org', answers(500, { body: 'out of order' }));
    await street.pay();
    await street.pass(30 * hour);
    const times = street.hits.map(({ atMs }) => atMs - (street.hits[0]?.atMs ?? 0));
    expect(times).toHaveLength(limits.retryOffsetsMs.length + 1);
    const [delivery] = await list(street, made);
    expect(delivery).toMatchObject({ status: 'failed', due_at: null });
    // Each sealed under the key of its day, the first of which delivering itself makes.
    const responses = (delivery?.attempts as readonly { response: string }[] | undefined)?.map(
      ({ response }) => response,
    );
    expect(new Set(responses)).toEqual(new Set(['out of order']));
    expect(street.lines).not.toContain('deliver_failed');
    for (const [index, offsetMs] of limits.retryOffsetsMs.entries()) {
      const at = times[index + 1] ?? 0;
      expect(at).toBeGreaterThanOrEqual(offsetMs - 1_000);
      expect(at).toBeLessThanOrEqual(offsetMs * (1 + limits.retryJitterShare) + 1_000);
    }
  });

  it('is attempted within a second of the time that it shows', async () => {
    const street = openStreet();
    const made = await endpoint(street, 'down.example.org', { events: ['payment.captured'] });
    street.at('down.example.org', answers(503));
    await street.pay();
    for (let attempts = 1; attempts <= limits.retryOffsetsMs.length; attempts += 1) {
      await street.settle();
      expect(street.hits).toHaveLength(attempts);
      const [delivery] = await list(street, made);
      const dueMs = Date.parse(String(delivery?.due_at));
      await street.pass(dueMs - street.now() + 1_000);
      expect(Math.abs((street.hits.at(-1)?.atMs ?? 0) - dueMs)).toBeLessThanOrEqual(1_000);
    }
  });

  it('waits as long as the receiver asks, and no longer than a day', async () => {
    const street = openStreet();
    const made = await endpoint(street, 'busy.example.org', { events: ['payment.captured'] });
    street.at('busy.example.org', answers(429, { retryAfterSeconds: 7_200 }));
    await street.pay();
    await street.settle();
    const [delivery] = await list(street, made);
    expect(Date.parse(String(delivery?.due_at)) - street.now()).toBe(2 * hour);
  });

  it('is not lost with the process or the message: the row alone brings it back', async () => {
    const street = openStreet();
    await endpoint(street, 'down.example.org', { events: ['payment.captured'] });
    street.at('down.example.org', answers(500));
    await street.pay();
    await street.settle();
    street.crash();
    street.loseMessages();
    street.at('down.example.org', answers(200));
    await street.pass(5 * 60_000);
    expect(street.hits).toHaveLength(2);
  });

  it('is not attempted under a lease that would end meanwhile: it is due again when it has', async () => {
    let slow = false;
    const street = openStreet({
      fault: ({ operation, input }) => {
        const claims = operation === 'PutItem' && JSON.stringify(input).includes('"lease_until_ms":{"N"');
        if (slow && claims) street.linger(limits.leaseMs - limits.attemptMs + 1);
        if (claims) slow = false;
        return null;
      },
    });
    await endpoint(street, 'down.example.org', { events: ['payment.captured'] });
    street.at('down.example.org', answers(500));
    await street.pay();
    await street.settle();
    street.at('down.example.org', answers(200));
    slow = true;
    await street.pass(limits.leaseMs);
    expect([slow, street.hits.length]).toEqual([false, 1]);
    await street.pass(limits.leaseMs + 2 * 60_000);
    expect(street.hits).toHaveLength(2);
  });
});

describe('[WHK-2] order', () => {
  it('holds for each object: nothing is sent before what came earlier is over, and the one in front is visible', async () => {
    const street = openStreet();
    const made = await endpoint(street, 'flaky.example.org');
    street.at('flaky.example.org', answers(500));
    await street.pay();
    await street.settle();
    expect(typesOf(street.hits)).toEqual(['payment.created']);
    const created = await ofType(street, made, 'payment.created');
    const captured = await ofType(street, made, 'payment.captured');
    expect(captured).toMatchObject({ status: 'blocked', blocked_by: created.id, attempts: [], due_at: null });
    // Another payment is not held up.
    await street.pay();
    await street.settle();
    expect(typesOf(street.hits)).toEqual(['payment.created', 'payment.created']);
    street.at('flaky.example.org', answers(200));
    await street.pass(60_000);
    expect(typesOf(street.hits).filter((type) => type === 'payment.captured')).toHaveLength(2);
    for (const delivery of await list(street, made)) expect(delivery).toMatchObject({ status: 'succeeded' });
  });

  it('[WHK-2] after twenty hours in the dark a receiver gets everything, in order', async () => {
    const street = openStreet();
    const made = await endpoint(street, 'dark.example.org');
    street.at('dark.example.org', hangs);
    const payments: string[] = [];
    for (let at = 0; at < 20; at += 1) {
      payments.push(await street.pay());
      await street.pass(hour);
    }
    const before = street.hits.length;
    street.at('dark.example.org', answers(204));
    await street.pass(30 * hour);
    const received = street.hits.slice(before).map(({ event }) => event);
    for (const payment of payments) {
      const types = received.filter(({ aggregate_id }) => aggregate_id === payment).map(({ type }) => type);
      expect(types).toEqual(['payment.created', 'payment.captured']);
    }
    for (const delivery of await list(street, made)) expect(delivery).toMatchObject({ status: 'succeeded' });
  });

  it('is none for an endpoint that wants none', async () => {
    const street = openStreet();
    await endpoint(street, 'flaky.example.org', { ordering: 'none' });
    street.at('flaky.example.org', answers(500));
    await street.pay();
    await street.settle();
    expect(typesOf(street.hits).sort()).toEqual(['payment.captured', 'payment.created']);
  });

  it('passes over what the endpoint does not want', async () => {
    const street = openStreet();
    await endpoint(street, 'shop.example.org', { events: ['payment.captured'] });
    await street.pay();
    await street.settle();
    expect(typesOf(street.hits)).toEqual(['payment.captured']);
  });

  it('goes on when the one in front is skipped, once and for each that waits', async () => {
    const street = openStreet();
    const made = await endpoint(street, 'flaky.example.org');
    street.at('flaky.example.org', (hit) => answers(hit.event.type === 'payment.created' ? 500 : 200)(hit));
    await street.pay();
    await street.settle();
    const created = await ofType(street, made, 'payment.created');
    const captured = await ofType(street, made, 'payment.captured');
    const params = { delivery_id: String(created.id) };
    const blocked = await street.webhooks(retryDelivery, { params: { delivery_id: String(captured.id) }, body: {} });
    expect(blocked).toMatchObject({ statusCode: 409, json: { code: 'delivery_blocked' } });
    expect(await street.webhooks(skipDelivery, { params, body: {} })).toMatchObject({
      statusCode: 200,
      json: { status: 'skipped', due_at: null },
    });
    await street.settle();
    expect(typesOf(street.hits)).toEqual(['payment.created', 'payment.captured']);
    expect((await street.webhooks(skipDelivery, { params, body: {} })).statusCode).toBe(200);
    await street.pass(hour);
    expect(street.hits).toHaveLength(2);
  });
});

describe('[WHK-1] an endpoint', () => {
  it('that answers 410 is disabled at once; what comes then is parked and taken up when it is enabled', async () => {
    const street = openStreet();
    const made = await endpoint(street, 'gone.example.org', { events: ['payment.*'] });
    const params = { webhook_endpoint_id: made.id };
    street.at('gone.example.org', answers(410));
    const payments = [await street.pay()];
    await street.settle();
    for (let sent = 0; sent < 5; sent += 1) payments.push(await street.pay());
    await street.pass(2 * hour);
    expect(street.hits).toHaveLength(1);
    expect((await street.reads(getWebhookEndpoint, { params })).json).toMatchObject({
      status: 'disabled',
      disabled_reason: 'gone',
    });
    street.at('gone.example.org', answers(200));
    await street.webhooks(updateWebhookEndpoint, { params, body: { status: 'enabled' } });
    await street.pass(5 * 60_000);
    // In the order of each object, whichever was parked first.
    for (const payment of payments) {
      const sent = street.hits.slice(1).filter(({ event }) => event.aggregate_id === payment);
      expect(typesOf(sent)).toEqual(['payment.created', 'payment.captured']);
    }
    for (const delivery of await list(street, made)) expect(delivery).toMatchObject({ status: 'succeeded' });
  });

  it('tells at a half, at 70 and at 90 percent of the rejections that disable it', async () => {
    const street = openStreet();
    const made = await endpoint(street, 'no.example.org', { events: ['payment.captured'], ordering: 'none' });
    await endpoint(street, 'watch.example.org', { events: ['webhook_endpoint.*'] });
    street.at('no.example.org', answers(404));
    for (let sent = 0; sent < limits.rejectionsToDisable; sent += 1) {
      await street.pay();
      await street.settle();
    }
    const watched = street.hits.filter(({ host }) => host === 'watch.example.org').map(({ event }) => event);
    const told = watched.filter(({ aggregate_id }) => aggregate_id === made.id);
    expect(told.map(({ type, data }) => [type, data.rejecting_percent])).toEqual([
      ['webhook_endpoint.failing', 50],
      ['webhook_endpoint.failing', 70],
      ['webhook_endpoint.failing', 90],
      ['webhook_endpoint.disabled', 90],
    ]);
  });

  it('that hangs is left alone for longer and longer, and probed by one delivery at a time', async () => {
    const street = openStreet();
    await endpoint(street, 'hung.example.org', { events: ['payment.captured'] });
    street.at('hung.example.org', hangs);
    for (let sent = 0; sent < 50; sent += 1) {
      await street.pay();
      await street.pass(1_000);
    }
    expect(street.hits.length).toBeLessThan(limits.timeoutsToOpenCircuit + 5);
    street.at('hung.example.org', answers(200));
    await street.pass(2 * hour);
    const received = new Set(street.hits.map(({ event }) => event.id));
    expect(received.size).toBe(50);
  });

  it('that answers again is sent to as before: one timeout more does not open its circuit', async () => {
    const street = openStreet();
    await endpoint(street, 'hung.example.org', { events: ['payment.captured'], ordering: 'none' });
    street.at('hung.example.org', hangs);
    for (let sent = 0; sent < limits.timeoutsToOpenCircuit; sent += 1) {
      await street.pay();
      await street.pass(1_000);
    }
    expect(street.lines.filter((line) => line === 'circuit_opened')).toHaveLength(1);
    street.at('hung.example.org', answers(200));
    await street.pass(2 * hour);
    street.at('hung.example.org', hangs);
    const before = street.hits.length;
    for (let sent = 0; sent < limits.timeoutsToOpenCircuit - 1; sent += 1) {
      await street.pay();
      await street.pass(1_000);
    }
    expect(street.hits.length - before).toBe(limits.timeoutsToOpenCircuit - 1);
    expect(street.lines.filter((line) => line === 'circuit_opened')).toHaveLength(1);
  });

  it('that was enabled again begins anew: it takes a hundred more rejections to disable it', async () => {
    const street = openStreet();
    const made = await endpoint(street, 'no.example.org', { events: ['payment.captured'], ordering: 'none' });
    const params = { webhook_endpoint_id: made.id };
    street.at('no.example.org', answers(404));
    for (let sent = 0; sent < limits.rejectionsToDisable; sent += 1) {
      await street.pay();
      await street.settle();
    }
    await street.webhooks(updateWebhookEndpoint, { params, body: { status: 'enabled' } });
    await street.settle();
    await street.pay();
    await street.settle();
    expect((await street.reads(getWebhookEndpoint, { params })).json).toMatchObject({
      status: 'enabled',
      disabled_reason: null,
    });
  });

  it('that was silent when it was deleted keeps nothing waiting', async () => {
    const street = openStreet();
    const made = await endpoint(street, 'hung.example.org', { events: ['payment.captured'] });
    street.at('hung.example.org', hangs);
    for (let sent = 0; sent < 20; sent += 1) {
      await street.pay();
      await street.settle();
    }
    await street.webhooks(deleteWebhookEndpoint, { params: { webhook_endpoint_id: made.id } });
    await street.pass(2 * hour);
    const left = [...street.aws.database.items('webhooks')].filter(({ object }) => object?.S === 'delivery');
    expect(new Set(left.map(({ status }) => status?.S))).toEqual(new Set(['canceled']));
    // Nothing comes back for it, minute by minute, for ever.
    const before = street.calls();
    await street.pass(hour);
    expect(street.calls() - before).toBeLessThan(10);
  });

  it('that was deleted gets nothing more, and what waited is canceled', async () => {
    const street = openStreet();
    const made = await endpoint(street, 'old.example.org', { events: ['payment.*'] });
    street.at('old.example.org', answers(500));
    await street.pay();
    await street.settle();
    await street.webhooks(deleteWebhookEndpoint, { params: { webhook_endpoint_id: made.id } });
    await street.pay();
    await street.pass(hour);
    expect(street.hits).toHaveLength(1);
    const left = [...street.aws.database.items('webhooks')].filter(({ object }) => object?.S === 'delivery');
    expect(left.map(({ status }) => status?.S)).toEqual(['canceled', 'canceled']);
  });

  it('is tested whatever its filters, and nobody else hears of it', async () => {
    const street = openStreet();
    const made = await endpoint(street, 'shop.example.org', { events: ['payment.captured'] });
    await endpoint(street, 'else.example.org');
    const sent = { params: { webhook_endpoint_id: made.id }, key: 'test-1', body: {} };
    expect((await street.webhooks(testWebhookEndpoint, sent)).statusCode).toBe(201);
    await street.webhooks(testWebhookEndpoint, sent);
    await street.settle();
    const tests = street.hits.filter(({ event }) => event.type === 'webhook_endpoint.tested');
    expect(tests.map(({ host }) => host)).toEqual(['shop.example.org']);
  });
});

describe('[WHK-3] a rotated secret', () => {
  it('signs beside the old one for a day, and then alone', async () => {
    const street = openStreet();
    const made = await endpoint(street, 'shop.example.org', { events: ['payment.captured'] });
    const sent = { params: { webhook_endpoint_id: made.id }, key: 'rotate-1', body: {} };
    const rotated = await street.webhooks(rotateWebhookSecret, sent);
    expect(rotated.json.secret).toMatch(/^whsec_/);
    const repeated = await street.webhooks(rotateWebhookSecret, sent);
    expect(repeated.json).toEqual({ ...rotated.json, secret: null });
    const signatures = async () => {
      await street.pay();
      await street.pass(2_000);
      return street.hits.at(-1)?.headers['webhook-signature']?.split(' ').length;
    };
    expect(await signatures()).toBe(2);
    await street.pass(24 * hour);
    expect(await signatures()).toBe(1);
  });
});

describe('[WHK-2] a replay', () => {
  it('delivers the window once more, in order, under the same event ids, in deliveries of its own', async () => {
    const street = openStreet();
    const made = await endpoint(street, 'shop.example.org', { events: ['payment.*'] });
    for (let sent = 0; sent < 120; sent += 1) await street.pay();
    await street.settle();
    await street.pass(60_000);
    const first = street.hits.map(({ event }) => event.id);
    expect(first).toHaveLength(240);
    const body = { from: new Date(street.now() - hour).toISOString() };
    const params = { webhook_endpoint_id: made.id };
    const replay = await street.webhooks(replayEvents, { params, key: 'replay-1', body });
    expect(replay.statusCode).toBe(201);
    await street.pass(60_000);
    const second = street.hits.slice(240);
    expect(second.map(({ event }) => event.id).sort()).toEqual([...first].sort());
    for (const payment of new Set(second.map(({ event }) => event.aggregate_id))) {
      const types = second.filter(({ event }) => event.aggregate_id === payment).map(({ event }) => event.type);
      expect(types).toEqual(['payment.created', 'payment.captured']);
    }
    const deliveries = await list(street, made);
    expect(deliveries.filter((each) => each.replay === replay.json.id).length).toBeGreaterThan(0);
  });
});
