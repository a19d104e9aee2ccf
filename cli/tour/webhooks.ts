// The chapters on webhooks: a delivery that is verified, a receiver that fails and recovers, a secret that is rotated. The
// receiver listens where `strongroom listen` would.

import { cacheLimits } from '../../contract/kernel/limits.ts';
import { WebhookVerificationError, webhooks } from '../../sdk/src/index.ts';
import { type Arrival, openReceiver, type Receiver } from './receiver.ts';
import { type Caller, dataOf, type Tour, text } from './steps.ts';
import type { Sent } from './wire.ts';

const order = { amount: 1999, currency: 'EUR', payment_method: 'pm_test_visa' };
const deliveryFields = ['id', 'event_type', 'status', 'due_at'];

export async function showWebhooks(day: Tour, shop: Caller): Promise<void> {
  const receiver = await openReceiver(day.listen);
  try {
    const { path, secret } = await verified(day, shop, receiver);
    await recovered(day, shop, receiver, path);
    await rotated(day, shop, receiver, { path, secret });
  } finally {
    receiver.close();
  }
}

/** Pays, and waits for the delivery of its event. */
async function paid(day: Tour, shop: Caller, receiver: Receiver, key: string): Promise<Arrival> {
  const before = receiver.arrivals.length;
  await day.send({ method: 'POST', path: '/v1/payments', as: shop, key, body: order }, 201);
  const arrival = await day.eventually('the delivery comes', () => receiver.arrivals[before]);
  const { 'webhook-id': id, 'webhook-signature': signatures } = arrival.headers;
  day.arrived(`webhook-id: ${id}, webhook-signature: ${signatures}, answered ${arrival.answered}`);
  return arrival;
}

/** The event that the library returns, or the error that it throws. */
const verify = ({ body, headers }: Arrival, secret: string) =>
  webhooks.verify(body, headers, secret).catch((thrown: unknown) => {
    if (thrown instanceof WebhookVerificationError) return thrown;
    throw thrown;
  });

async function holdsSigned(day: Tour, arrival: Arrival, secret: string, which: string): Promise<void> {
  const event = await verify(arrival, secret);
  day.holds(`it is verified with ${which}`, !(event instanceof Error), String(event));
}

async function verified(day: Tour, shop: Caller, receiver: Receiver): Promise<{ path: string; secret: string }> {
  day.chapter('A webhook, and its signature');
  const body = { url: `${day.listen}/webhooks`, events: ['payment.captured'] };
  const sent: Sent = { method: 'POST', path: '/v1/webhook_endpoints', as: day.owner, key: 'endpoint-1', body };
  const endpoint = await day.send(sent, 201, ['id', 'url', 'events', 'status']);
  const secret = text(endpoint, 'secret');
  const arrival = await paid(day, shop, receiver, 'order-10');
  await holdsSigned(day, arrival, secret, 'the endpoint’s secret');
  const forged = await verify({ ...arrival, body: arrival.body.replace('1999', '1998') }, secret);
  day.holds('one byte changed is refused', forged instanceof Error, String(forged));
  day.says('Verified with the SDK: `await webhooks.verify(body, headers, secret)`. With one byte changed it throws.');
  return { path: `/v1/webhook_endpoints/${text(endpoint, 'id')}`, secret };
}

async function recovered(day: Tour, shop: Caller, receiver: Receiver, path: string): Promise<void> {
  day.chapter('A receiver that fails');
  receiver.answers(503);
  const arrival = await paid(day, shop, receiver, 'order-11');
  const event = arrival.headers['webhook-id'];
  const tried = await day.eventually('the attempt is recorded', async () =>
    dataOf(await day.read(`${path}/deliveries`, day.owner)).find((delivery) => delivery.event === event),
  );
  const at = `/v1/deliveries/${tried.id}`;
  await day.send({ method: 'GET', path: at, as: day.owner }, 200, deliveryFields);
  day.holds('it failed, and is due again', tried.status === 'pending' && tried.due_at !== null, tried);
  receiver.answers(200);
  await day.send({ method: 'POST', path: `${at}/retry`, as: day.owner, key: 'retry-1', body: {} }, 200, deliveryFields);
  const done = await day.eventually('it is delivered', async () => {
    const now = await day.read(at, day.owner);
    return now.status === 'succeeded' ? now : undefined;
  });
  const attempts = dataOf({ data: done.attempts });
  day.table([
    ['attempt', 'at', 'outcome', 'status', 'ms'],
    ...attempts.map(({ number, at: when, outcome, status, latency_ms }) =>
      [number, String(when).slice(11, 23), outcome, status, latency_ms].map(String),
    ),
  ]);
  day.holds('both attempts are there', `${attempts.map(({ status }) => status)}` === '503,200', done);
  const again = receiver.arrivals.at(-1);
  day.holds('the same event came again', again?.headers['webhook-id'] === event, again?.headers);
  day.says(
    'It would have been attempted again by itself after 15 s, and up to eight times in a day; we asked for it at once.',
  );
}

async function rotated(
  day: Tour,
  shop: Caller,
  receiver: Receiver,
  { path, secret }: { readonly path: string; readonly secret: string },
): Promise<void> {
  day.chapter('A new secret');
  const rotate: Sent = { method: 'POST', path: `${path}/rotate_secret`, as: day.owner, key: 'rotate-1', body: {} };
  const next = text(await day.send(rotate, 201, ['id', 'webhook_endpoint']), 'secret');
  // The function that delivers caches an endpoint for so long.
  await day.pause(cacheLimits.receiverMs);
  const arrival = await paid(day, shop, receiver, 'order-12');
  await holdsSigned(day, arrival, next, 'the new secret');
  await holdsSigned(day, arrival, secret, 'the old secret');
  await day.send({ method: 'DELETE', path, as: day.owner }, 200, ['id', 'status']);
  day.says('Two signatures, for 24 hours: a receiver changes to the new secret at any time within them.');
}
