// Takes up what is parked at an endpoint, the oldest first: all of it, a step at a time, once the endpoint was enabled or
// answers again; a single delivery when it is to be tried. Where the endpoint was deleted, each step lets them go.

import { webhookLimits as limits } from '../../contract/limits.ts';
import { cancel, type Delivery, postpone } from '../domain/delivery.ts';
import { forgive, loadDelivery, parkedDeliveries, restCircuit, well } from '../store/webhooks.ts';
import type { Work } from './first.ts';
import { type MessageOf, post } from './message.ts';
import type { DeliverPorts } from './ports.ts';
import { follow, settle } from './record.ts';

export async function takeUp(ports: DeliverPorts, message: MessageOf<'take_up'>, work: Work): Promise<void> {
  const { platform } = ports;
  ports.receivers.forget(message.endpoint);
  const { endpoint, health } = await ports.receivers.get(message, message.endpoint);
  if (endpoint === undefined || endpoint.value.status === 'disabled') return;
  const deleted = endpoint.value.status === 'deleted';
  const probe = message.because === 'due' && !deleted;
  // Silent again: its circuit says when it is tried next.
  if (message.because === 'answered' && !deleted && health.silences >= limits.silencesToOpenCircuit) return;
  if (message.because === 'enabled' && health !== well) await forgive(platform, message, message.endpoint);
  const page = await parkedDeliveries(platform, message.endpoint, probe ? 1 : limits.eventsPerStep);
  // Whatever comes next tries it.
  if (probe && page.length === 0) await restCircuit(platform, message, message.endpoint, health.open_until_ms);
  const taken = (delivery: Delivery): Delivery => (deleted ? cancel(delivery) : postpone(delivery, platform.clock()));
  for (const parked of page) {
    if (platform.clock() >= work.stopMs) break;
    const found = await loadDelivery(platform, message, parked);
    if (found?.value.status !== 'parked') continue;
    const decide = (now: Delivery) => (now.status === 'parked' ? { fact: null, next: taken(now) } : null);
    await follow(ports, await settle(ports, found, found.value, decide, work.requestId));
  }
  if (page.length === 0 || probe) return;
  // The index tells late what was taken up: a short wait, then the next step sees the rest.
  const next = message.because === 'enabled' ? ({ ...message, because: 'answered' } as const) : message;
  await post(platform, [{ message: next, afterMs: 1_000 }]);
}
