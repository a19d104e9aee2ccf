// Takes up what is parked at an endpoint: a step at a time, the oldest first; of one that did not answer for a while a
// single delivery, to try it. Where the endpoint was deleted, the same step lets them go.

import { webhookLimits as limits } from '../../contract/limits.ts';
import { cancel, type Delivery, postpone } from '../domain/delivery.ts';
import { loadDelivery, parkedDeliveries } from '../store/webhooks.ts';
import type { Work } from './first.ts';
import { type MessageOf, post } from './message.ts';
import type { DeliverPorts } from './ports.ts';
import { follow, settle } from './record.ts';

export async function takeUp(ports: DeliverPorts, message: MessageOf<'take_up'>, work: Work): Promise<void> {
  const { platform } = ports;
  ports.receivers.forget(message.endpoint);
  const { endpoint, health } = await ports.receivers.get(message, message.endpoint);
  if (endpoint === undefined || endpoint.value.status === 'disabled') return;
  const taken = (delivery: Delivery): Delivery =>
    endpoint.value.status === 'deleted' ? cancel(delivery) : postpone(delivery, platform.clock());
  const tried = health.silences >= limits.silencesToOpenCircuit;
  const page = await parkedDeliveries(platform, message.endpoint, tried ? 1 : limits.eventsPerStep);
  for (const parked of page) {
    if (platform.clock() >= work.stopMs) break;
    const found = await loadDelivery(platform, message, parked);
    if (found?.value.status !== 'parked') continue;
    const decide = (now: Delivery) => (now.status === 'parked' ? { fact: null, next: taken(now) } : null);
    await follow(ports, await settle(ports, found, found.value, decide, work.requestId));
  }
  // The index tells late what was taken up: a short wait, then the next step sees the rest.
  if (page.length > 0 && !tried) await post(platform, [{ message, afterMs: 1_000 }]);
}
