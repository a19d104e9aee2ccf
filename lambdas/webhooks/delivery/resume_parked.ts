// Resumes what is parked at an endpoint, the oldest first: all of it, a step at a time, once the endpoint was enabled or
// answers again; a single delivery where the endpoint is to be probed. Where the endpoint was deleted each step cancels.

import { webhookLimits as limits } from '../../../contract/webhooks/limits.ts';
import { cancel, type Delivery, postpone } from '../domain/delivery.ts';
import { type MessageOf, post } from '../message.ts';
import { loadDelivery } from '../store/deliveries.ts';
import { parkedDeliveries } from '../store/due.ts';
import { loadEndpoint } from '../store/endpoints.ts';
import { clearDue, resetFailures } from '../store/health.ts';
import type { Work } from './initial_attempt.ts';
import type { DeliverPorts } from './ports.ts';
import { scheduleNext, settle } from './record.ts';

export async function resumeParked(
  ports: DeliverPorts,
  message: MessageOf<'resume_parked'>,
  work: Work,
): Promise<void> {
  const { platform } = ports;
  const { endpoint: id, reason } = message;
  ports.receivers.forget(id);
  const [endpoint, { health }] = await Promise.all([
    // A stale read would say that it is still disabled, and no other message would come.
    loadEndpoint(platform, message, id),
    ports.receivers.get(message, id),
  ]);
  if (endpoint === undefined) return;
  const { status } = endpoint.value;
  const probeDue = reason === 'probe_due';
  const neverProbe = () => clearDue(platform, message, id, health.open_until_ms);
  if (status === 'disabled') {
    if (probeDue) await neverProbe();
    return;
  }
  const isSilent = status !== 'deleted' && health.consecutive_timeouts >= limits.timeoutsToOpenCircuit;
  // Silent again: its circuit says when it is probed next.
  if (reason === 'endpoint_answered' && isSilent) return;
  if (reason === 'endpoint_changed') await resetFailures(platform, message, id);
  const probe = probeDue && isSilent;
  const parked = await parkedDeliveries(platform, id, probe ? 1 : limits.eventsPerStep);
  // Nothing is parked, nor will show in the index: it is due no more.
  const settledMs = health.open_until_ms + limits.provisionalDelayMs;
  if (probeDue && parked.length === 0 && platform.clock() > settledMs) await neverProbe();
  const resume = status === 'deleted' ? cancel : (now: Delivery) => postpone(now, platform.clock());
  await resumeEach(ports, message, parked, resume, work);
  if (parked.length === 0 || probe) return;
  // The index learns late of what was resumed: after a short wait the next step sees the rest.
  await post(platform, [{ message: { ...message, reason: 'endpoint_answered' }, afterMs: 1_000 }]);
}

async function resumeEach(
  ports: DeliverPorts,
  message: MessageOf<'resume_parked'>,
  parked: readonly string[],
  resume: (now: Delivery) => Delivery,
  { requestId, stopMs }: Work,
): Promise<void> {
  const { platform } = ports;
  const decide = (now: Delivery) => (now.status === 'parked' ? { fact: null, next: resume(now) } : null);
  for (const id of parked) {
    if (platform.clock() >= stopMs) return;
    const before = await loadDelivery(platform, message, id);
    if (before?.value.status !== 'parked') continue;
    await scheduleNext(ports, await settle(ports, { before, value: before.value }, decide, requestId));
  }
}
