// Takes up what is parked at an endpoint, the oldest first: all of it, a step at a time, once the endpoint was enabled or
// answers again; a single delivery when it is to be tried. Where the endpoint was deleted, each step lets them go.

import { webhookLimits as limits } from '../../../contract/webhooks/limits.ts';
import { cancel, type Delivery, postpone } from '../domain/delivery.ts';
import { type MessageOf, post } from '../message.ts';
import { endpointRow, loadDelivery, loadOwned, parkedDeliveries, resetFailures, restCircuit } from '../store.ts';
import type { Work } from './initial_attempt.ts';
import type { DeliverPorts } from './ports.ts';
import { scheduleNext, settle } from './record.ts';

export async function resumeParked(ports: DeliverPorts, message: MessageOf<'take_up'>, work: Work): Promise<void> {
  const { platform } = ports;
  ports.receivers.forget(message.endpoint);
  const [endpoint, { health }] = await Promise.all([
    // An old answer would say that it is still disabled, and nobody would come again.
    loadOwned(platform, endpointRow, message, message.endpoint),
    ports.receivers.get(message, message.endpoint),
  ]);
  if (endpoint === undefined) return;
  const rest = () => restCircuit(platform, message, message.endpoint, health.open_until_ms);
  if (endpoint.value.status === 'disabled') return message.because === 'due' ? rest() : undefined;
  const deleted = endpoint.value.status === 'deleted';
  const silent = !deleted && health.consecutive_timeouts >= limits.timeoutsToOpenCircuit;
  // Silent again: its circuit says when it is tried next.
  if (message.because === 'answered' && silent) return;
  if (message.because === 'enabled') await resetFailures(platform, message, message.endpoint);
  const probe = message.because === 'due' && silent;
  const page = await parkedDeliveries(platform, message.endpoint, probe ? 1 : limits.eventsPerStep);
  // Nothing waits for it, nor will show in the index: it is due no more.
  const settledMs = health.open_until_ms + limits.placeholderMs;
  if (message.because === 'due' && page.length === 0 && platform.clock() > settledMs) await rest();
  const taken = (delivery: Delivery): Delivery => (deleted ? cancel(delivery) : postpone(delivery, platform.clock()));
  for (const parked of page) {
    if (platform.clock() >= work.stopMs) break;
    const found = await loadDelivery(platform, message, parked);
    if (found?.value.status !== 'parked') continue;
    const decide = (now: Delivery) => (now.status === 'parked' ? { fact: null, next: taken(now) } : null);
    await scheduleNext(ports, await settle(ports, found, found.value, decide, work.requestId));
  }
  if (page.length === 0 || probe) return;
  // The index tells late what was taken up: a short wait, then the next step sees the rest.
  await post(platform, [{ message: { ...message, because: 'answered' }, afterMs: 1_000 }]);
}
