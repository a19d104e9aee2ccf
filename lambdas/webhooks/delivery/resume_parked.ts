// Resumes what is parked at an endpoint, the oldest first: all of it, a step at a time, once the endpoint was enabled or
// answers again; a single delivery where the endpoint is to be probed. Where the endpoint was deleted each step cancels.

import { webhookLimits as limits } from '../../../contract/webhooks/limits.ts';
import { duePage, walkShard } from '../../kernel/store/due.ts';
import type { Item } from '../../kernel/store/row.ts';
import { cancel, type Delivery, postpone } from '../domain/delivery.ts';
import { type MessageOf, postFollowing } from '../message.ts';
import { loadDelivery } from '../store/deliveries.ts';
import { deliveriesOf, parkedPage } from '../store/due.ts';
import { loadEndpoint } from '../store/endpoints.ts';
import { clearDue, resetFailures } from '../store/health.ts';
import type { DeliverPorts } from './ports.ts';
import { scheduleNext, settle } from './record.ts';
import type { Work } from './work.ts';

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
  if (status !== 'enabled' && status !== 'deleted') {
    if (probeDue) await neverProbe();
    return;
  }
  const isSilent = status !== 'deleted' && health.consecutive_timeouts >= limits.timeoutsToOpenCircuit;
  // Silent again: its circuit says when it is probed next.
  if (reason === 'endpoint_answered' && isSilent) return;
  if (reason === 'endpoint_changed') await resetFailures(platform, message, id);
  const probe = probeDue && isSilent;
  const resume = status === 'deleted' ? cancel : (now: Delivery) => postpone(now, platform.clock());
  let found = 0;
  const resumePage = async (items: readonly Item[]): Promise<void> => {
    found += items.length;
    await resumeEach(ports, message, deliveriesOf(items), resume, work);
  };
  if (probe) await resumePage((await duePage(platform, parkedPage(id, 1))).items);
  else await walkShard(platform, parkedPage(id, limits.eventsPerStep), work.stopMs, resumePage);
  // Nothing is parked, nor will show in the index: it is due no more.
  const settledMs = health.open_until_ms + limits.provisionalDelayMs;
  if (probeDue && found === 0 && platform.clock() > settledMs) await neverProbe();
  if (found === 0 || probe) return;
  // The index learns late of what was resumed: after a short wait the next look sees the rest. At the end of a chain the
  // dispatcher looks: the endpoint is due.
  await postFollowing(platform, work, [{ message: { ...message, reason: 'endpoint_answered' }, afterMs: 1_000 }]);
}

async function resumeEach(
  ports: DeliverPorts,
  message: MessageOf<'resume_parked'>,
  parked: readonly string[],
  resume: (now: Delivery) => Delivery,
  work: Work,
): Promise<void> {
  const { platform } = ports;
  const decide = (now: Delivery) => (now.status === 'parked' ? { fact: null, next: resume(now) } : null);
  for (const id of parked) {
    if (platform.clock() >= work.stopMs) return;
    const before = await loadDelivery(platform, message, id);
    if (before?.value.status !== 'parked') continue;
    const resumed = await settle(ports, { before, value: before.value }, decide, work.requestId);
    await scheduleNext(ports, resumed, work);
  }
}
