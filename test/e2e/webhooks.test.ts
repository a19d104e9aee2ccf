// Webhooks on their whole road: API, stream, queue, attempt, retry, and the tools of those who integrate. One delivery is
// held up by a receiver that is down while everything is killed; meanwhile the rest of the day goes on.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Arrival, openReceiver, type Receiver } from '../../cli/tour/receiver.ts';
import { type Scenario, scenarios } from '../../cli/trigger/scenarios.ts';
import { trigger } from '../../cli/trigger/trigger.ts';
import { cacheLimits } from '../../contract/kernel/limits.ts';
import { webhookLimits } from '../../contract/webhooks/limits.ts';
import { strongroom } from '../../sdk/src/index.ts';
import { type Cloud, copyOfState, eventually, patienceMs, send, startCloud } from '../kit/cloud.ts';
import { type CommandRun, runCommand } from './command.ts';
import { forgetDataKeys } from './data_keys.ts';
import { all, verdicts } from './verdicts.ts';

const [, , thirdRetryMs] = webhookLimits.retryOffsetsMs;
let state: string;
let cloud: Cloud;
let receiver: Receiver | undefined;
const arrivals = (): readonly Arrival[] => receiver?.arrivals ?? [];

beforeAll(async () => {
  state = await copyOfState();
  cloud = await startCloud(state);
});
afterAll(async () => {
  receiver?.close();
  await cloud.stop();
});

const secretKey = (): string => cloud.ready.tenants[0]?.secret_key ?? '';
const us = (method: string, path: string, more?: Parameters<typeof send>[4]) =>
  send(cloud.ready.api.us, secretKey(), method, path, more);
const pay = async (more: object = {}): Promise<string> => {
  const body = { amount: 1999, currency: 'EUR', payment_method: 'pm_test_visa', ...more };
  return (await us('POST', '/v1/payments', { body })).json.id;
};

interface Endpoint {
  readonly at: string;
  readonly path: string;
  readonly secret: string;
}
const endpointAt = async (path: string, events: readonly string[]): Promise<Endpoint> => {
  const body = { url: cloud.ready.listen + path, events };
  const made = await us('POST', '/v1/webhook_endpoints', { body });
  expect([made.status, made.json.status]).toEqual([201, 'pending_verification']);
  await eventually(
    async () => (await us('GET', `/v1/webhook_endpoints/${made.json.id}`)).json.status,
    (status) => status === 'enabled',
  );
  return { at: `/v1/webhook_endpoints/${made.json.id}`, path, secret: made.json.secret };
};

interface Delivery {
  readonly id: string;
  readonly event: string;
  readonly event_sequence: number;
  readonly aggregate_id: string;
  readonly status: string;
  readonly replay: string | null;
  readonly attempts: readonly { readonly outcome: string; readonly status: number | null; readonly reason: string }[];
}
/** Of one payment, in its order. */
const deliveriesOf = async ({ at }: Endpoint, payment: string): Promise<Delivery[]> =>
  (await us('GET', `${at}/deliveries?limit=100`)).json.data
    .filter(({ aggregate_id }: Delivery) => aggregate_id === payment)
    .sort((a: Delivery, b: Delivery) => a.event_sequence - b.event_sequence);
const statusesOf = async (endpoint: Endpoint, payment: string): Promise<string> =>
  (await deliveriesOf(endpoint, payment)).map(({ status }) => status).join();

const eventOf = ({ body }: Arrival) => JSON.parse(body);
/**
 * What an endpoint got about one payment, as it came. At least once: where an answer came too late for us the same event comes
 * again, under the same id.
 */
const cameTo = ({ path }: Endpoint, payment: string): Arrival[] => {
  const all = arrivals().filter((each) => each.path === path && eventOf(each).aggregate_id === payment);
  const ids = all.map(({ headers }) => headers['webhook-id']);
  return all.filter(({ headers }, index) => ids.indexOf(headers['webhook-id']) === index);
};
const comes = (look: () => Promise<Arrival[]> | Arrival[], count: number): Promise<Arrival[]> =>
  eventually(
    async () => look(),
    (found) => found.length >= count,
  );
const typesOf = (came: readonly Arrival[]): string => came.map((each) => eventOf(each).type).join();

const neighbour = () => {
  const [, second] = cloud.ready.tenants;
  if (second === undefined) throw new Error('there is one demo tenant');
  return second;
};

let held: Endpoint;
let heldPayment: string;
let daySince: string;

describe('[WHK-2] a receiver that is down', () => {
  it('has its first delivery attempted, and those behind it wait', async () => {
    daySince = new Date().toISOString();
    // Its address is verified, and goes down.
    receiver = await openReceiver(cloud.ready.listen);
    held = await endpointAt('/held', ['payment.authorized', 'capture.*']);
    receiver.close();
    heldPayment = await pay({ capture_method: 'manual' });
    await us('POST', `/v1/payments/${heldPayment}/captures`, { body: {} });
    const waiting = await eventually(
      () => statusesOf(held, heldPayment),
      (statuses) => statuses === 'pending,blocked,blocked',
    );
    expect(waiting).toBe('pending,blocked,blocked');
    const [first] = await deliveriesOf(held, heldPayment);
    expect(first?.attempts[0]).toMatchObject({ outcome: 'unanswered', status: null, reason: 'connect' });
  });

  it('is still waited for when everything was killed', async () => {
    const before = cloud.ready;
    await cloud.kill();
    await forgetDataKeys(state, neighbour().id);
    cloud = await startCloud(state);
    expect(cloud.ready).toEqual(before);
    receiver = await openReceiver(cloud.ready.listen);
    // What is due within a minute is put into the queue once more: a double, which changes nothing. A slow machine may have
    // come to the attempts that are minutes away.
    const [first] = await deliveriesOf(held, heldPayment);
    const least = (first?.attempts.length ?? 0) < 3 ? 1 : 0;
    const ran = await fetch(`${cloud.ready.control}/schedules/dispatcher/run?zone=us`, { method: 'POST' });
    expect(await ran.json()).toMatchObject({
      kind: 'returned',
      payload: { posted: expect.toSatisfy((count) => count >= least) },
    });
  });
});

describe('[ENC-2] the first endpoint of a day', () => {
  it('is made under a key of its own tenant and day, and its reply can be repeated', async () => {
    const more = { key: 'first-of-the-day', body: { url: 'https://hooks.example.com/', events: ['tenant.created'] } };
    const make = () => send(cloud.ready.api.us, neighbour().secret_key, 'POST', '/v1/webhook_endpoints', more);
    const made = await make();
    expect(made.status).toBe(201);
    expect((await make()).json).toEqual({ ...made.json, secret: null });
  });
});

describe('[WHK-3] an endpoint at an address that is not public', () => {
  it.each([
    'https://127.0.0.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://[::ffff:10.0.0.1]/',
    'https://0x7f.1/',
    'https://metadata.google.internal/',
  ])('%s is refused', async (url) => {
    const refused = await us('POST', '/v1/webhook_endpoints', { body: { url } });
    expect([refused.status, refused.json.code]).toEqual([422, 'endpoint_url_not_allowed']);
    const moved = await us('PATCH', held.at, { body: { url } });
    expect([moved.status, moved.json.code]).toEqual([422, 'endpoint_url_not_allowed']);
  });

  it('nothing of this machine but the one origin is reached', async () => {
    const { listen, control, provider, api } = cloud.ready;
    const near = [control, provider, api.us, listen.replace('127.0.0.1', 'localhost'), listen.replace('http', 'https')];
    for (const url of near) {
      const refused = await us('POST', '/v1/webhook_endpoints', { body: { url } });
      expect([url, refused.json.code]).toEqual([url, 'endpoint_url_not_allowed']);
    }
  });
});

let shop: Endpoint;

describe('[WHK-1] a delivery', () => {
  it('is verified by four libraries, and by none when a byte was changed', async () => {
    shop = await endpointAt('/shop', ['payment.created', 'payment.captured']);
    const payment = await pay();
    const came = await comes(() => cameTo(shop, payment), 2);
    expect(typesOf(came)).toBe('payment.created,payment.captured');
    for (const arrival of came) {
      expect(await verdicts(arrival, shop.secret)).toEqual(all(true));
      const forged = { ...arrival, body: arrival.body.replace('1999', '1998') };
      expect(await verdicts(forged, shop.secret)).toEqual(all(false));
      expect(await verdicts(arrival, held.secret)).toEqual(all(false));
      expect(arrival.headers['webhook-id']).toBe(eventOf(arrival).id);
    }
  });

  it('[WHK-3] is signed with both secrets after a rotation, whose own is told once', async () => {
    const key = `rotate-${shop.at}`;
    const { json: next, text } = await us('POST', `${shop.at}/rotate_secret`, { key, body: {} });
    const again = await us('POST', `${shop.at}/rotate_secret`, { key, body: {} });
    expect(again.headers.get('Idempotent-Replayed')).toBe('true');
    expect(again.json).toEqual({ ...next, secret: null });
    expect(text).toContain(next.secret);
    // So long may whoever delivers go by what it read before.
    await new Promise((resolve) => setTimeout(resolve, cacheLimits.receiverMs));
    const test = await us('POST', `${shop.at}/test`, { body: {} });
    expect(test.status).toBe(201);
    const [tested] = await comes(() => arrivals().filter((each) => eventOf(each).data.id === test.json.id), 1);
    if (tested === undefined) throw new Error('the test did not come');
    expect(eventOf(tested).type).toBe('webhook_endpoint.tested');
    for (const secret of [shop.secret, next.secret]) expect(await verdicts(tested, secret)).toEqual(all(true));
  });
});

describe('[WHK-2] deliveries', () => {
  it('that fail hold up what is behind them until they are skipped, and can be retried', async () => {
    receiver?.answers(503);
    const payment = await pay();
    await eventually(
      () => statusesOf(shop, payment),
      (statuses) => statuses === 'pending,blocked',
    );
    const [first, second] = await deliveriesOf(shop, payment);
    expect([first?.attempts.map(({ status }) => status), second?.attempts]).toEqual([[503], []]);
    expect((await us('POST', `/v1/deliveries/${second?.id}/retry`, { body: {} })).json.code).toBe('delivery_blocked');
    receiver?.answers(200);
    expect((await us('POST', `/v1/deliveries/${first?.id}/skip`, { body: {} })).json.status).toBe('skipped');
    expect(
      await eventually(
        () => statusesOf(shop, payment),
        (statuses) => statuses === 'skipped,succeeded',
      ),
    ).toBe('skipped,succeeded');
    expect((await us('POST', `/v1/deliveries/${first?.id}/retry`, { body: {} })).status).toBe(200);
    const attempted = await eventually(
      async (): Promise<Delivery> => (await us('GET', `/v1/deliveries/${first?.id}`)).json,
      ({ status }) => status === 'succeeded',
    );
    expect(attempted.attempts.map(({ status }) => status)).toEqual([503, 200]);
  });

  it('to an endpoint that is disabled are parked, and go out in order when it is enabled', async () => {
    expect((await us('PATCH', shop.at, { body: { status: 'disabled' } })).json.status).toBe('disabled');
    // So long may whoever delivers go by what it read before.
    await new Promise((resolve) => setTimeout(resolve, cacheLimits.receiverMs));
    const payment = await pay();
    expect(
      await eventually(
        () => statusesOf(shop, payment),
        (statuses) => statuses === 'parked,parked',
      ),
    ).toBe('parked,parked');
    expect(cameTo(shop, payment)).toEqual([]);
    await us('PATCH', shop.at, { body: { status: 'enabled' } });
    expect(typesOf(await comes(() => cameTo(shop, payment), 2))).toBe('payment.created,payment.captured');
  });

  it('are replayed from a window, each under its event’s id', async () => {
    const late = await endpointAt('/late', ['payment.captured']);
    const body = { from: daySince };
    const replay = await us('POST', `${late.at}/replay`, { body });
    expect(replay.status).toBe(201);
    const listEvents = async (): Promise<{ id: string; type: string }[]> =>
      (await us('GET', '/v1/events?limit=100')).json.data;
    const captured = (await listEvents()).filter(({ type }) => type === 'payment.captured').map(({ id }) => id);
    expect(captured.length).toBeGreaterThan(2);
    // At least once: an answer that came too late for us brings the same event again.
    const came = await eventually(
      async () =>
        new Set(arrivals().flatMap(({ path, headers }) => (path === late.path ? [headers['webhook-id']] : []))),
      ({ size }) => size >= captured.length,
    );
    expect([...came].sort()).toEqual(captured.sort());
    // A delivery is listed once its attempt is recorded, which is after it came.
    const [delivery] = await eventually(
      async () => (await us('GET', `${late.at}/deliveries`)).json.data,
      ({ length }) => length > 0,
    );
    expect(delivery.replay).toBe(replay.json.id);
    expect((await us('DELETE', late.at)).json.status).toBe('deleted');
  });

  it('end with their endpoint', async () => {
    expect((await us('DELETE', shop.at)).json.status).toBe('deleted');
    expect((await us('DELETE', shop.at)).json.status).toBe('deleted');
    expect((await us('GET', shop.at)).json.code).toBe('webhook_endpoint_not_found');
    const left = (await us('GET', '/v1/webhook_endpoints')).json.data;
    expect(left.map(({ id }: { id: string }) => `/v1/webhook_endpoints/${id}`)).toEqual([held.at]);
  });
});

describe('what strongroom trigger promises', () => {
  it('comes about, event by event', async () => {
    const client = strongroom({ key: secretKey(), baseUrl: cloud.ready.api.us });
    const { 'webhook_endpoint.tested': _, ...alone } = scenarios;
    const wanted = Object.entries(alone);
    // Some share their calls: those are made once.
    const played = new Map<Scenario, Promise<string>>();
    const once = (scenario: Scenario): Promise<string> => {
      const object = played.get(scenario) ?? scenario.play(client);
      played.set(scenario, object);
      return object;
    };
    const hands = Array.from({ length: 4 }, async () => {
      for (let next = wanted.shift(); next !== undefined; next = wanted.shift()) {
        const [type, scenario] = next;
        const event = await trigger(client, type, { ...scenario, play: () => once(scenario) });
        expect(event.type).toBe(type);
      }
    });
    await Promise.all(hands);
    expect(played.size).toBeGreaterThan(10);
  });
});

describe('[WHK-2] a receiver that is back', () => {
  it('gets everything that was held for it, once, in order', { timeout: thirdRetryMs + 3 * patienceMs }, async () => {
    const came = await eventually(
      async () => cameTo(held, heldPayment),
      (found) => found.length >= 3,
      thirdRetryMs + patienceMs,
    );
    expect(typesOf(came)).toBe('payment.authorized,capture.created,capture.succeeded');
    const settled = await eventually(
      () => statusesOf(held, heldPayment),
      (statuses) => statuses === 'succeeded,succeeded,succeeded',
    );
    expect(settled).toBe('succeeded,succeeded,succeeded');
    const [first, ...others] = await deliveriesOf(held, heldPayment);
    // A machine that took long to start again has attempted it in vain meanwhile.
    const outcomes = first?.attempts.map(({ outcome }) => outcome) ?? [];
    expect(outcomes.at(-1)).toBe('succeeded');
    expect(new Set(outcomes.slice(0, -1))).toEqual(new Set(['unanswered']));
    for (const { attempts } of others) expect(attempts.at(-1)?.outcome).toBe('succeeded');
    for (const arrival of came) expect(await verdicts(arrival, held.secret)).toEqual(all(true));
    expect(cameTo(held, heldPayment)).toHaveLength(3);
    await us('DELETE', held.at);
  });
  afterAll(() => receiver?.close());
});

describe('strongroom listen', () => {
  const listen = (...more: string[]): CommandRun => runCommand('listen', '--state', state, ...more);
  const line = (run: CommandRun, kind: string, which: (line: Record<string, unknown>) => boolean = () => true) =>
    eventually(
      async () => run.json().find((each) => each.kind === kind && which(each)),
      (found) => found !== undefined,
    );
  let running: CommandRun;
  let target: Receiver;
  let started: Record<string, unknown> | undefined;
  afterAll(async () => {
    target?.close();
    await running?.stop();
  });

  it('forwards deliveries as they are, and tells of each', async () => {
    target = await openReceiver();
    running = listen('--json', '--forward-to', `${target.url}/hooks`, '--events', 'payment.captured,payment.failed');
    started = await line(running, 'listening');
    const payment = await pay();
    const [came] = await comes(() => [...target.arrivals], 1);
    if (came === undefined) throw new Error('nothing came');
    expect(await verdicts(came, String(started?.secret))).toEqual(all(true));
    expect([came.path, came.headers.host]).toEqual(['/hooks', new URL(target.url).host]);
    expect(came.headers).toMatchObject({ 'user-agent': 'Strongroom-Webhooks/1' });
    const printed = await line(running, 'delivery');
    expect(printed).toMatchObject({
      type: 'payment.captured',
      object: payment,
      attempt: 1,
      status: 200,
      verified: true,
    });
    expect(printed?.event).toBe(came.headers['webhook-id']);
  });

  it('gives a refused connection back as 502, which is attempted again', async () => {
    target.close();
    const payment = await pay({ payment_method: 'pm_test_declined' });
    const printed = await line(running, 'delivery', ({ object }) => object === payment);
    expect(printed).toMatchObject({
      type: 'payment.failed',
      status: 502,
      trouble: `${target.url}/hooks refuses the connection`,
    });
    const endpoint = { at: `/v1/webhook_endpoints/${started?.endpoint}`, path: '', secret: '' };
    const [delivery] = await eventually(
      () => deliveriesOf(endpoint, payment),
      (found) => found.length > 0,
    );
    expect(delivery).toMatchObject({ status: 'pending', attempts: [{ outcome: 'rejected', status: 502 }] });
  });

  it('is told of somebody who listens already', async () => {
    const second = listen();
    expect(await second.ended).toBe(1);
    expect(second.errors()).toContain(`strongroom listen already runs: process ${running.pid}`);
  });

  it('rests its endpoint when it stops, and goes on with the same secret, even after a kill -9', async () => {
    const goesOn = async (): Promise<void> => {
      running = listen('--json', '--events', 'payment.captured');
      const again = await line(running, 'listening');
      expect([again?.endpoint, again?.secret]).toEqual([started?.endpoint, started?.secret]);
    };
    expect(await running.stop()).toBe(0);
    expect((await us('GET', `/v1/webhook_endpoints/${started?.endpoint}`)).json.status).toBe('disabled');
    const meanwhile = await pay();
    await goesOn();
    expect(await line(running, 'delivery', ({ object }) => object === meanwhile)).toMatchObject({ status: 200 });
    await running.kill();
    await goesOn();
    const test = runCommand('trigger', 'webhook_endpoint.tested', '--state', state);
    expect([await test.ended, test.errors()]).toEqual([0, '']);
    const tested = await line(running, 'delivery', ({ type }) => type === 'webhook_endpoint.tested');
    expect(tested).toMatchObject({ status: 200, verified: true });
    expect(await running.stop()).toBe(0);
  });
});
